package insight

import (
	"math"
	"math/rand/v2"
)

// fewComplaints are few enough to draw weeks and days of them by their level.
const fewComplaints = 600

// placeWeeks are weeks of a location with complaints as they are due at its level.
type placeWeeks struct {
	week  *week
	level *level
	prior prior
	least int     // complaints without which no window is told
	p     float64 // of the window, at its price
}

// chance is how likely any window of such a week has as low a p value at its price. It is
// a fraction of it, since windows overlap and counts are whole.
func (l *placeWeeks) chance(random *rand.Rand) float64 {
	usual, mean := new(week), l.level.mean()
	for h, e := range l.week.expected {
		usual.expected[h] = e * mean
	}
	usual.sum()
	_, all := usual.total()
	reaches, sums := l.reaches(mean)
	d := newDrawing(usual, random)
	return union(sums, random, func(i int) int {
		r := &reaches[i]
		return d.reaching(reaches, r, atLeast(r.need, poissonTerms(r.due), random), int(math.Round(all-r.due)))
	})
}

// reaches are what the windows need, with the running sums of their chances.
func (l *placeWeeks) reaches(mean float64) (out []reach, sums []float64) {
	out, sums = make([]reach, 0, int(windowCount)), make([]float64, 0, int(windowCount))
	sum, i := 0.0, 0
	windows(func(w window) {
		_, e := l.week.in(w)
		known := l.prior[i]
		if i++; e <= 1e-9 {
			return
		}
		if need, chance := l.level.least(l.least, e, l.p*math.Exp(known)); chance > 0 {
			sum += chance
			out, sums = append(out, reach{w, need, e * mean}), append(sums, sum)
		}
	})
	return out, sums
}

// poissonTerms is the ratio of the chances of k+1 and k of a count with this mean.
func poissonTerms(mean float64) func(k int) float64 {
	return func(k int) float64 { return mean / float64(k+1) }
}
