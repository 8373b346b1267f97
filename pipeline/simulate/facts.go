package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Fact is one thing planted into the chain's life, to be found again in the
// feedback. An empty dimension means any. Weekdays are ISO (Monday 1), hours
// are local, [From, To) bounds the time of the event.
type Fact struct {
	Name      string    `json:"name"`
	Sentence  string    `json:"sentence"`
	Topic     string    `json:"topic"`
	Sentiment string    `json:"sentiment"`
	Locations []string  `json:"locations"`
	City      string    `json:"city,omitempty"`
	Weekdays  []int     `json:"weekdays"`
	Hours     []int     `json:"hours"`
	Product   string    `json:"product,omitempty"`
	Agent     string    `json:"agent,omitempty"`
	Partner   string    `json:"delivery_partner,omitempty"` // attribute of the same name
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`

	// Lift is the planted factor on the rate of negative mentions against
	// comparable visits elsewhere; the rest is what came out of it.
	Lift     float64 `json:"lift"`
	Mentions int     `json:"mentions"` // negative mentions of the topic inside
	Exposure int     `json:"exposure"` // comparable events inside
	Baseline float64 `json:"baseline"` // rate of negative mentions among comparable events outside
	Observed float64 `json:"observed_lift"`
}

// planted is a Fact in the form the generator asks for it.
type planted struct {
	Fact
	topic   int
	places  []int // indices of Locations; empty: all
	agent   int   // 1 + index of the agent of the one place; 0: any
	partner int   // 1 + index of the delivery partner; 0: any
}

// covers tells whether the visit is inside the fact.
func (f *planted) covers(v *visit) bool {
	switch {
	case v.at.Before(f.From) || !v.at.Before(f.To),
		len(f.places) > 0 && !slices.Contains(f.places, v.place),
		len(f.Weekdays) > 0 && !slices.Contains(f.Weekdays, isoWeekday(v.at)),
		len(f.Hours) > 0 && !slices.Contains(f.Hours, v.at.Hour()),
		f.Product != "" && f.Product != v.product,
		f.agent != 0 && f.agent != v.agent,
		f.partner != 0 && f.partner != v.partner:
		return false
	}
	return true
}

// comparable tells whether the visit could be inside the fact at another place
// or time: a delivered order is compared with delivered orders only.
func (f *planted) comparable(v *visit) bool {
	return topics[f.topic].fits(v) &&
		(f.Product == "" || v.product != "") && (f.agent == 0 || v.agent != 0) && (f.partner == 0 || v.partner != 0)
}

// plan is everything planted, and the decoy: a location that is busy at all
// hours, so that volume alone proves nothing.
type plan struct {
	facts   []planted
	busy    int // index of the decoy, -1 in a chain too small for one
	spoiled *planted
}

// crowd is a plan's factor on the traffic of a place.
func (p *plan) crowd(place int, t time.Time) float64 {
	factor := 1.0
	if place == p.busy {
		factor = 2.5
	}
	if s := p.spoiled; s != nil && slices.Contains(s.places, place) && !t.Before(s.From) && t.Before(s.To) {
		factor *= 1.4 // who fell ill speaks up
	}
	return factor
}

// factor is the plan's factor on the rate of negative mentions of a topic.
func (p *plan) factor(topic int, v *visit) float64 {
	factor := 1.0
	for i := range p.facts {
		if f := &p.facts[i]; f.topic == topic && f.covers(v) {
			factor *= f.Lift
		}
	}
	return factor
}

// planner deals the locations out to the facts.
type planner struct {
	chain *Chain
	order []int
	rng   *rand.Rand
}

// take removes up to n locations that nothing is planted at yet; a chain too
// small shares.
func (p *planner) take(n int) []int {
	if len(p.order) < n {
		p.order = append(p.order, p.rng.Perm(len(p.chain.places))...)
	}
	taken := slices.Clone(p.order[:min(n, len(p.order))])
	p.order = p.order[len(taken):]
	slices.Sort(taken)
	return slices.Compact(taken)
}

// day returns the start of the n-th day.
func (p *planner) day(n int) time.Time { return p.chain.opts.Start.AddDate(0, 0, n) }

// newPlan plants the six facts. Their days are those of a chain of 180 days and
// shrink with it.
func newPlan(c *Chain, rng *rand.Rand) plan {
	p := &planner{chain: c, order: rng.Perm(len(c.places)), rng: rng}
	days := c.opts.Days
	at := func(day int) int { return min(day, days*day/180) }
	end := p.day(days)
	out := plan{busy: -1}

	slow := p.take(3)
	if len(c.places) > 3 {
		out.busy = p.take(1)[0]
	}
	rude, dirty, sick := p.take(1), p.take(1), p.take(6)
	for _, i := range slices.Concat(slow, rude, dirty) {
		c.places[i].size = max(c.places[i].size, 1.1) // enough guests to tell
	}
	agent := rng.IntN(agentsPerPlace)
	partner := rng.IntN(len(partners))
	town := rng.IntN(min(len(cities), len(c.places)))
	batch := at(100)
	out.facts = []planted{
		{topic: topicIndex(speed), places: slow, Fact: Fact{Name: "slow_peak", Lift: 8, Weekdays: []int{5, 6}, Hours: []int{18, 19},
			From: p.day(0), To: end, Sentence: "slow service on Friday and Saturday from 18 to 20 h"}},
		{topic: topicIndex(lateness), places: c.inCity(town), partner: partner + 1, Fact: Fact{Name: "delivery_partner", Lift: 6, City: cities[town].name,
			Partner: partners[partner], From: p.day(at(60)), To: end, Sentence: partners[partner] + " fails its deliveries in " + cities[town].name}},
		{topic: topicIndex(staff), places: rude, agent: agent + 1, Fact: Fact{Name: "rude_agent", Lift: 12, Agent: agentID(rude[0], agent),
			From: p.day(0), To: end, Sentence: "one rude agent"}},
		{topic: topicIndex(safety), places: sick, Fact: Fact{Name: "spoiled_batch", Lift: 180, Product: spoiledProduct,
			From: p.day(batch), To: p.day(min(days, batch+max(1, at(5)))), Sentence: "a spoiled batch of " + spoiledProduct}},
		{topic: topicIndex(price), Fact: Fact{Name: "price_rise", Lift: 3, From: p.day(at(120)), To: end, Sentence: "a price rise at every location"}},
		{topic: topicIndex(cleanliness), places: dirty, Fact: Fact{Name: "cleanliness_fixed", Lift: 9, From: p.day(0), To: p.day(at(90)),
			Sentence: "dirty until a fix that works"}},
	}
	for i := range out.facts {
		f := &out.facts[i]
		f.Topic, f.Sentiment, f.Locations = topics[f.topic].name, "negative", c.ids(f.places)
		if len(f.Locations) > 0 {
			f.Sentence += " (" + strings.Join(f.Locations, ", ") + ")"
		}
	}
	out.spoiled = &out.facts[3]
	return out
}

func (c *Chain) inCity(town int) []int {
	var places []int
	for i, p := range c.places {
		if p.city == town {
			places = append(places, i)
		}
	}
	return places
}

func (c *Chain) ids(places []int) []string {
	ids := make([]string, len(places))
	for i, p := range places {
		ids[i] = c.places[p].id
	}
	return ids
}

func topicIndex(name string) int {
	return slices.IndexFunc(topics, func(t topic) bool { return t.name == name })
}

func agentID(place, agent int) string { return fmt.Sprintf("agent-%03d-%d", place+1, agent+1) }
