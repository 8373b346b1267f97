package insight

import (
	"maps"
	"slices"
)

// combinations are the candidates of two dimensions' values. What one of them
// alone explains is none of the combination's doing.
func (m *miner) combinations(t *totals) (out []candidate) {
	for p := range m.pairs {
		x := &m.pairs[p]
		spread := max(m.spread(t.values[x.a]), m.spread(t.values[x.b]))
		hits := map[int]int{}
		for _, row := range m.hits {
			if e := &m.rows[row]; e.values[x.a] != 0 && e.values[x.b] != 0 {
				hits[x.at(e)]++
			}
		}
		var windows []int
		for _, at := range slices.Sorted(maps.Keys(hits)) {
			o, e := hits[at], x.due(at, m.rates)
			if e < leastDue {
				continue
			}
			if o < m.opts.MinCount/2 {
				m.looked[1]++
				continue
			}
			out = append(out, m.combination(t, x, at, o, spread))
			if x.a == Location && o >= m.opts.MinCount {
				windows = append(windows, at)
			}
		}
		out = append(out, m.combinedWindows(t, x, windows)...)
	}
	return out
}

// combination is the candidate of two values with so many complaints.
func (m *miner) combination(t *totals, x *pairs, at, observed int, spread float64) candidate {
	c, e := x.cell(at), x.due(at, m.rates)
	alone := e
	for _, d := range []Dimension{x.a, x.b} {
		if d != Channel {
			alone *= elsewhere(&t.values[d][c.values[d]], observed, e)
		}
	}
	return candidate{cell: c, observed: observed, expected: e, ratio: scanRatio(observed, len(m.hits), e), p: overdispersedTail(observed, max(e, alone), spread)}
}

// elsewhere is the factor of a value outside of a part of it, drawn to 1 by five
// complaints' weight.
func elsewhere(k *counts, observed int, expected float64) float64 {
	const prior = 5
	o, e := k.week.total()
	return (float64(o-observed) + prior) / (max(0, e-expected) + prior)
}

// combinedWindows are windows of a location's week in one channel, product, team
// or segment. The location's own hours are no news of the combination.
func (m *miner) combinedWindows(t *totals, x *pairs, wanted []int) (out []candidate) {
	if len(wanted) == 0 {
		return nil
	}
	weeks := map[int]*week{}
	for _, at := range wanted {
		weeks[at] = new(week)
	}
	for i := range m.rows {
		if e := &m.rows[i]; !m.out[i] {
			if k := weeks[x.at(e)]; k != nil {
				k.expected[e.hour] += m.rates[e.values[Channel]]
			}
		}
	}
	for _, row := range m.hits {
		e := &m.rows[row]
		if k := weeks[x.at(e)]; k != nil {
			k.observed[e.hour]++
		}
	}
	for _, at := range wanted {
		k := weeks[at]
		k.sum()
		c := x.cell(at)
		if found, ok := m.window(c, k, &t.values[x.a][c.values[x.a]].week); ok {
			out = append(out, found)
		} else {
			m.looked[1]++
		}
	}
	return out
}
