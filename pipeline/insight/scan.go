package insight

// counts are what was observed and what is due in one value of a dimension.
type counts struct {
	week week
	days days
}

// count fills the counts of the chain and of every value.
func (m *miner) count() (whole *counts, groups [dimensions][]counts) {
	whole = &counts{days: newDays(m.span)}
	for d := range groups {
		groups[d] = make([]counts, len(m.values[d].names))
		for v := range groups[d] {
			groups[d][v].days = newDays(m.span)
		}
	}
	for i := range m.rows {
		e := &m.rows[i]
		if m.out[i] {
			continue
		}
		observed := e.count(m.topic)
		add := func(c *counts, due float64) {
			c.week.add(e.hour, observed, due)
			c.days.add(e.day, observed, due)
		}
		add(whole, m.expected(e, dimensions))
		for d := range dimensions {
			if v := e.values[d]; v != 0 {
				add(&groups[d][v], m.expected(e, d))
			}
		}
	}
	return whole, groups
}

// candidates returns the best cell of each family: of the chain and of every
// value of a dimension the whole time and the time since a day; of the chain
// and of each location the best window of the week.
func (m *miner) candidates() (out []candidate) {
	if m.total < m.opts.MinCount {
		return nil
	}
	whole, groups := m.count()
	keep := func(c candidate, ok bool) {
		if ok {
			out = append(out, c)
		}
	}
	chain := cell{dim: dimensions}
	whole.week.sum()
	keep(m.best(chain, whole, whole))
	keep(m.rise(chain, whole, whole))
	for d := range dimensions {
		for v := 1; v < len(groups[d]); v++ {
			if d == Channel && m.told[uint32(v)] {
				continue
			}
			c, at := &groups[d][v], cell{dim: d, value: uint32(v)}
			c.week.sum()
			keep(m.entire(at, &c.week))
			keep(m.rise(at, c, whole))
			if d == Location {
				keep(m.best(at, c, whole))
			}
		}
	}
	return out
}

// entire is the candidate of a value over the whole week.
func (m *miner) entire(at cell, k *week) (candidate, bool) {
	o, e := k.total()
	share := e / m.due
	c := candidate{cell: at, observed: o, expected: share * float64(m.total)}
	c.ratio = scanRatio(o, m.total, c.expected)
	c.p = upperTail(o, m.total, share)
	return c, o > 0
}

// best is the window of a value's week that stands out most. It has to stand
// out from the chain, from the value's own other hours (a location that is bad
// at all times has no peak-hour problem) and from the others in the same hours
// (what is bad everywhere is not the location's problem).
func (m *miner) best(at cell, c, whole *counts) (candidate, bool) {
	k := &c.week
	o, e := k.total()
	if o < m.opts.MinCount {
		return candidate{}, false
	}
	perEvent := float64(m.total) / m.due // expected counts add up to what is observed
	var top candidate
	windows(func(w window) {
		wo, we := k.in(w)
		if wo < m.opts.MinCount/2 {
			return
		}
		if r := scanRatio(wo, m.total, we*perEvent); r > top.ratio+1e-9 { // of equals the smallest
			top = candidate{cell: cell{dim: at.dim, value: at.value, window: w}, observed: wo, expected: we * perEvent, ratio: r}
		}
	})
	if top.ratio == 0 {
		return candidate{}, false
	}
	wo, we := k.in(top.window)
	chain := upperTail(wo, m.total, we/m.due)
	own := upperTail(wo, o, we/e)
	others := own
	if at.dim != dimensions {
		allo, alle := whole.week.in(top.window)
		others = upperTail(wo, allo, we/alle)
	}
	top.p = min(1, max(chain, own, others)*windowCount)
	return top, true
}
