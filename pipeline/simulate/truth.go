package simulate

import "time"

// Truth is what a Chain knows about itself: how much there is, and what was
// planted. Everything counted is counted over the events as written.
type Truth struct {
	Seed      uint64           `json:"seed"`
	Start     time.Time        `json:"start"`
	End       time.Time        `json:"end"`
	Days      int              `json:"days"`
	Messages  int              `json:"messages"` // lines, duplicates included
	Events    int              `json:"events"`   // different ids
	Duplicate int              `json:"duplicates"`
	Late      int              `json:"late"` // arrive an hour or more after they happened
	Anonymous int              `json:"anonymous"`
	Threads   int              `json:"threads"`
	Answered  int              `json:"answered"` // threads with a first response
	Resolved  int              `json:"resolved"` // threads with a resolution
	Sources   map[string]int   `json:"sources"`
	Languages map[string]int   `json:"languages"`
	Topics    map[string]Tally `json:"topics"`
	Busy      string           `json:"busy_location,omitempty"` // the decoy: busy at all hours, nothing wrong
	Places    []Place          `json:"locations"`
	Facts     []Fact           `json:"facts"`
}

// Tally counts the mentions of a topic.
type Tally struct {
	Positive int `json:"positive"`
	Negative int `json:"negative"`
}

// Place is one location of the chain.
type Place struct {
	ID     string `json:"id"`
	City   string `json:"city"`
	Events int    `json:"events"`
}

// census counts a pass over the chain.
type census struct {
	truth   Truth
	outside []rate // by fact
}

type rate struct{ mentions, exposure int }

func newCensus(c *Chain) *census {
	t := Truth{
		Seed: c.opts.Seed, Start: c.opts.Start, End: c.end(), Days: c.opts.Days,
		Sources: map[string]int{}, Languages: map[string]int{}, Topics: map[string]Tally{},
	}
	for _, p := range c.places {
		t.Places = append(t.Places, Place{ID: p.id, City: cities[p.city].name})
	}
	if c.facts.busy >= 0 {
		t.Busy = c.places[c.facts.busy].id
	}
	for _, f := range c.facts.facts {
		t.Facts = append(t.Facts, f.Fact)
	}
	return &census{truth: t, outside: make([]rate, len(c.facts.facts))}
}

// count takes one message into account.
func (n *census) count(c *Chain, m *message) {
	t := &n.truth
	t.Messages++
	if m.duplicate {
		t.Duplicate++
		return
	}
	t.Events++
	if m.arrival.Sub(m.event.OccurredAt) >= time.Hour {
		t.Late++
	}
	if m.event.Customer == nil {
		t.Anonymous++
	}
	n.countThread(m)
	t.Sources[m.event.Source]++
	t.Languages[languages[m.visit.language]]++
	t.Places[m.visit.place].Events++
	for _, x := range m.visit.mentions {
		tally := t.Topics[topics[x.topic].name]
		if x.negative {
			tally.Negative++
		} else {
			tally.Positive++
		}
		t.Topics[topics[x.topic].name] = tally
	}
	n.countFacts(c, &m.visit)
}

func (n *census) countThread(m *message) {
	t, contact := &n.truth, m.event.Contact
	if contact == nil {
		return
	}
	if m.opens {
		t.Threads++
	}
	if m.answers {
		t.Answered++
	}
	if m.resolves {
		t.Resolved++
	}
}

func (n *census) countFacts(c *Chain, v *visit) {
	for i := range c.facts.facts {
		f := &c.facts.facts[i]
		if !f.comparable(v) {
			continue
		}
		hit := 0
		for _, m := range v.mentions {
			if m.negative && m.topic == f.topic {
				hit = 1
			}
		}
		if f.covers(v) {
			n.truth.Facts[i].Mentions += hit
			n.truth.Facts[i].Exposure++
		} else {
			n.outside[i].mentions += hit
			n.outside[i].exposure++
		}
	}
}

// result completes the facts' rates.
func (n *census) result() Truth {
	for i := range n.truth.Facts {
		f, out := &n.truth.Facts[i], n.outside[i]
		if out.exposure > 0 {
			f.Baseline = float64(out.mentions) / float64(out.exposure)
		}
		if f.Exposure > 0 && f.Baseline > 0 {
			f.Observed = float64(f.Mentions) / float64(f.Exposure) / f.Baseline
		}
	}
	return n.truth
}
