package insight

import "math"

// alike is the difference of the windows' likelihood that leaves both in question.
const alike = 2

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
	single, beside := usual.tail(top), c.beside(k, around)
	p := min(1, single*windowCount)
	const certain = 1e-9 // draws do not matter
	if single*worthDrawing < hopeless && beside < hopeless && p > certain {
		o, _ := k.total()
		seed := uint64(m.topic)<<32 | uint64(at.values[Location])<<16 | uint64(at.values[Product])<<8 | uint64(at.values[Channel])
		p, c.draws = single, &draws{usual, m.prior, m.opts.MinCount, ratio, seed, uint64(o)}
	}
	c.p = max(p, beside)
	return c, true
}

// placeWindow is that of a location. What its level may be is known from the others,
// so that no week is drawn: each window pays its price.
func (m *miner) placeWindow(t *totals, location int) (candidate, bool) {
	k := &t.values[Location][location].week
	top, _, usual := m.likeliest(k)
	if usual == nil {
		return candidate{}, false
	}
	c := m.inWindow(only(Location, location), top, k)
	c.p = min(1, levelTail(k, usual, top, t.spread[Location])*m.prior.price(top))
	c.p = max(c.p, c.beside(k, &t.whole.week))
	return c, true
}

// likeliest is the window in which the problem of a cell is most likely, with the
// highest likelihood of any. The usual week is nil if no window could be told.
func (m *miner) likeliest(k *week) (w window, highest float64, usual *week) {
	if o, _ := k.total(); o < m.opts.MinCount {
		return w, 0, nil
	}
	usual = k.usual()
	w, highest, ok := usual.best(m.prior, m.opts.MinCount)
	if !ok {
		return w, 0, nil
	}
	if usual.tail(w)*worthDrawing < hopeless {
		w = usual.typical(m.prior, m.opts.MinCount, highest)
	}
	return w, highest, usual
}

func (m *miner) inWindow(at cell, w window, k *week) candidate {
	at.window = w
	c := candidate{cell: at}
	c.observed, c.expected = k.in(w)
	c.ratio = scanRatio(c.observed, len(m.hits), c.expected)
	return c
}

// beside is the p value of a window beside the same hours elsewhere, beyond what
// the cell does at other times. around is nil for the chain itself.
func (c *candidate) beside(k, around *week) float64 {
	if around == nil {
		return 0
	}
	const prior = 5 // complaints that draw a factor to 1
	o, e := k.total()
	ao, ae := around.in(c.window)
	hours := (float64(ao-c.observed) + 2*prior) / (max(0, ae-c.expected) + 2*prior)
	level := (float64(o-c.observed) + prior) / (max(0, e-c.expected) + prior)
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

// best is the window with the highest likelihood, its ratio and what is known before,
// of those with enough complaints to be told.
func (usual *week) best(p prior, least int) (top window, highest float64, ok bool) {
	highest = math.Inf(-1)
	usual.above(p, least, &highest, func(w window, r float64) {
		if r > highest {
			top, highest, ok = w, r, true
		}
	})
	return top, highest, ok
}

// above passes the likelihoods that may reach a floor, which may rise meanwhile, to
// take. It goes over the windows by itself: this is where the time goes.
func (usual *week) above(p prior, least int, floor *float64, take func(w window, likelihood float64)) {
	total, _ := usual.total()
	for days := 1; days <= weekDays; days++ {
		for day := 0; day+days <= weekDays; day++ {
			o, e := usual.run(day, day+days)
			for hours := 1; hours <= maxHours; hours++ {
				before := p[:dayHours+1-hours]
				p = p[dayHours+1-hours:]
				for hour, known := range before {
					wo, we := o[hour+hours]-o[hour], e[hour+hours]-e[hour]
					if wo >= least && mayExceed(wo, total, we, max(0, *floor-known)) {
						take(window{uint8(days), uint8(hours), uint8(day), uint8(hour)}, scanRatio(wo, total, we)+known)
					}
				}
			}
		}
	}
}

// likely is a window with its likelihood.
type likely struct {
	window
	log, share float64
}

// typical is the window that most likely has six tenths of the hours in common with
// the true one, of those nearly as likely as the best.
func (usual *week) typical(p prior, least int, highest float64) window {
	var all []likely
	floor := highest - alike
	usual.above(p, least, &floor, func(w window, r float64) {
		if r >= floor {
			all = append(all, likely{w, r, math.Exp(r - highest)})
		}
	})
	var top likely
	most := 0.0
	for _, a := range all {
		sum := 0.0
		for _, b := range all {
			if a.shares(b.window) {
				sum += b.share
			}
		}
		const same = 1e-9
		if sum > most+same || sum > most-same && a.log > top.log {
			top, most = a, sum
		}
	}
	return usual.trim(top.window)
}

// trim leaves out hours and days at the edges at which nothing is due.
func (usual *week) trim(w window) window {
	due := func(w window) bool {
		o, e := usual.in(w)
		return o > 0 || e > 1e-9
	}
	for w.hours > 1 && !due(window{w.days, 1, w.day, w.hour}) {
		w.hour, w.hours = w.hour+1, w.hours-1
	}
	for w.hours > 1 && !due(window{w.days, 1, w.day, w.hour + w.hours - 1}) {
		w.hours--
	}
	for w.days > 1 && !due(window{1, w.hours, w.day, w.hour}) {
		w.day, w.days = w.day+1, w.days-1
	}
	for w.days > 1 && !due(window{1, w.hours, w.day + w.days - 1, w.hour}) {
		w.days--
	}
	return w
}

// run are the sums over some days and hours < h.
func (k *week) run(from, to int) (o [dayHours + 1]int, e [dayHours + 1]float64) {
	for h := range o {
		o[h] = k.o[to][h] - k.o[from][h]
		e[h] = k.e[to][h] - k.e[from][h]
	}
	return o, e
}
