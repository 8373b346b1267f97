package insight

import "math"

// prior is how likely a problem is in each window before anything is known of it, as
// logarithms in the order of the windows. It is what a window pays for all the others
// that are looked at (p value weighting: Genovese, Roeder and Wasserman 2006).
type prior []float64

// newPrior deals what is likely for so many days and hours out to their windows by
// the chain's traffic in them: most problems are where most people are. A rush lasts two
// to four hours, mostly on a day or two, on workdays or on all days.
func newPrior(traffic *week) prior {
	likelyDays := [weekDays + 1]float64{0, 0.32, 0.34, 0.05, 0.03, 0.14, 0.04, 0.08}
	likelyHours := [maxHours + 1]float64{0, 0.1, 0.3, 0.25, 0.15, 0.08, 0.05, 0.04, 0.03}
	var all [weekDays + 1][maxHours + 1]float64
	weight := func(w window) float64 {
		_, e := traffic.in(w)
		return (e + 1) * byCalendar(w)
	}
	windows(func(w window) { all[w.days][w.hours] += weight(w) })
	p := make(prior, 0, int(windowCount))
	windows(func(w window) {
		p = append(p, math.Log(likelyDays[w.days]*likelyHours[w.hours]*weight(w)/all[w.days][w.hours]))
	})
	return p
}

// byCalendar is how much more people live by some days than by others as many: workdays,
// and weekends with Friday.
func byCalendar(w window) float64 {
	switch {
	case w.days == 5 && w.day == 0, w.days == 6 && w.day == 0, w.days == 3 && w.day == 4:
		return 6
	}
	return 1
}

// windowPrior goes by all feedback.
func windowPrior(base *exposures) prior {
	traffic := new(week)
	for i, n := range base.whole.week {
		traffic.expected[i/base.whole.channels] += float64(n)
	}
	traffic.sum()
	return newPrior(traffic)
}

// price is what a window's p value is multiplied with: then chance alone makes any of
// all windows' p values fall below a level no more often than that level says.
func (p prior) price(of window) (price float64) {
	i := 0
	windows(func(w window) {
		if w == of {
			price = math.Exp(-p[i])
		}
		i++
	})
	return price
}
