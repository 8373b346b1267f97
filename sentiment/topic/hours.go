package topic

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// hours is a compiled Window.
type hours struct {
	week   [7]uint32 // by weekday (Sunday is 0): bit h set = hour h
	unless Opening
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// compile marks the hours of w. From after To runs over midnight and belongs, in
// full, to the weekday it starts on.
func (w Window) compile() (out hours, err error) {
	if out.unless, err = parseOpening(w.Unless); err != nil {
		return hours{}, fmt.Errorf("hours: unless: %w", err)
	}
	if w.From < 0 || w.From > 23 || w.To < 1 || w.To > 24 || w.From == w.To {
		return hours{}, errWindow(w)
	}
	days := w.Days
	if len(days) == 0 {
		days = weekdays
	}
	for _, name := range days {
		day := slices.Index(weekdays, strings.ToLower(name))
		if day < 0 {
			return hours{}, errWindow(w)
		}
		for h := w.From; h != w.To; h++ {
			if h == 24 {
				h, day = 0, (day+1)%7
				if h == w.To {
					break
				}
			}
			out.week[day] |= 1 << h
		}
	}
	return out, nil
}

// hour is one of a week, as hours has them; the zero hour is none.
type hour struct {
	day time.Weekday
	bit uint32
}

func hourOf(local time.Time) (h hour) {
	if !local.IsZero() {
		h = hour{local.Weekday(), 1 << local.Hour()}
	}
	return h
}

// hold says whether when lies in the hours and nothing stands against them.
func (h *hours) hold(when hour, opening Opening) bool {
	return h.week[when.day]&when.bit != 0 && h.unless&opening == 0
}

// alwaysOpen says whether windows cover the whole week, whatever holds beside them.
func alwaysOpen(windows []Window) bool {
	var week [7]uint32
	for _, w := range windows {
		h, err := w.compile()
		if err != nil {
			return false // compile has reported it
		}
		for day := range week {
			if h.unless == 0 {
				week[day] |= h.week[day]
			}
		}
	}
	const day = 1<<24 - 1
	return !slices.ContainsFunc(week[:], func(hours uint32) bool { return hours != day })
}
