package soak

import "fmt"

// shownViolations bounds the evidence of one kind.
const shownViolations = 10

// verdict collects what does not hold.
type verdict struct {
	counts map[string]int
	lines  []string
}

// violate notes one violation of a kind, with its evidence.
func (v *verdict) violate(kind, format string, args ...any) {
	if v.counts == nil {
		v.counts = map[string]int{}
	}
	v.counts[kind]++
	if v.counts[kind] <= shownViolations {
		v.lines = append(v.lines, kind+": "+fmt.Sprintf(format, args...))
	}
}

func (v *verdict) ok() bool { return len(v.lines) == 0 }

// expected is what the table must hold, by the broker's own log.
type expected struct {
	Offsets, Events, Duplicates, Dead int64
}

// comparison holds the table against the log, row by row.
type comparison struct {
	feed *feed
	log  *logTruth
	v    *verdict

	seen   map[int32][]uint8 // rows by offset, up to 255
	kinds  []kind            // by message index
	origin []int32           // by message index
	first  map[int]place     // where the event of each fresh message must be
	found  expected
}

func newComparison(f *feed, log *logTruth, v *verdict) *comparison {
	c := &comparison{
		feed: f, log: log, v: v, seen: map[int32][]uint8{}, first: map[int]place{},
		kinds: make([]kind, f.Count), origin: make([]int32, f.Count),
	}
	for i := range f.Count {
		k, of := f.role(i)
		c.kinds[i], c.origin[i] = k, int32(of)
	}
	for p, part := range log.partitions {
		c.seen[p] = make([]uint8, len(part.index))
		for at, i := range part.index {
			place := place{p, part.start + int64(at)}
			k, of := c.kinds[i], int(c.origin[i])
			// Under one key the order is kept: the first in the log is the event.
			// A reimport comes when that one is stored.
			if k != fresh && k != repeat {
				continue
			}
			if known, ok := c.first[of]; !ok || place.Offset < known.Offset {
				c.first[of] = place
			}
		}
	}
	return c
}

// expect counts what the log must become.
func (c *comparison) expect() expected {
	e := expected{Offsets: c.log.offsets(), Events: int64(len(c.first))}
	for _, part := range c.log.partitions {
		for _, i := range part.index {
			if c.kinds[i] == bad {
				e.Dead++
			}
		}
	}
	e.Duplicates = e.Offsets - e.Events - e.Dead
	return e
}

// acknowledged checks that the broker holds what it acknowledged.
func (c *comparison) acknowledged(l *ledger) {
	for i := range c.feed.Count {
		at, ok := l.at(i)
		if !ok {
			c.v.violate("not fed", "message %d was never acknowledged", i)
			continue
		}
		if index, held := c.log.at(at); !held || index != i {
			c.v.violate("lost by the broker", "message %d was acknowledged at %v, which holds message %d (%v)", i, at, index, held)
		}
	}
}

// row checks one row of the table.
func (c *comparison) row(r stored) {
	i, ok := c.log.at(r.place)
	if !ok {
		c.v.violate("invented", "the table has offset %v, which the broker does not hold", r.place)
		return
	}
	part := c.log.partitions[r.Partition]
	if seen := &c.seen[r.Partition][r.Offset-part.start]; *seen < 255 {
		*seen++
		if *seen == 2 {
			c.v.violate("doubled", "offset %v is there more than once (message %d)", r.place, i)
		}
	}
	if r.Span != 1 {
		c.v.violate("span", "row %v covers %d offsets", r.place, r.Span)
	}
	c.found.Offsets++
	switch r.Outcome {
	case outcomeEvent:
		c.found.Events++
	case outcomeDuplicate:
		c.found.Duplicates++
	case outcomeDead:
		c.found.Dead++
	}
	c.outcome(r, i)
}

// outcome checks what became of message i.
func (c *comparison) outcome(r stored, i int) {
	if c.kinds[i] == bad {
		want := c.feed.message(i)
		if r.Outcome != outcomeDead || r.Reason != want.Reason || r.Payload != string(want.Value) {
			c.v.violate("dead letter", "%v must be dead by %s: outcome %d, reason %q (%s), %d of %d bytes",
				r.place, want.Reason, r.Outcome, r.Reason, r.Detail, len(r.Payload), len(want.Value))
		}
		return
	}
	of := int(c.origin[i])
	if r.ID != c.feed.id(of) {
		c.v.violate("content", "%v holds id %q, the broker %q", r.place, r.ID, c.feed.id(of))
	}
	first := c.first[of]
	switch {
	case r.place == first && r.Outcome != outcomeEvent:
		c.v.violate("event missing", "%v is the first with id %q: outcome %d, not an event", r.place, r.ID, r.Outcome)
	case r.place != first && r.Outcome != outcomeDuplicate:
		c.v.violate("duplicate counted", "%v repeats id %q of %v: outcome %d, not a duplicate", r.place, r.ID, first, r.Outcome)
	case r.place != first && r.First != first:
		c.v.violate("duplicate's first", "%v repeats %v, the table names %v", r.place, first, r.First)
	}
}

// finish reports the offsets without a row.
func (c *comparison) finish() {
	for p, seen := range c.seen {
		for at, n := range seen {
			if n == 0 {
				c.v.violate("lost", "offset %v has no row", place{p, c.log.partitions[p].start + int64(at)})
			}
		}
	}
	if want := c.expect(); c.found != want && c.v.ok() {
		c.v.violate("sums", "table %+v, log %+v", c.found, want)
	}
}
