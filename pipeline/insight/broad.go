package insight

import (
	"cmp"
	"slices"
)

// share is what one location contributes to a claim about the chain; its
// complaints are dealt out to two hands.
type share struct {
	observed [2]float64
	expected float64 // in each hand
}

// broad says whether what is claimed of the chain is not the doing of a few
// locations: without the quarter that contributes most, or the one that does where few
// have feedback in the cell, at least half of the excess must be left. Which quarter
// that is one half of the complaints says and the other half judges: whoever is picked
// for having most would otherwise look like the cause where all are alike. An excess
// that is not of locations, but of feedback without one, is no location's doing.
func (m *miner) broad(c *cell) bool {
	const least = 4
	if len(m.values[Location].names)-1 < least { // the first is no location
		return true
	}
	places := m.shares(c)
	claimed, left := 0.0, 0.0
	for judge := range 2 {
		picker := 1 - judge
		slices.SortStableFunc(places, func(a, b share) int {
			return cmp.Compare(b.observed[picker]-b.expected, a.observed[picker]-a.expected)
		})
		claimed += lift(places, judge) - 1
		left += lift(places[min(len(places), max(1, len(places)/4)):], judge) - 1
	}
	return claimed <= 0 || left >= 0.5*claimed
}

// shares are those of the locations with feedback in the cell.
func (m *miner) shares(c *cell) []share {
	places := make([]share, len(m.values[Location].names))
	for i, row := range m.hits {
		if e := &m.rows[row]; c.covers(e) {
			places[e.values[Location]].observed[i%2]++
		}
	}
	for v := range places {
		places[v].expected = m.seen.values[Location][v].within(c, m.rates) / 2
	}
	return slices.DeleteFunc(places[1:], func(s share) bool { return s.expected == 0 })
}

// lift is observed to expected in one hand.
func lift(places []share, hand int) float64 {
	o, e := 0.0, 0.0
	for _, p := range places {
		o, e = o+p.observed[hand], e+p.expected
	}
	return o / max(e, 1e-9)
}

// within is what is due in the window or since the day of a cell; of both the
// day's part counts.
func (x *exposure) within(c *cell, rates []float64) float64 {
	total := 0.0
	if c.from > 0 {
		for _, e := range due(x.days, rates)[c.from:] {
			total += e
		}
		return total
	}
	for h, e := range due(x.week, rates) {
		if c.window.covers(uint8(h)) {
			total += e
		}
	}
	return total
}
