package insight

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// tracer says which test stopped a planted fact.
type tracer struct {
	*miner
	control control
}

func newTracer(t *Table) *tracer {
	m := newMiner(t, Options{}.withDefaults())
	var all [][]candidate
	for topic := 1; topic < len(t.topics.names); topic++ {
		m.begin(uint32(topic))
		all = append(all, slices.Clone(m.candidates()))
	}
	return &tracer{m, m.control(all...)}
}

// trace is what the tests make of a fact's own cell, of the cell of the same family
// that the miner preferred, and what was told of its topic instead.
func (r *tracer) trace(f *fact, findings []Finding) string {
	r.begin(r.topics.ids[f.topic])
	planted := f.cell(r.Table)
	var b strings.Builder
	fmt.Fprintf(&b, "\n    own cell:  %s", r.judged(planted))
	for _, c := range r.candidates() {
		if c.values == planted.values && (c.window.days > 0) == (planted.window.days > 0) && (c.from > 0) == (planted.from > 0) {
			c.settle()
			fmt.Fprintf(&b, "\n    candidate: %s told %v p %.2g q %.2g", r.judged(c.cell), r.tells(&c, &r.control), c.p, r.control.of(&c))
		}
	}
	for i := range findings {
		if findings[i].Topic == f.topic {
			fmt.Fprintf(&b, "\n    told:      %s", findings[i].Sentence)
		}
	}
	return b.String()
}

func (f *fact) cell(t *Table) (c cell) {
	for d, v := range f.values {
		if v != "" {
			c.values[d] = t.values[d].ids[v]
		}
	}
	if f.days != nil {
		c.window = window{uint8(len(f.days)), uint8(len(f.hours)), f.days[0], f.hours[0]}
	}
	c.from = int32(f.from)
	return c
}

// judged are the tests of a cell one by one.
func (r *tracer) judged(at cell) string {
	t := r.count(all)
	d, k := Location, &t.whole
	for i, v := range at.values {
		if v != 0 {
			d, k = Dimension(i), &t.values[i][v]
		}
	}
	switch {
	case at.joint():
		return r.judgedCombination(t, at)
	case at.window.days > 0:
		return r.judgedWindow(t, at, k, d)
	case at.from > 0:
		c, ok := r.wholeRise(t)
		if !at.whole() {
			c, ok = r.valueRise(t, d, int(at.values[d]))
		}
		c.settle()
		return fmt.Sprintf("rise %v from %d %d of %.1f p %.2g broad %v", ok, c.from, c.observed, c.expected, c.p, !at.whole() || r.broad(&c.cell))
	}
	plain, _ := r.entire(at, k, 0)
	c, ok := r.entire(at, k, t.spread[d])
	peculiar := 0.0
	if ok && d != Location {
		peculiar = r.peculiar(&c, d)
	}
	return fmt.Sprintf("entire %v %d of %.1f p %.2g with spread %.2f %.2g peculiar %.2g", ok, c.observed, c.expected, plain.p, t.spread[d], c.p, peculiar)
}

func (r *tracer) judgedCombination(t *totals, at cell) string {
	for p := range r.pairs {
		x := &r.pairs[p]
		if at.values[x.a] == 0 || at.values[x.b] == 0 {
			continue
		}
		o := len(slices.DeleteFunc(slices.Clone(r.hits), func(row int32) bool { return !at.holds(&r.rows[row]) }))
		place, spread := x.at(&entry{values: at.values}), max(t.spread[x.a], t.spread[x.b])
		plain, c := r.combination(t, x, place, o, 0), r.combination(t, x, place, o, spread)
		return fmt.Sprintf("combination %d of %.1f p %.2g with spread %.2f %.2g", o, c.expected, plain.p, spread, c.p)
	}
	return "no such combination"
}

func (r *tracer) judgedWindow(t *totals, at cell, k *counts, d Dimension) string {
	usual := k.week.usual()
	c := r.inWindow(at, at.window, &k.week)
	total, _ := usual.total()
	o, e := usual.in(at.window)
	ratio := scanRatio(o, total, e)
	out := fmt.Sprintf("%v %d of %.1f tail %.2g ratio %.1f drawn %.2g", at.window, c.observed, c.expected, usual.tail(at.window), ratio,
		usual.chance(r.prior, r.opts.MinCount, ratio-math.Log(r.prior.price(at.window)), rand.New(rand.NewPCG(1, 2))))
	if d == Location && !at.whole() {
		out += fmt.Sprintf(" level %.2g", k.week.levelOutside(at.window, t.spread[Location]).tail(c.observed, c.expected)*r.prior.price(at.window))
	}
	if !at.whole() {
		out += fmt.Sprintf(" beside %.2g", c.besideWeek(&k.week, &t.whole.week))
	}
	if d != Location || at.whole() {
		out += fmt.Sprintf(" natural %.2g", r.natural(&c))
	}
	if at.whole() {
		out += fmt.Sprintf(" broad %v", r.broad(&c.cell))
	}
	return out
}
