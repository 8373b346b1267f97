package insight

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"time"
)

// ErrFewAnswers means that a period has too few answers to explain anything.
var ErrFewAnswers = errors.New("too few answers")

// MinChangeAnswers is how many answers each period must have.
const MinChangeAnswers = 50

// KPIChange explains how a KPI changed between two periods. Parts add up to Points.
type KPIChange struct {
	KPI      KPI          `json:"kpi"`
	From     PeriodAnswer `json:"from"`
	To       PeriodAnswer `json:"to"`
	Points   float64      `json:"points"` // To less From
	Low      float64      `json:"low"`    // 95 %
	High     float64      `json:"high"`
	Parts    []ChangePart `json:"parts"` // that stand out, then rest and noise
	Noise    []ChangePart `json:"noise"` // what the part noise is made of
	Sentence string       `json:"sentence"`
}

// PeriodAnswer is a KPI in a period.
type PeriodAnswer struct {
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until"`
	Value   float64   `json:"value"`
	Answers int       `json:"answers"`
}

// The kinds of parts.
const (
	TopicPart = "topic" // more or fewer mentions, or answers that are worse with them
	MixPart   = "mix"   // other locations, channels or segments answered
	RestPart  = "rest"  // what neither explains
	NoisePart = "noise" // all parts together that might be chance
)

// ChangePart is a share of a change, in points.
type ChangePart struct {
	Kind   string  `json:"kind"`
	Name   string  `json:"name"` // topic, or what the mix is of; "" for rest and noise
	Points float64 `json:"points"`
	Low    float64 `json:"low"` // 95 %
	High   float64 `json:"high"`
	// Of topics: what comes of more or fewer complaints, of more or less praise,
	// and of answers that are worse or better with the same mentions.
	Complaints *float64 `json:"complaints,omitempty"`
	Praise     *float64 `json:"praise,omitempty"`
	Severity   *float64 `json:"severity,omitempty"`
	// Of topics: the share of answers that complain of it, in percent.
	ShareFrom *float64 `json:"share_from,omitempty"`
	ShareTo   *float64 `json:"share_to,omitempty"`
	estimate  estimate
	chance    float64
}

// Explain takes a KPI's change between a panel's two periods apart. names are
// those of complaints, by topic.
func Explain(p *Panel, kpi KPI, names map[string]string) (*KPIChange, error) {
	c := &KPIChange{KPI: kpi, Parts: []ChangePart{}, Noise: []ChangePart{}}
	var votes [2]Votes
	p.each(func(r *panelRow, _ []uint32) {
		v := &votes[0]
		if r.later {
			v = &votes[1]
		}
		*v = v.plus(Votes{1, float64(r.value)})
	})
	c.From.Value, c.From.Answers = votes[0].points(), int(votes[0].Answers)
	c.To.Value, c.To.Answers = votes[1].points(), int(votes[1].Answers)
	if min(c.From.Answers, c.To.Answers) < MinChangeAnswers {
		return c, ErrFewAnswers
	}
	parts, whole := decompose(p)
	c.Points = whole.value
	c.Low, c.High = whole.interval()
	c.tell(parts)
	c.Sentence = c.sentence(names)
	return c, nil
}

// tell sorts the parts into those that stand out and noise. A part stands out if
// chance alone would bring any such part in less than 5 of 100 changes (Holm 1979).
func (c *KPIChange) tell(parts []ChangePart) {
	for i := range parts {
		p := &parts[i]
		p.Points, p.chance = p.estimate.value, p.estimate.chance()
		p.Low, p.High = p.estimate.interval()
	}
	slices.SortStableFunc(parts, func(a, b ChangePart) int { return cmp.Compare(a.chance, b.chance) })
	noise := ChangePart{Kind: NoisePart}
	told := true
	for i, p := range parts {
		if told = told && p.chance*float64(len(parts)-i) < 0.05; told {
			c.Parts = append(c.Parts, p)
			continue
		}
		c.Noise = append(c.Noise, p)
		noise.estimate = noise.estimate.plus(p.estimate)
	}
	order(c.Parts)
	order(c.Noise)
	if len(c.Noise) > 0 {
		noise.Points = noise.estimate.value
		noise.Low, noise.High = noise.estimate.interval()
		c.Parts = append(c.Parts, noise)
	}
}

// order puts the largest parts first and the rest last.
func order(parts []ChangePart) {
	last := func(p ChangePart) int {
		if p.Kind == RestPart {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(parts, func(a, b ChangePart) int {
		return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(math.Abs(b.Points), math.Abs(a.Points)))
	})
}
