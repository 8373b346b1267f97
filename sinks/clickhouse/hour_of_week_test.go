package clickhouse

import (
	"testing"
	"time"

	"earshot/pipeline"
)

// TestHourOfWeekFollowsTheLocation: the column is made of the local time that the
// analysis looks at.
func TestHourOfWeekFollowsTheLocation(t *testing.T) {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Skip("no time zone data:", err)
	}
	places := &pipeline.Places{ByID: map[string]*pipeline.Place{"tokyo-1": {Zone: tokyo}}}
	const friday, saturday = 4 * 24, 5 * 24
	for _, c := range []struct {
		at, location string
		want         uint8
	}{
		{"2026-07-03T17:30:00Z", "tokyo-1", saturday + 2},
		{"2026-07-03T17:30:00Z", "elsewhere", friday + 17},
		{"2026-07-03T17:30:00+02:00", "tokyo-1", friday + 17},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		record := &pipeline.Record{Outcome: pipeline.OutcomeEvent, Event: &pipeline.Event{ID: "1", OccurredAt: at, Location: c.location}}
		if got := newRow(record, at, places).hourOfWeek; got != c.want {
			t.Errorf("%s at %s: hour %d, want %d", c.at, c.location, got, c.want)
		}
	}
}
