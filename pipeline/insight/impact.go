package insight

import (
	"cmp"
	"slices"
	"strings"
)

// KPI is a share of good answers minus the share of bad ones, in points
// (-100..100; CSAT 0..100).
type KPI string

// The KPIs.
const (
	NPS          KPI = "nps"           // answers 9-10 less answers 0-6
	CSAT         KPI = "csat"          // answers 4-5
	NetSentiment KPI = "net_sentiment" // positive less negative texts
)

// KPIs are all of them.
func KPIs() []KPI { return []KPI{NPS, CSAT, NetSentiment} }

// Title is the KPI in a sentence.
func (k KPI) Title() string {
	if k == NetSentiment {
		return "net sentiment"
	}
	return strings.ToUpper(string(k))
}

// Votes sums up the answers of a KPI: Balance is the good ones less the bad ones.
type Votes struct{ Answers, Balance float64 }

// less is what is left without other votes.
func (v Votes) less(other Votes) Votes {
	return Votes{v.Answers - other.Answers, v.Balance - other.Balance}
}

func (v Votes) plus(other Votes) Votes {
	return Votes{v.Answers + other.Answers, v.Balance + other.Balance}
}

// points is the KPI, 0 without answers.
func (v Votes) points() float64 {
	if v.Answers == 0 {
		return 0
	}
	return 100 * v.Balance / v.Answers
}

// removal is how many points a KPI would gain without the answers that are gone:
// the same as if those customers had answered like the others.
func removal(all, gone Votes) float64 { return all.less(gone).points() - all.points() }

// TopicVotes are the answers of one group of customers whose feedback complains
// of a topic; those of Topic "" are all answers.
type TopicVotes struct {
	Topic string
	Group uint8 // below JackknifeGroups
	Votes map[KPI]Votes
}

// Impact is how many points of a KPI the complaints about a topic cost: what it
// would be without the answers that complain, less what it is. Positive: they cost.
type Impact struct {
	Topic   string  `json:"topic"`
	KPI     KPI     `json:"kpi"`
	Points  float64 `json:"points"`
	Low     float64 `json:"low"` // 95 %
	High    float64 `json:"high"`
	Events  int     `json:"events"`  // answers that complain
	Answers int     `json:"answers"` // all
	Value   float64 `json:"value"`   // the KPI as it is
}

// minImpactEvents is how many answers must complain for an interval to hold.
const minImpactEvents = 5

// Impacts measures every topic on every KPI, the costliest of each KPI first.
func Impacts(counted []TopicVotes) []Impact {
	out := []Impact{}
	for _, kpi := range KPIs() {
		topics, all := map[string]*[JackknifeGroups]Votes{}, new([JackknifeGroups]Votes)
		for _, c := range counted {
			groups := all
			if c.Topic != "" {
				if groups = topics[c.Topic]; groups == nil {
					groups = new([JackknifeGroups]Votes)
					topics[c.Topic] = groups
				}
			}
			g := c.Group % JackknifeGroups
			groups[g] = groups[g].plus(c.Votes[kpi])
		}
		var of []Impact
		for topic, gone := range topics {
			if i := newImpact(all, gone); i.Events >= minImpactEvents && i.Events < i.Answers {
				i.Topic, i.KPI = topic, kpi
				of = append(of, i)
			}
		}
		slices.SortFunc(of, func(a, b Impact) int {
			return cmp.Or(cmp.Compare(b.Points, a.Points), strings.Compare(a.Topic, b.Topic))
		})
		out = append(out, of...)
	}
	return out
}

// PickImpacts are those on a KPI ("" for all) of a topic and those below it ("" for all).
func PickImpacts(all []Impact, kpi KPI, topic string) []Impact {
	return slices.DeleteFunc(slices.Clone(all), func(i Impact) bool {
		return kpi != "" && i.KPI != kpi || topic != "" && !within(i.Topic, topic)
	})
}

// within tells whether a topic is another or below it: service.speed is in service.
func within(topic, above string) bool {
	return topic == above || strings.HasPrefix(topic, above+".")
}

func newImpact(all, gone *[JackknifeGroups]Votes) Impact {
	var allSum, goneSum Votes
	for g := range all {
		allSum, goneSum = allSum.plus(all[g]), goneSum.plus(gone[g])
	}
	e := estimate{value: removal(allSum, goneSum)}
	for g := range all {
		e.without[g] = removal(allSum.less(all[g]), goneSum.less(gone[g]))
	}
	i := Impact{Points: e.value, Events: int(goneSum.Answers), Answers: int(allSum.Answers), Value: allSum.points()}
	i.Low, i.High = e.interval()
	return i
}
