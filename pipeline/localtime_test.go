package pipeline

import (
	"testing"
	"time"
)

func TestLocalTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zone data:", err)
	}
	cases := []struct {
		name, at string
		loc      *time.Location
		want     string
	}{
		{"utc is converted", "2026-07-03T17:30:00Z", berlin, "2026-07-03T19:30"},
		{"utc across midnight", "2026-07-03T23:30:00Z", berlin, "2026-07-04T01:30"},
		{"own offset is kept", "2026-07-03T17:30:00-05:00", berlin, "2026-07-03T17:30"},
		{"written zero offset is utc", "2026-01-03T17:30:00+00:00", berlin, "2026-01-03T18:30"},
		{"no location", "2026-07-03T17:30:00Z", nil, "2026-07-03T17:30"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			got := LocalTime(&Event{OccurredAt: at}, c.loc).Format("2006-01-02T15:04")
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
