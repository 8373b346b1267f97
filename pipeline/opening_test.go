package pipeline

import (
	"slices"
	"testing"
	"time"

	"earshot/sentiment/topic"
)

func TestOpeningHours(t *testing.T) {
	const noon = 12 * 60
	h := &OpeningHours{Closed: map[int64]struct{}{}}
	h.Week[time.Monday] = []Span{{11 * 60, 22 * 60}}
	h.Week[time.Friday] = []Span{{11 * 60, 15 * 60}, {18 * 60, 25*60 + 30}} // to 01:30
	h.Week[time.Saturday] = []Span{{0, MinutesOfDay}}
	h.Week[time.Sunday] = []Span{{0, noon}}
	h.Closed[DayOf(time.Date(2026, 12, 25, 0, 0, 0, 0, time.UTC))] = struct{}{} // a Friday
	for at, want := range map[string]topic.Opening{
		"2026-07-06T10:59:59": topic.Closed, // a Monday
		"2026-07-06T11:00:00": topic.FirstHour,
		"2026-07-06T11:59:59": topic.FirstHour,
		"2026-07-06T12:00:00": 0,
		"2026-07-06T20:59:59": 0,
		"2026-07-06T21:00:00": topic.LastHour,
		"2026-07-06T21:59:59": topic.LastHour,
		"2026-07-06T22:00:00": topic.Closed,
		"2026-07-07T12:00:00": topic.Closed, // no hours on Tuesdays
		"2026-07-10T16:00:00": topic.Closed, // between the two times of a Friday
		"2026-07-10T23:59:00": 0,
		"2026-07-11T00:10:00": 0, // after midnight, and Saturday is open, too
		"2026-07-11T23:30:00": 0, // Sunday goes on
		"2026-07-12T11:30:00": topic.LastHour,
		"2026-07-12T12:00:00": topic.Closed,
		"2026-12-25T12:00:00": topic.Closed, // a holiday
		"2026-12-26T00:10:00": topic.FirstHour,
	} {
		local, err := time.Parse("2006-01-02T15:04:05", at)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.At(local); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}

// Past midnight the hours of the day before count, whatever this day's are.
func TestOpeningPastMidnight(t *testing.T) {
	h := new(OpeningHours)
	h.Week[time.Friday] = []Span{{18 * 60, 26 * 60}}
	for at, want := range map[string]topic.Opening{
		"2026-07-10T18:30": topic.FirstHour, "2026-07-11T00:30": 0, "2026-07-11T01:30": topic.LastHour, "2026-07-11T02:00": topic.Closed,
		"2026-07-10T01:00": topic.Closed,
	} {
		local, err := time.Parse("2006-01-02T15:04", at)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.At(local); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}

// When the clocks change, doors go by the clock on the wall.
func TestOpeningWhenClocksChange(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	h := new(OpeningHours)
	h.Week[time.Sunday] = []Span{{3 * 60, 12 * 60}}
	places := &Places{ByID: map[string]*Place{"s": {Zone: berlin, Hours: h}}}
	for at, want := range map[string]topic.Opening{
		"2026-03-29T00:59:00Z": topic.Closed,    // 01:59
		"2026-03-29T01:00:00Z": topic.FirstHour, // 03:00, the hour before does not exist
		"2026-10-25T01:30:00Z": topic.Closed,    // 02:30 for the second time
		"2026-10-25T02:00:00Z": topic.FirstHour, // 03:00
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := MomentOf(&Event{OccurredAt: when, Location: "s"}, places).Opening; got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}

// Nobody is in a place that is closed: what is written then is not of its peak hours by
// the clock. Words say so all the same, and of a place whose hours nobody knows, the clock.
func TestNoPeakHoursWhileClosed(t *testing.T) {
	h := new(OpeningHours)
	h.Week[time.Friday] = []Span{{12 * 60, 15 * 60}}
	a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "restaurant", Places: &Places{ByID: map[string]*Place{"s": {Hours: h}}}})
	if err != nil {
		t.Fatal(err)
	}
	friday := time.Date(2026, 7, 3, 19, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		text, location string
		at             time.Time
		peak, tag      bool
	}{
		{"The service was slow.", "s", friday, false, false},
		{"The service was slow.", "s", friday.Add(-6 * time.Hour), true, true},
		{"The service was slow.", "s", friday.AddDate(0, 0, 1), false, false},
		{"The service was slow.", "other", friday, true, true},
		{"The service was slow during lunch.", "s", friday, true, true},
	} {
		got := a.Analyze(&Event{Text: c.text, Location: c.location, OccurredAt: c.at})
		peak, tag := slices.Contains(got.Contexts, "peak_hours"), slices.Contains(got.Tags, "slow service at peak hours")
		if peak != c.peak || tag != c.tag {
			t.Errorf("%q at %s, %s: contexts %v, tags %v", c.text, c.location, c.at.Format("Mon 15:04"), got.Contexts, got.Tags)
		}
	}
}

func TestAnalyzerKnowsLocations(t *testing.T) {
	h := new(OpeningHours)
	for day := range h.Week {
		h.Week[day] = []Span{{11 * 60, 22 * 60}}
	}
	places := &Places{ByID: map[string]*Place{"tokyo-1": {Zone: zone(t, "Asia/Tokyo"), Hours: h}}}
	a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "restaurant", Places: places})
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{ // Fridays, UTC
		"2026-07-03T03:30:00Z":      "peak_hours", // 12:30
		"2026-07-03T02:30:00Z":      "opening_time",
		"2026-07-03T12:30:00Z":      "closing_time",
		"2026-07-03T14:30:00Z":      "outside_hours",
		"2026-07-03T21:30:00+08:00": "closing_time", // its own offset: open until 22 by its own clock
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		e := &Event{Text: "It was slow.", OccurredAt: when, Location: "tokyo-1"}
		found := false
		got := a.Analyze(e).Contexts
		for _, c := range got {
			found = found || c == want
		}
		if !found {
			t.Errorf("%s: contexts %v, want %s", at, got, want)
		}
		e.Location = "elsewhere"
		for _, c := range a.Analyze(e).Contexts {
			if c == "opening_time" || c == "closing_time" || c == "outside_hours" {
				t.Errorf("%s: %s of a location whose hours nobody knows", at, c)
			}
		}
	}
}
