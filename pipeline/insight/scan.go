package insight

const (
	worthDrawing = 100  // about how many windows are independent of each other
	hopeless     = 0.05 // no finding comes of it
)

// window is the run of hours in which a cell stands out most from its own other
// hours. Its p value is that of the best of all windows: weeks drawn without a
// problem tell how good the best one is by chance. These draws are left to whoever
// needs them, which most candidates never do. Within a part of the chain it
// must stand out from the same hours elsewhere, too (around; nil for the chain
// itself), beyond what the part does at other times.
func (m *miner) window(at cell, k, around *week) (candidate, bool) {
	top, ratio, usual := m.likeliest(k)
	if usual == nil {
		return candidate{}, false
	}
	c := m.inWindow(at, top, k)
	single, beside := usual.tail(top), c.besideWeek(k, around)
	p := min(1, single*windowCount)
	const certain = 1e-9 // draws do not matter
	if single*worthDrawing < hopeless && beside < hopeless && p > certain {
		o, _ := k.total()
		p, c.draws = single, &drawn{&usualWeeks{usual, m.prior, m.opts.MinCount, ratio}, m.seed(at), uint64(o)}
	}
	c.own, c.p = p, max(p, beside)
	return c, true
}

// placeWindow is that of a location. What its level may be is known from the others, and
// each window pays its price for all the others.
func (m *miner) placeWindow(t *totals, location int) (candidate, bool) {
	k := &t.values[Location][location].week
	top, _, usual := m.likeliest(k)
	if usual == nil {
		return candidate{}, false
	}
	at := only(Location, location)
	c := m.inWindow(at, top, k)
	known := k.levelOutside(top, t.spread[Location])
	single, beside := known.tail(c.observed, c.expected), c.besideWeek(k, &t.whole.week)
	p := min(1, single*m.prior.price(top))
	const certain = 1e-7 // draws do not matter
	if o, _ := k.total(); single*worthDrawing < hopeless && beside < hopeless && p > certain && o < fewComplaints {
		weeks := &drawn{&placeWeeks{k, known, m.prior, m.opts.MinCount, p}, m.seed(at), uint64(o)}
		p = weeks.chance()
	}
	c.p = max(p, beside)
	return c, true
}

// likeliest is the window in which the problem of a cell is most likely, with the
// highest likelihood of any. The usual week is nil if no window could be told.
func (m *miner) likeliest(k *week) (w window, highest float64, usual *week) {
	if o, _ := k.total(); o < m.opts.MinCount {
		return w, 0, nil
	}
	usual = k.usual()
	top, near := usual.best(m.prior, m.opts.MinCount, m.near)
	if m.near = near; len(near) == 0 {
		return w, 0, nil
	}
	if w = top.window; usual.tail(w)*worthDrawing < hopeless {
		w = usual.typical(near, top.log)
	}
	return w, top.log, usual
}

func (m *miner) inWindow(at cell, w window, k *week) candidate {
	at.window = w
	c := candidate{cell: at}
	c.observed, c.expected = k.in(w)
	c.ratio = scanRatio(c.observed, len(m.hits), c.expected)
	return c
}

// besideWeek is beside for a cell with this week.
func (c *candidate) besideWeek(k, around *week) float64 {
	o, e := k.total()
	return c.beside(o, e, around)
}

// beside is the p value of a window beside the same hours elsewhere, beyond what
// the cell does at other times, of so many complaints at all times. around is nil
// for the chain itself.
func (c *candidate) beside(observed int, expected float64, around *week) float64 {
	if around == nil {
		return 0
	}
	const prior = 5 // complaints that draw a factor to 1
	ao, ae := around.in(c.window)
	hours := (float64(ao-c.observed) + 2*prior) / (max(0, ae-c.expected) + 2*prior)
	level := (float64(observed-c.observed) + prior) / (max(0, expected-c.expected) + prior)
	return overdispersedTail(c.observed, c.expected*hours*max(1, level), 0)
}

// tail is the chance of so many complaints in a window of a usual week.
func (usual *week) tail(w window) float64 {
	total, _ := usual.total()
	o, e := usual.in(w)
	return upperTail(o, total, e/float64(total))
}

// usual spreads the complaints over the hours as they are due.
func (k *week) usual() *week {
	o, e := k.total()
	usual := &week{observed: k.observed, expected: k.expected}
	for h := range usual.expected {
		usual.expected[h] *= float64(o) / e
	}
	usual.sum()
	return usual
}
