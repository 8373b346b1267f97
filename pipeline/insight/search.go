package insight

import (
	"math"
	"slices"
)

// alike is the difference of the windows' likelihood that leaves both in question.
const alike = 2

// likely is a window with its likelihood: its ratio and what is known before.
type likely struct {
	window
	log   float64
	share float64 // of the most likely one's, for those nearly as likely
}

// best is the most likely window of those with enough complaints to be told, and those
// nearly as likely in the order of windows, in a buffer. None is where they are none. It
// goes over the windows by itself: this is where the time goes.
func (usual *week) best(p prior, least int, buffer []likely) (top likely, near []likely) {
	all, _ := usual.total()
	total, fewest := float64(all), float64(least)
	top.log, near = math.Inf(-1), buffer[:0]
	floor := top.log
	for days := 1; days <= weekDays; days++ {
		for day := 0; day+days <= weekDays; day++ {
			o, e := usual.run(day, day+days)
			for hours := 1; hours <= maxHours; hours++ {
				known := p[:dayHours+1-hours]
				p = p[len(known):]
				for hour, before := range known {
					wo, we := o[hour+hours]-o[hour], e[hour+hours]-e[hour]
					if wo < fewest || !mayExceed(wo, total, we, max(0, floor-before)) {
						continue
					}
					w := likely{window: window{uint8(days), uint8(hours), uint8(day), uint8(hour)}, log: scanRatio(int(wo), all, we) + before}
					if w.log > top.log {
						top, floor = w, w.log-alike
					}
					if w.log >= floor {
						near = append(near, w)
					}
				}
			}
		}
	}
	return top, slices.DeleteFunc(near, func(w likely) bool { return w.log < floor })
}

// typical is the window that most likely has six tenths of the hours in common with
// the true one, of those nearly as likely as the best.
func (usual *week) typical(near []likely, highest float64) window {
	for i := range near {
		near[i].share = math.Exp(near[i].log - highest)
	}
	top := likely{}
	most := 0.0
	for _, a := range near {
		sum := 0.0
		for _, b := range near {
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
func (k *week) run(from, to int) (o, e [dayHours + 1]float64) {
	for h := range o {
		o[h] = float64(k.o[to][h] - k.o[from][h])
		e[h] = k.e[to][h] - k.e[from][h]
	}
	return o, e
}
