package insight

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"time"
)

// Region is a part of the feedback: values of dimensions, hours on weekdays, from
// a day on. Nil is any.
type Region struct {
	Location *string    `json:"location"`
	Channel  *string    `json:"channel"`
	Product  *string    `json:"product"`
	Team     *string    `json:"team"`
	Segment  *string    `json:"segment"`
	Weekdays []int      `json:"weekdays"` // ISO, Monday 1
	Hours    []int      `json:"hours"`    // local
	From     *time.Time `json:"from"`     // midnight UTC
}

// Region is what the finding counts, save for what Except names.
func (f *Finding) Region() Region {
	return Region{f.Location, f.Channel, f.Product, f.Team, f.Segment, f.Weekdays, f.Hours, f.Since}
}

// Evidence is what a finding hangs on, found with the tests that made it one.
type Evidence struct {
	// Fewer is how many of the complaints could be missing until the rest is no
	// finding; 0: it stays one.
	Fewer int `json:"fewer"`
	// Limit is what the rest then fails: "chance", "count", "lift", "rise" (it is
	// no doubling), "broad" (a few locations' doing) or "pattern" (no such window).
	Limit string `json:"limit,omitempty"`
	// WorstDay is the day with most of the complaints, WorstCount of them.
	WorstDay     time.Time `json:"worst_day"`
	WorstCount   int       `json:"worst_count"`
	WithoutWorst bool      `json:"without_worst"` // still a finding without that day's
	// Sentences say all this.
	Sentences []string `json:"sentences"`
}

// region names a cell's values.
func (m *miner) region(c cell) Region {
	var r Region
	for d, v := range c.values {
		if v != 0 {
			name := m.values[d].names[v]
			*[dimensions]**string{&r.Location, &r.Channel, &r.Product, &r.Team, &r.Segment}[d] = &name
		}
	}
	r.Weekdays, r.Hours = c.window.weekdays(), c.window.clock()
	if c.from > 0 {
		from := m.date(c.from)
		r.From = &from
	}
	return r
}

func (m *miner) date(day int32) time.Time {
	return m.first.Add(time.Duration(day) * 24 * time.Hour)
}

// identify names a finding by its topic and cell: the same in the next run.
func (f *Finding) identify() string {
	cell, err := json.Marshal(struct {
		Topic string
		Cell  Region
	}{f.Topic, f.Region()})
	if err != nil {
		return f.Topic // nothing in a region fails
	}
	sum := sha256.Sum256(cell)
	return hex.EncodeToString(sum[:6])
}

// evidence asks what would change a finding that counts complaints in a cell from
// a day on.
func (m *miner) evidence(c candidate, f *Finding, from int32, control *control) Evidence {
	counted := m.counted(c.cell, from)
	var e Evidence
	day, worst := m.worstDay(counted)
	e.WorstDay, e.WorstCount = m.date(day), len(worst)
	e.WithoutWorst = m.without(c.cell, worst, control) == ""
	// The least number whose absence ends the finding; all tests fall with the count.
	fewer := sort.Search(len(counted), func(n int) bool { return m.without(c.cell, evenly(counted, n+1), control) != "" }) + 1
	if fewer <= len(counted) {
		e.Fewer, e.Limit = fewer, m.without(c.cell, evenly(counted, fewer), control)
	}
	e.Sentences = e.sentences(f, m.opts)
	return e
}

// counted are the complaints of a cell from a day on, oldest first.
func (m *miner) counted(c cell, from int32) (rows []int32) {
	c.from = from
	for _, row := range m.hits {
		if c.covers(&m.rows[row]) {
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(a, b int32) int { return cmp.Compare(m.rows[a].day, m.rows[b].day) })
	return rows
}

func (m *miner) worstDay(counted []int32) (day int32, rows []int32) {
	for len(counted) > 0 {
		d := m.rows[counted[0]].day
		n := 0
		for n < len(counted) && m.rows[counted[n]].day == d {
			n++
		}
		if n > len(rows) {
			day, rows = d, counted[:n]
		}
		counted = counted[n:]
	}
	return day, rows
}

// evenly picks n rows spread over the whole time.
func evenly(rows []int32, n int) []int32 {
	out := make([]int32, 0, n)
	for i := range n {
		out = append(out, rows[i*len(rows)/n])
	}
	return out
}

// less are sorted rows without those that are missing.
func less(rows, missing []int32) []int32 {
	missing = slices.Sorted(slices.Values(missing))
	return slices.DeleteFunc(slices.Clone(rows), func(row int32) bool {
		for len(missing) > 0 && missing[0] < row {
			missing = missing[1:]
		}
		return len(missing) > 0 && missing[0] == row
	})
}

// without repeats the tests of a cell's family as if some complaints had not come
// in, which leaves the feedback as it is. "" if its best cell is still told, else
// the bound it fails.
func (m *miner) without(c cell, missing []int32, control *control) (limit string) {
	hits, rates := m.hits, m.rates
	defer func() { m.hits, m.rates = hits, rates }()
	m.hits = less(hits, missing)
	m.measure()
	if len(m.hits) < m.opts.MinCount {
		return "count"
	}
	again, limit := m.again(c)
	again.settle()
	switch {
	case limit != "":
		return limit
	case again.observed < m.opts.MinCount:
		return "count"
	case control.of(&again) > m.opts.MaxQ:
		return "chance"
	case !m.tells(&again, control):
		return "lift"
	}
	return ""
}

// again is the best cell of the family that a cell was the best of, or the limit
// that there is none within.
func (m *miner) again(c cell) (found candidate, limit string) {
	t := m.count(c.names)
	ok := false
	switch {
	case c.joint():
		found, ok = m.combinedAgain(t, c)
	case c.whole() && c.from > 0:
		if found, ok = m.rise(cell{}, &t.whole, &t.whole, ownLevel); ok && !m.broad(&found.cell) {
			return found, "broad"
		}
	case c.whole():
		if found, ok = m.wholeWindow(t); !ok && !m.broad(&found.cell) {
			return found, "broad"
		}
	default:
		found, ok = m.valueAgain(t, c)
	}
	switch {
	case ok:
		return found, ""
	case c.from > 0:
		return found, "rise"
	}
	return found, "pattern"
}

func (m *miner) valueAgain(t *totals, c cell) (candidate, bool) {
	for d, v := range c.values {
		switch d := Dimension(d); {
		case v == 0:
			continue
		case c.from > 0:
			return m.valueRise(t, d, int(v))
		case c.window.days > 0:
			return m.valueWindow(t, d, int(v))
		default:
			return m.valueEntire(t, d, int(v), t.spread[d])
		}
	}
	return candidate{}, false
}

func (m *miner) combinedAgain(t *totals, c cell) (candidate, bool) {
	for p := range m.pairs {
		x := &m.pairs[p]
		e := entry{values: c.values}
		if c.values[x.a] == 0 || c.values[x.b] == 0 {
			continue
		}
		at := x.at(&e)
		if c.window.days > 0 {
			found := m.combinedWindows(t, x, []int{at})
			if len(found) == 0 {
				return candidate{}, false
			}
			return found[0], true
		}
		observed := 0
		for _, row := range m.hits {
			if e := &m.rows[row]; c.holds(e) {
				observed++
			}
		}
		return m.combination(t, x, at, observed, max(t.spread[x.a], t.spread[x.b])), true
	}
	return candidate{}, false
}

func (e *Evidence) sentences(f *Finding, opts Options) []string {
	last := "it would no longer stand out: the rest shows no such pattern"
	switch e.Limit {
	case "chance":
		last = fmt.Sprintf("it would no longer stand out: the rest may be chance (false discovery rate above %.3g %%)", 100*opts.MaxQ)
	case "rise":
		last = "it would no longer stand out: the rest is no doubling of what it was before"
	case "broad":
		last = "it would no longer stand out: the rest is the doing of a few locations"
	case "count":
		last = fmt.Sprintf("it would no longer stand out: too few are left to tell (a finding needs %d)", opts.MinCount)
	case "lift":
		last = fmt.Sprintf("it would no longer stand out: the rest may be less than %.3gx the usual", opts.MinLift)
	}
	var out []string
	if e.Fewer > 0 {
		out = append(out, fmt.Sprintf("If %d of the %d complaints had not come in, %s.", e.Fewer, f.Count, last))
	}
	holds := "it would not stand out"
	if e.WithoutWorst {
		holds = "it still stands out"
	}
	noun := "complaints"
	if e.WorstCount == 1 {
		noun = "complaint"
	}
	return append(out, fmt.Sprintf("Without its worst day, %s (%d %s), %s.", e.WorstDay.Format("2 January"), e.WorstCount, noun, holds))
}
