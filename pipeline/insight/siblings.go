package insight

import "slices"

// standing is a window in which a location stands out on its own account.
type standing struct {
	location int
	window   window
}

// ownWindows are the locations' best windows, each found in its own week; the
// zero value where there is none. It notes those that others may have in common.
func (m *miner) ownWindows(t *totals) []candidate {
	const promising = 0.01
	out := make([]candidate, len(t.values[Location]))
	for v := 1; v < len(out); v++ {
		k := &t.values[Location][v].week
		if _, e := k.total(); e < leastDue {
			continue
		}
		c, ok := m.placeWindow(t, v)
		if !ok {
			continue
		}
		out[v] = c
		if s := (standing{v, c.window}); c.p < promising && !slices.Contains(m.standings, s) {
			m.standings = append(m.standings, s)
		}
	}
	return out
}

// siblingWindow is a location's own window c, or one in which another location
// stands out if that is stronger. Which hours these are the others' complaints
// say, so that it is charged for those few and not for all that could have been:
// peak hours are often the same in several places.
func (m *miner) siblingWindow(t *totals, location int, c candidate, ok bool) (candidate, bool) {
	var others []window
	for _, s := range m.standings {
		if s.location != location && !slices.Contains(others, s.window) {
			others = append(others, s.window)
		}
	}
	k := &t.values[Location][location].week
	if o, _ := k.total(); len(others) == 0 || o < m.opts.MinCount {
		return c, ok
	}
	for _, w := range others {
		s := m.inWindow(only(Location, location), w, k)
		s.p = float64(len(others)) * max(k.levelOutside(w, t.spread[Location]).tail(s.observed, s.expected), s.besideWeek(k, &t.whole.week))
		if s.observed >= m.opts.MinCount/2 && (!ok || s.p < c.p) {
			c, ok = s, true
		}
	}
	c.p = min(1, 2*c.p) // the better of its own and of the others'
	return c, ok
}
