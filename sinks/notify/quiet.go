package notify

import (
	"fmt"
	"strings"
	"time"
)

// QuietHours is a span of each day in which nobody is disturbed; what happens
// then is told when it ends. The zero value is never quiet.
type QuietHours struct {
	from, to int // minutes of the day; to is not part of it
	zone     *time.Location
}

// ParseQuietHours reads "22:00-07:00", by the clock of zone; "" is never quiet.
func ParseQuietHours(span string, zone *time.Location) (QuietHours, error) {
	if span == "" {
		return QuietHours{}, nil
	}
	first, last, found := strings.Cut(span, "-")
	from, err1 := time.Parse("15:04", strings.TrimSpace(first))
	to, err2 := time.Parse("15:04", strings.TrimSpace(last))
	if !found || err1 != nil || err2 != nil || from.Equal(to) {
		return QuietHours{}, fmt.Errorf("quiet hours %q: write them like 22:00-07:00", span)
	}
	return QuietHours{from: 60*from.Hour() + from.Minute(), to: 60*to.Hour() + to.Minute(), zone: zone}, nil
}

// Covers tells whether t is within the quiet hours.
func (q QuietHours) Covers(t time.Time) bool {
	if q.zone == nil {
		return false
	}
	local := t.In(q.zone)
	minute := 60*local.Hour() + local.Minute()
	if q.from < q.to {
		return minute >= q.from && minute < q.to
	}
	return minute >= q.from || minute < q.to
}

// End is when the quiet hours that cover t end.
func (q QuietHours) End(t time.Time) time.Time {
	local := t.In(q.zone)
	end := time.Date(local.Year(), local.Month(), local.Day(), 0, q.to, 0, 0, q.zone)
	if !end.After(t) {
		end = time.Date(local.Year(), local.Month(), local.Day()+1, 0, q.to, 0, 0, q.zone)
	}
	return end
}
