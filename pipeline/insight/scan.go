package insight

import "math"

// nearlyEqual is the difference of likelihood ratios that tells nothing: of such
// windows the one with the least traffic is taken.
const nearlyEqual = 1

// window is the run of hours in which a cell stands out most from its own other
// hours. Its p value is that of the best of all windows: weeks drawn without a
// problem tell how good the best one is by chance. These draws are left to whoever
// needs them, which most candidates never do. Within a part of the chain it
// must stand out from the same hours elsewhere, too (around; nil for the chain
// itself), beyond what the part does at other times.
func (m *miner) window(at cell, k, around *week) (candidate, bool) {
	o, _ := k.total()
	if o < m.opts.MinCount {
		return candidate{}, false
	}
	usual := k.usual()
	top, ratio := usual.best()
	wo, _ := usual.in(top)
	if ratio <= 0 || wo < m.opts.MinCount/2 {
		return candidate{}, false
	}
	c := m.inWindow(at, top, k)
	single, beside := usual.tail(top), c.beside(k, around)
	p := min(1, single*windowCount)
	const (
		worthDrawing = 100  // about how many windows are independent of each other
		hopeless     = 0.05 // draws could not make more of it
		certain      = 1e-9 // or do not matter
	)
	if single*worthDrawing < hopeless && beside < hopeless && p > certain {
		seed := uint64(m.topic)<<32 | uint64(at.values[Location])<<16 | uint64(at.values[Product])<<8 | uint64(at.values[Channel])
		p, c.draws = single, &draws{usual, ratio, seed, uint64(o)}
	}
	c.p = max(p, beside)
	return c, true
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

// best is the window with the highest likelihood ratio, or one that is nearly
// equal to it and has less traffic. It goes over the windows by itself: this is
// where the time goes.
func (usual *week) best() (top window, highest float64) {
	total, _ := usual.total()
	var near nearly
	for days := 1; days <= weekDays; days++ {
		for day := 0; day+days <= weekDays; day++ {
			o, e := usual.run(day, day+days)
			for hours := 1; hours <= maxHours; hours++ {
				for hour := 0; hour+hours <= dayHours; hour++ {
					wo, we := o[hour+hours]-o[hour], e[hour+hours]-e[hour]
					if mayExceed(wo, total, we, near.least) {
						near.keep(window{uint8(days), uint8(hours), uint8(day), uint8(hour)}, scanRatio(wo, total, we), we)
					}
				}
			}
		}
	}
	return near.top(), near.highest
}

// nearly are the windows that may be nearly equal to the best.
type nearly struct {
	windows        []weighed
	highest, least float64
}

type weighed struct {
	window
	ratio, due float64
}

func (n *nearly) keep(w window, ratio, due float64) {
	if ratio <= 0 || ratio < n.least {
		return
	}
	n.windows = append(n.windows, weighed{w, ratio, due})
	if ratio > n.highest {
		n.highest, n.least = ratio, max(0, ratio-nearlyEqual)
	}
}

// top is the one with the least traffic.
func (n *nearly) top() window {
	const same = 1e-9
	var top weighed
	least := math.Inf(1)
	for i := range n.windows {
		w := &n.windows[i]
		if w.ratio >= n.highest-nearlyEqual && (w.due < least-same || w.due < least+same && w.ratio > top.ratio+same) {
			top, least = *w, w.due
		}
	}
	return top.window
}

// run are the sums over some days and hours < h.
func (k *week) run(from, to int) (o [dayHours + 1]int, e [dayHours + 1]float64) {
	for h := range o {
		o[h] = k.o[to][h] - k.o[from][h]
		e[h] = k.e[to][h] - k.e[from][h]
	}
	return o, e
}
