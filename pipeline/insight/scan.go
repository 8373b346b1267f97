package insight

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// drawnWeeks is how many weeks without anything in them are drawn to judge a
// window.
const drawnWeeks = 99

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
		worthDrawing = 50   // about how many windows are independent of each other
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
// equal to it and has less traffic.
func (k *week) best() (top window, ratio float64) {
	total, _ := k.total()
	near := k.maximum(total) - nearlyEqual
	least := math.Inf(1)
	for days := 1; days <= weekDays; days++ {
		for day := 0; day+days <= weekDays; day++ {
			o, e := k.run(day, day+days)
			for hours := 1; hours <= maxHours; hours++ {
				for hour := 0; hour+hours <= dayHours; hour++ {
					wo, we := o[hour+hours]-o[hour], e[hour+hours]-e[hour]
					if we >= least+1e-9 || !mayExceed(wo, total, we, near) {
						continue
					}
					if r := scanRatio(wo, total, we); r > 0 && r >= near && (we < least-1e-9 || we < least+1e-9 && r > ratio+1e-9) {
						top, ratio, least = window{uint8(days), uint8(hours), uint8(day), uint8(hour)}, r, we
					}
				}
			}
		}
	}
	return top, ratio
}

// draws are weeks without a problem that are still to be drawn.
type draws struct {
	usual        *week
	ratio        float64
	seed, stream uint64
}

func (d *draws) chance() float64 {
	return d.usual.chance(d.ratio, rand.NewPCG(d.seed, d.stream))
}

// chance is how often the best window of a usual week reaches a ratio. Where
// that is soon seen to be often, the share of draws says so (Besag and Clifford
// 1991); else the drawn maxima are fitted with a Gumbel distribution (Abrams,
// Kulldorff and Kleinman 2010), whose tail goes on where the draws end.
func (usual *week) chance(ratio float64, src rand.Source) float64 {
	const often = 5
	var mean, square float64
	drawn, reached := new(week), 0
	drawn.expected = usual.expected
	for n := range drawnWeeks {
		total := 0
		for h, e := range usual.expected {
			n := 0
			if e > 0 {
				n = int(distuv.Poisson{Lambda: e, Src: src}.Rand())
			}
			drawn.observed[h] = n
			total += n
		}
		drawn.sum()
		r := drawn.maximum(total)
		mean += r / drawnWeeks
		square += r * r / drawnWeeks
		if r >= ratio {
			if reached++; reached == often {
				return often / float64(n+1)
			}
		}
	}
	scale := math.Sqrt(max(1e-9, square-mean*mean)*6) / math.Pi
	place := mean - 0.5772156649*scale
	return -math.Expm1(-math.Exp(-(ratio - place) / scale))
}

// maximum is the highest ratio of all windows where so many complaints in all
// are spread as they are due. It goes over the windows by itself: this is where
// the time goes.
func (k *week) maximum(total int) (ratio float64) {
	_, due := k.total()
	scale := float64(total) / due
	for from := range weekDays {
		for to := from + 1; to <= weekDays; to++ {
			o, e := k.run(from, to)
			for h := range e {
				e[h] *= scale
			}
			for start := range dayHours {
				for end := start + 1; end <= min(start+maxHours, dayHours); end++ {
					wo, we := o[end]-o[start], e[end]-e[start]
					if mayExceed(wo, total, we, ratio) {
						ratio = max(ratio, scanRatio(wo, total, we))
					}
				}
			}
		}
	}
	return ratio
}

// run are the sums over some days and hours < h.
func (k *week) run(from, to int) (o [dayHours + 1]int, e [dayHours + 1]float64) {
	for h := range o {
		o[h] = k.o[to][h] - k.o[from][h]
		e[h] = k.e[to][h] - k.e[from][h]
	}
	return o, e
}
