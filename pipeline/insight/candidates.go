package insight

import (
	"cmp"
	"math"
	"slices"
)

// leastDue is how many complaints must be due in a cell for it to be looked at:
// every cell looked at has its price in false discoveries.
const leastDue = 0.5

// counts are what was observed and what is due in one cell.
type counts struct {
	week week
	days days
}

// totals are the counts of the chain and of every value.
type totals struct {
	whole  counts
	values [dimensions][]counts
	spread [dimensions]float64 // by how much values differ of themselves
}

func all(Dimension) bool { return true }

// count fills the totals of what is not explained yet, values for some dimensions.
func (m *miner) count(wanted func(Dimension) bool) *totals {
	t := new(totals)
	t.whole.fill(&m.seen.whole, m.rates)
	var named []Dimension
	for d := range dimensions {
		if !wanted(d) {
			continue
		}
		named = append(named, d)
		t.values[d] = make([]counts, len(m.values[d].names))
		for v := 1; v < len(t.values[d]); v++ {
			t.values[d][v].fill(&m.seen.values[d][v], m.rates)
		}
	}
	for _, row := range m.hits {
		e := &m.rows[row]
		t.whole.observe(e)
		for _, d := range named {
			if v := e.values[d]; v != 0 {
				t.values[d][v].observe(e)
			}
		}
	}
	t.whole.week.sum()
	for d := range t.values {
		for v := range t.values[d] {
			t.values[d][v].week.sum()
		}
	}
	t.differ(&m.spreads)
	return t
}

func (c *counts) fill(x *exposure, rates []float64) {
	copy(c.week.expected[:], due(x.week, rates))
	c.days.expected = due(x.days, rates)
	c.days.observed = make([]int, len(c.days.expected))
}

func (c *counts) observe(e *entry) {
	c.week.observed[e.hour]++
	c.days.observed[e.day]++
}

// candidates returns the best cell of each family: of every value of a dimension
// the whole time, the time since a day and a window of the week; of the chain
// the latter two; of every two values the whole time and a window.
func (m *miner) candidates() (out []candidate) {
	if len(m.hits) < m.opts.MinCount {
		return nil
	}
	t := m.count(all)
	keepIn := func(f family, c candidate, ok bool) {
		if ok {
			out = append(out, c)
		} else {
			m.looked[f]++
		}
	}
	keep := func(c candidate, ok bool) { keepIn(single, c, ok) }
	keep(m.wholeWindow(t))
	keep(m.wholeRise(t))
	own := m.ownWindows(t)
	for d := range dimensions {
		spread := t.spread[d]
		for v := 1; v < len(t.values[d]); v++ {
			k := &t.values[d][v]
			if _, e := k.week.total(); e < leastDue {
				continue
			}
			if d != Channel { // its rates explain it
				keep(m.valueEntire(t, d, v, spread))
			}
			keep(m.valueRise(t, d, v))
			if d == Location {
				c, ok := m.siblingWindow(t, v, own[v], own[v].observed > 0)
				keepIn(placed, c, ok)
			} else {
				c, ok := m.valueWindow(t, d, v)
				keepIn(habitual, c, ok)
			}
		}
	}
	return append(out, m.combinations(t)...)
}

// only is the cell of one value.
func only(d Dimension, v int) (c cell) {
	c.values[d] = uint32(v)
	return c
}

// wholeWindow is the chain's best window.
func (m *miner) wholeWindow(t *totals) (candidate, bool) {
	c, ok := m.window(cell{}, &t.whole.week, nil)
	if ok {
		c.p = max(c.p, m.natural(&c))
	}
	return c, ok && m.broad(&c.cell)
}

// wholeRise is the chain's best rise.
func (m *miner) wholeRise(t *totals) (candidate, bool) {
	c, ok := m.rise(cell{}, &t.whole, &t.whole, ownLevel)
	return c, ok && m.broad(&c.cell)
}

// valueEntire is a value's candidate over the whole time, valueWindow its best
// window.
func (m *miner) valueEntire(t *totals, d Dimension, v int, spread float64) (candidate, bool) {
	c, ok := m.entire(only(d, v), &t.values[d][v], spread)
	if ok && d != Location {
		c.p = max(c.p, m.peculiar(&c, d))
	}
	return c, ok
}

func (m *miner) valueWindow(t *totals, d Dimension, v int) (candidate, bool) {
	if d == Location {
		c, ok := m.placeWindow(t, v)
		return m.siblingWindow(t, v, c, ok)
	}
	c, ok := m.window(only(d, v), &t.values[d][v].week, &t.whole.week)
	if ok { // its hours may have a nature of their own
		c.p = max(c.p, m.natural(&c), m.usually(&c, c.window))
	}
	return c, ok
}

// valueRise is a value's best rise.
func (m *miner) valueRise(t *totals, d Dimension, v int) (candidate, bool) {
	known := ownLevel
	if d == Location {
		known = func(outside int, due float64) *level { return placeLevel(outside, due, t.spread[d]) }
	}
	return m.rise(only(d, v), &t.values[d][v], &t.whole, known)
}

// entire is the candidate of a value over the whole time.
func (m *miner) entire(at cell, k *counts, spread float64) (candidate, bool) {
	o, e := k.week.total()
	if o < m.opts.MinCount/2 {
		return candidate{}, false
	}
	return candidate{cell: at, observed: o, expected: e, ratio: scanRatio(o, len(m.hits), e), p: overdispersedTail(o, e, spread)}, true
}

// natural is the p value of a window where hours may differ of themselves, because
// other people or other matters come up in them: other topics tell by how much. They
// are asked for the same hours of all days and for all hours of the same days, which
// is where nature shows: what else goes wrong in the very window is no nature.
func (m *miner) natural(c *candidate) float64 {
	w := c.window
	hours := m.usually(c, window{weekDays, w.hours, 0, w.hour})
	return max(hours, m.usually(c, window{w.days, dayHours, w.day, 0}))
}

// usually compares a window with what other topics do in a wider one.
func (m *miner) usually(c *candidate, wider window) float64 {
	var observed, expected []float64
	for topic := range m.habits {
		if o, e := m.habits[topic].week.in(wider); uint32(topic) != m.topic && e > 1 {
			observed, expected = append(observed, float64(o)), append(expected, e)
		}
	}
	return m.amongTopics(c, observed, expected, sum(observed)/sum(expected))
}

// peculiar is the p value of a value that may differ from the others of its
// dimension by nature: people talk to another team about other things.
func (m *miner) peculiar(c *candidate, d Dimension) float64 {
	var observed, expected []float64
	for topic := range m.habits {
		v := c.values[d]
		if o, e := m.habits[topic].observed[d][v], m.habits[topic].expected[d][v]; uint32(topic) != m.topic && e > 1 {
			observed, expected = append(observed, o), append(expected, e)
		}
	}
	observed, expected = withoutOutliers(observed, expected)
	return m.amongTopics(c, observed, expected, usualFactor(observed, expected))
}

// withoutOutliers leaves out topics that stand out by far beside the rest: they have
// a problem of their own there and say nothing of the value's nature. Where more than
// a quarter of them do, that is its nature, and none is left out.
func withoutOutliers(observed, expected []float64) (o, e []float64) {
	const far = 1e-4
	o, e = slices.Clone(observed), slices.Clone(expected)
	for range len(observed)/4 + 1 {
		out, least := -1, far
		for i := range o {
			mood := (sum(o) - o[i]) / (sum(e) - e[i])
			if p := overdispersedTail(int(o[i]), e[i]*max(mood, 1), 0); p < least {
				out, least = i, p
			}
		}
		if out < 0 {
			return o, e
		}
		o, e = slices.Delete(o, out, out+1), slices.Delete(e, out, out+1)
	}
	return slices.Clone(observed), slices.Clone(expected)
}

// amongTopics compares a candidate with what the other topics do in its place: by how
// much they are more than usual there, which is their mood, and by how much they differ.
func (m *miner) amongTopics(c *candidate, observed, expected []float64, mood float64) float64 {
	const fewTopics = 4
	if len(observed) < fewTopics {
		return 0
	}
	for i := range expected {
		expected[i] *= mood
	}
	return overdispersedTail(c.observed, c.expected*max(mood, 1), dispersion(observed, expected))
}

// usualFactor is the factor by which most counts differ from what is due: that of the least
// absolute deviations, each in standard deviations of what is due, which is a weighted
// median (Bloomfield and Steiger 1983). A topic with a problem there, or elsewhere,
// hardly moves it, however many complaints it has. Half a complaint draws each to 1.
func usualFactor(observed, expected []float64) float64 {
	const prior = 0.5
	type topic struct{ factor, weight float64 }
	topics := make([]topic, len(observed))
	left := 0.0
	for i, e := range expected {
		topics[i] = topic{(observed[i] + prior) / (e + prior), math.Sqrt(e)}
		left += topics[i].weight / 2
	}
	slices.SortFunc(topics, func(a, b topic) int { return cmp.Compare(a.factor, b.factor) })
	for _, t := range topics {
		if left -= t.weight; left <= 0 {
			return t.factor
		}
	}
	return 1
}
