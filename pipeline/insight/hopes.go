package insight

// worthless is the p value of a window that is no hope.
const worthless = 0.2

// hopes are the windows of a topic's combinations that are worth another look when
// stronger cells are explained, by the combination's values. Most are not, and there are
// many.
type hopes map[[dimensions]uint32]hope

// hope is a combination's window as it was found last.
type hope struct {
	candidate
	due     float64 // in the combination at all times
	touched bool    // some of the combination was explained since
}

// touch notes that a cell is explained.
func (h hopes) touch(c cell) {
	for values, hope := range h {
		if c.meets(values) {
			hope.touched = true
			h[values] = hope
		}
	}
}

// hoursOf are the candidates of hours of combinations with so many complaints. Where
// nothing of a combination was explained since the last look, its window is taken to be
// the same, until it would be told.
func (m *miner) hoursOf(t *totals, x *pairs, combinations []int, hits []int32) (out []candidate) {
	first := m.hopes[m.topic] == nil
	var search []int
	for _, at := range combinations {
		h, hoped := m.lately[x.cell(at).values]
		switch {
		case first, hoped && h.touched:
			search = append(search, at)
		case hoped:
			out = append(out, m.still(&h, t, x, at, int(hits[at])))
		}
	}
	found := m.combinedWindows(t, x, search)
	for i := range found {
		c := &found[i]
		if first {
			c.settle()
		}
		if !first || c.p < worthless {
			m.keepHope(x, c)
		}
	}
	return append(out, found...)
}

func (m *miner) keepHope(x *pairs, c *candidate) {
	m.lately[c.values] = hope{candidate: *c, due: x.due(x.at(&entry{values: c.values}), m.rates)}
}

// still is the candidate of an untouched hope as the topic's rates are now.
func (m *miner) still(h *hope, t *totals, x *pairs, at, observed int) candidate {
	c, due := h.candidate, x.due(at, m.rates)
	c.expected *= due / h.due
	c.ratio = scanRatio(c.observed, len(m.hits), c.expected)
	c.p = max(c.own, c.beside(observed, due, &t.values[Location][c.values[Location]].week))
	c.draws = nil
	c.anew = func() (candidate, bool) {
		found := m.combinedWindows(t, x, []int{at})
		if len(found) == 0 {
			return candidate{}, false
		}
		m.keepHope(x, &found[0])
		return found[0], true
	}
	return c
}
