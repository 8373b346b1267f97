package pipeline

import "time"

// LocalTime is the wall clock where the event happened: an occurred_at that came
// with an offset of its own keeps it, one in UTC is converted to loc (nil: UTC).
func LocalTime(e *Event, loc *time.Location) time.Time {
	if _, offset := e.OccurredAt.Zone(); offset != 0 || loc == nil {
		return e.OccurredAt
	}
	return e.OccurredAt.In(loc)
}

// HourOfWeek numbers the hours of a week from Monday 00:00 (0) to Sunday 23:00
// (167), by t's own wall clock.
func HourOfWeek(t time.Time) uint8 {
	weekday := (int(t.Weekday()) + 6) % 7 // Monday is 0
	return uint8(weekday*24 + t.Hour())
}
