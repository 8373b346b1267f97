package pipeline

import (
	"time"

	"earshot/sentiment/topic"
)

// Span is a run of opening time on one day: minutes from its midnight, From <= t < To.
// To is above 1440 where it runs past midnight.
type Span struct{ From, To int }

// MinutesOfDay is the length of a day by the wall clock.
const MinutesOfDay = 24 * 60

// nearDoors is what counts as the first or last of the opening time, in minutes.
const nearDoors = 60

// OpeningHours are those of one location, by its wall clock: on the nights when the
// clocks change they open and close by what the clock shows.
type OpeningHours struct {
	Week   [7][]Span          // by the weekday a span starts on; Sunday is 0
	Closed map[int64]struct{} // days (see DayOf) on which none starts
}

// DayOf numbers a date from 1970-01-01 (0), by t's own wall clock.
func DayOf(t time.Time) int64 { return floorDiv(wallSeconds(t), 86400) }

// At says how a local time stands to the hours.
func (h *OpeningHours) At(local time.Time) topic.Opening {
	minute := floorDiv(wallSeconds(local), 60)
	if !h.open(minute) {
		return topic.Closed
	}
	var out topic.Opening
	if !h.open(minute - nearDoors) {
		out |= topic.FirstHour
	}
	if !h.open(minute + nearDoors) {
		out |= topic.LastHour
	}
	return out
}

// open looks at the spans that start on the minute's day and on the day before.
func (h *OpeningHours) open(minute int64) bool {
	day := floorDiv(minute, MinutesOfDay)
	now := int(minute - day*MinutesOfDay)
	return h.within(day, now) || h.within(day-1, now+MinutesOfDay)
}

func (h *OpeningHours) within(day int64, minute int) bool {
	if _, closed := h.Closed[day]; closed {
		return false
	}
	const thursday = 4 // 1970-01-01
	weekday := (day + thursday) % 7
	if weekday < 0 {
		weekday += 7
	}
	for _, s := range h.Week[weekday] {
		if s.From <= minute && minute < s.To {
			return true
		}
	}
	return false
}

// wallSeconds counts from 1970-01-01 00:00 as the clock on the wall does.
func wallSeconds(t time.Time) int64 {
	_, offset := t.Zone()
	return t.Unix() + int64(offset)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
