package pipeline

import (
	"testing"
	"time"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Skip("no time zone data:", err)
	}
	return loc
}

func TestLocalTime(t *testing.T) {
	berlin, tokyo := zone(t, "Europe/Berlin"), zone(t, "Asia/Tokyo")
	places := &Places{Zone: berlin, ByID: map[string]*Place{
		"tokyo-1": {Zone: tokyo}, "kathmandu-1": {Zone: zone(t, "Asia/Kathmandu")}, "hours-only": {Hours: new(OpeningHours)},
		"ny-1": {Zone: zone(t, "America/New_York")},
	}}
	cases := []struct {
		name, at, location string
		places             *Places
		want               string
	}{
		{"utc is converted", "2026-07-03T17:30:00Z", "", places, "2026-07-03T19:30"},
		{"utc across midnight", "2026-07-03T23:30:00Z", "", places, "2026-07-04T01:30"},
		{"own offset is kept", "2026-07-03T17:30:00-05:00", "", places, "2026-07-03T17:30"},
		{"written zero offset is utc", "2026-01-03T17:30:00+00:00", "", places, "2026-01-03T18:30"},
		{"no places", "2026-07-03T17:30:00Z", "tokyo-1", nil, "2026-07-03T17:30"},
		{"no zone", "2026-07-03T17:30:00Z", "store-1", &Places{}, "2026-07-03T17:30"},
		{"the location's zone", "2026-07-03T17:30:00Z", "tokyo-1", places, "2026-07-04T02:30"},
		{"an offset of quarter hours", "2026-07-03T17:30:00Z", "kathmandu-1", places, "2026-07-03T23:15"},
		{"own offset before the location's zone", "2026-07-03T17:30:00-05:00", "tokyo-1", places, "2026-07-03T17:30"},
		{"unknown location", "2026-07-03T17:30:00Z", "store-99", places, "2026-07-03T19:30"},
		{"location without a zone", "2026-07-03T17:30:00Z", "hours-only", places, "2026-07-03T19:30"},
		{"before the clocks go forward", "2026-03-29T00:59:59Z", "", places, "2026-03-29T01:59"},
		{"after the clocks went forward", "2026-03-29T01:00:00Z", "", places, "2026-03-29T03:00"},
		{"the hour before the clocks go back", "2026-10-25T00:30:00Z", "", places, "2026-10-25T02:30"},
		{"the same hour again", "2026-10-25T01:30:00Z", "", places, "2026-10-25T02:30"},
		{"clocks of another country", "2026-11-01T06:30:00Z", "ny-1", places, "2026-11-01T01:30"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			got := LocalTime(&Event{OccurredAt: at, Location: c.location}, c.places).Format("2006-01-02T15:04")
			if got != c.want {
				t.Errorf("LocalTime(%s) = %s, want %s", c.at, got, c.want)
			}
		})
	}
}

func TestHourOfWeek(t *testing.T) {
	for at, want := range map[string]uint8{
		"2026-07-06T00:00:00Z": 0, // a Monday
		"2026-07-06T23:59:59Z": 23,
		"2026-07-10T18:00:00Z": 4*24 + 18,
		"2026-07-12T23:00:00Z": 167,
	} {
		ts, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := HourOfWeek(ts); got != want {
			t.Errorf("HourOfWeek(%s) = %d, want %d", at, got, want)
		}
	}
}

// TestMomentOfAllocatesNothing: it is made for every event.
func TestMomentOfAllocatesNothing(t *testing.T) {
	hours := &OpeningHours{Closed: map[int64]struct{}{1: {}}}
	hours.Week[5] = []Span{{11 * 60, 22 * 60}}
	at := time.Date(2026, 7, 3, 17, 30, 0, 0, time.UTC)
	e := &Event{OccurredAt: at, Location: "tokyo-1"}
	for name, places := range map[string]*Places{
		"not configured": nil,
		"configured":     {ByID: map[string]*Place{"tokyo-1": {Zone: zone(t, "Asia/Tokyo"), Hours: hours}}},
	} {
		if n := testing.AllocsPerRun(100, func() { MomentOf(e, places) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}
