package insight

import (
	"maps"
)

// combinations are the candidates of two dimensions' values. What one of them
// alone explains is none of the combination's doing.
func (m *miner) combinations(t *totals) (out []candidate) {
	for p := range m.pairs {
		x := &m.pairs[p]
		spread := max(t.spread[x.a], t.spread[x.b])
		hits := m.tallied(x)
		var windows []int
		for at, n := range hits {
			if n == 0 {
				continue
			}
			o, e := int(n), x.due(at, m.rates)
			if e < leastDue {
				continue
			}
			if o < m.opts.MinCount/2 {
				m.looked[combined]++
				continue
			}
			out = append(out, m.combination(t, x, at, o, spread))
			if x.a == Location && o >= m.opts.MinCount {
				windows = append(windows, at)
			}
		}
		out = append(out, m.hoursOf(t, x, windows, hits)...)
		clear(hits)
	}
	if m.hopes[m.topic] == nil {
		m.hopes[m.topic] = maps.Clone(m.lately)
	}
	return out
}

// tallied are the complaints of each combination, to be left empty.
func (m *miner) tallied(x *pairs) []int32 {
	n := len(x.counts) / x.channels
	if len(m.tally) < n {
		m.tally = make([]int32, n)
	}
	hits := m.tally[:n]
	for _, row := range m.hits {
		if e := &m.rows[row]; e.values[x.a] != 0 && e.values[x.b] != 0 {
			hits[x.at(e)]++
		}
	}
	return hits
}

// combination is the candidate of two values with so many complaints. It must stand out
// from the chain and from what its values do alone; a location's level is known from the
// other locations, too.
func (m *miner) combination(t *totals, x *pairs, at, observed int, spread float64) candidate {
	c, e := x.cell(at), x.due(at, m.rates)
	alone, known := e, steady
	for _, d := range []Dimension{x.a, x.b} {
		k := &t.values[d][c.values[d]]
		switch d {
		case Channel: // its rates explain it
		case Location:
			o, due := k.week.total()
			known = placeLevel(o-observed, max(0, due-e), t.spread[d]).tail
		default:
			alone *= elsewhere(k, observed, e)
		}
	}
	p := max(overdispersedTail(observed, max(e, alone), spread), known(observed, alone))
	return candidate{cell: c, observed: observed, expected: e, ratio: scanRatio(observed, len(m.hits), e), p: p}
}

// steady is the tail of a count of which the mean is known.
func steady(k int, due float64) float64 { return overdispersedTail(k, due, 0) }

// elsewhere is the factor of a value outside of a part of it, drawn to 1 by five
// complaints' weight.
func elsewhere(k *counts, observed int, expected float64) float64 {
	const prior = 5
	o, e := k.week.total()
	return (float64(o-observed) + prior) / (max(0, e-expected) + prior)
}

// combinedWindows are windows of a location's week in one channel, product, team
// or segment, wanted in order. The location's own hours are no news of the
// combination.
func (m *miner) combinedWindows(t *totals, x *pairs, wanted []int) (out []candidate) {
	for len(wanted) > 0 {
		location, n := wanted[0]/x.width, 1
		for n < len(wanted) && wanted[n]/x.width == location {
			n++
		}
		weeks := m.weeksAt(x, location, wanted[:n])
		for i, at := range wanted[:n] {
			if found, ok := m.window(x.cell(at), &weeks[i], &t.values[Location][location].week); ok {
				out = append(out, found)
			} else {
				m.looked[combined]++
			}
		}
		wanted = wanted[n:]
	}
	return out
}

// weeksAt are the weeks of some of a location's combinations.
func (m *miner) weeksAt(x *pairs, location int, wanted []int) []week {
	weeks := make([]week, len(wanted))
	slots := make([]int32, x.width) // place in weeks and 1
	for i, at := range wanted {
		slots[at%x.width] = int32(i + 1)
	}
	first, end := m.places.rows(location)
	if x.weeks != nil {
		for i, at := range wanted {
			x.dueWeek(at, m.rates, &weeks[i])
		}
	} else {
		for row := first; row < end; row++ {
			e := &m.rows[row]
			if s := slots[e.values[x.b]]; s > 0 && !m.out[row] {
				weeks[s-1].expected[e.hour] += m.rates[e.values[Channel]]
			}
		}
	}
	for _, row := range between(m.hits, first, end) {
		e := &m.rows[row]
		if s := slots[e.values[x.b]]; s > 0 {
			weeks[s-1].observed[e.hour]++
		}
	}
	for i := range weeks {
		weeks[i].sum()
	}
	return weeks
}
