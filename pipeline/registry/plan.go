package registry

import "time"

// Plan says what the next candidate goes on from and learns from.
type Plan struct {
	Current string    // version in place; empty: the shipped model
	After   time.Time // it learns from events stored after this, which Current has not seen
	Held    time.Time // when a person chose Current; zero: none did
}

// HeldEvents is how many rated events must come in after a person's choice before
// another candidate may replace it.
const HeldEvents = 150

// NextPlan plans the next round of adapting by what is in place; auto is who adapts
// by itself. Of a model from elsewhere nobody knows what it has seen: all that was
// stored before it was put in place counts as seen.
func NextPlan(places []Entry, auto string) Plan {
	e, ok := LastChoice(places)
	if !ok {
		return Plan{}
	}
	p := Plan{Current: e.Version}
	switch {
	case e.To != nil:
		p.After = *e.To
	case e.Kind != Base:
		p.After = e.At
	}
	if e.By != auto {
		p.Held = e.At
	}
	return p
}
