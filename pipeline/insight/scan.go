package insight

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// drawnWeeks is how many weeks without anything in them are drawn to judge a
// window.
const drawnWeeks = 99

// window is the run of hours in which a cell stands out most from its own other
// hours, beyond what the same hours do elsewhere (around; nil for the chain
// itself). Its p value is that of the best of all windows: weeks drawn without a
// problem tell how good the best one is by chance.
func (m *miner) window(at cell, k, around *week) (candidate, bool) {
	o, _ := k.total()
	if o < m.opts.MinCount {
		return candidate{}, false
	}
	usual := usualWeek(k, around)
	top, ratio, wo, we := usual.best(k)
	if ratio <= 0 || wo < m.opts.MinCount/2 {
		return candidate{}, false
	}
	at.window = top
	c := candidate{cell: at, observed: wo}
	_, c.expected = k.in(top)
	c.ratio = scanRatio(wo, len(m.hits), c.expected)
	single := upperTail(wo, o, we/float64(o))
	c.p = min(1, single*windowCount)
	const worthDrawing = 50 // about how many windows are independent of each other
	if single*worthDrawing < 0.05 {
		seed := uint64(m.topic)<<32 | uint64(at.values[Location])<<16 | uint64(at.values[Product])<<8 | uint64(at.values[Channel])
		c.p = max(single, usual.chance(ratio, rand.NewPCG(seed, uint64(o))))
	}
	return c, true
}

// usualWeek spreads a cell's complaints over its hours as they are due there,
// and as the same hours are elsewhere.
func usualWeek(k, around *week) *week {
	o, _ := k.total()
	usual := new(week)
	usual.expected = k.expected
	if around != nil {
		for h, f := range elsewhereHours(k, around) {
			usual.expected[h] *= f
		}
	}
	scale := float64(o) / sum(usual.expected[:])
	for h := range usual.expected {
		usual.expected[h] *= scale
	}
	usual.observed = k.observed
	usual.sum()
	return usual
}

// elsewhereHours is by what factor the hours of the week differ outside of k:
// that of the hour of the day, that of the day, and what the hour itself differs
// beyond these, each drawn to 1 where there is little to tell by.
func elsewhereHours(k, around *week) (factor [weekHours]float64) {
	const prior = 10 // complaints that draw a factor to 1
	type sums struct{ observed, expected float64 }
	var hours [dayHours]sums
	var days [weekDays]sums
	var cells [weekHours]sums
	for h := range cells {
		c := sums{max(0, float64(around.observed[h]-k.observed[h])), max(0, around.expected[h]-k.expected[h])}
		cells[h] = c
		for _, s := range []*sums{&hours[h%dayHours], &days[h/dayHours]} {
			s.observed += c.observed
			s.expected += c.expected
		}
	}
	ratio := func(s sums) float64 { return (s.observed + prior) / (s.expected + prior) }
	for h, c := range cells {
		f := ratio(hours[h%dayHours]) * ratio(days[h/dayHours])
		factor[h] = f * ratio(sums{c.observed, c.expected * f})
	}
	return factor
}

// best is the window with the highest likelihood ratio; of equals the smallest.
// The counts are those of k, which is usual with the observed hours.
func (usual *week) best(k *week) (top window, ratio float64, observed int, expected float64) {
	o, _ := k.total()
	windows(func(w window) {
		wo, we := usual.in(w)
		if scanBound(wo, o, we) <= ratio {
			return
		}
		if r := scanRatio(wo, o, we); r > ratio+1e-9 {
			top, ratio, observed, expected = w, r, wo, we
		}
	})
	return top, ratio, observed, expected
}

// chance is how often the best window of a usual week reaches a ratio. The drawn
// maxima are fitted with a Gumbel distribution (Abrams, Kulldorff and Kleinman
// 2010), whose tail goes on where the draws end.
func (usual *week) chance(ratio float64, src rand.Source) float64 {
	var mean, square float64
	drawn := new(week)
	drawn.expected = usual.expected
	for range drawnWeeks {
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
	}
	scale := math.Sqrt(max(1e-9, square-mean*mean)*6) / math.Pi
	place := mean - 0.5772156649*scale
	return -math.Expm1(-math.Exp(-(ratio - place) / scale))
}

// maximum is the highest ratio of all windows.
func (k *week) maximum(total int) (ratio float64) {
	_, due := k.total()
	scale := float64(total) / due
	windows(func(w window) {
		o, e := k.in(w)
		if e *= scale; float64(o) > e && scanBound(o, total, e) > ratio {
			ratio = max(ratio, scanRatio(o, total, e))
		}
	})
	return ratio
}
