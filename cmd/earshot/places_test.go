package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/pipeline"
)

// TestAnalyzeKnowsLocations: a time in UTC, or without an offset, is that of the
// event's location, and its opening hours show.
func TestAnalyzeKnowsLocations(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("EARSHOT_ANALYSIS_LOCATIONS", filepath.Join(dir, "locations.yaml"))
	locations := "tokyo-1: {timezone: Asia/Tokyo, hours: daily 11:00-22:00}\n"
	if err := os.WriteFile("locations.yaml", []byte(locations), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		`{"text":"It was slow.","location":"tokyo-1","occurred_at":"2026-07-03T03:30:00Z"}`: `"contexts":["peak_hours"]`,
		`{"text":"It was slow.","location":"tokyo-1","occurred_at":"2026-07-03T21:30:00"}`:  `"contexts":["closing_time"]`,
		`{"text":"It was slow.","location":"tokyo-1","occurred_at":"2026-07-03T15:30:00Z"}`: `"contexts":["night","outside_hours","weekend"]`,
		`{"text":"It was slow.","location":"other","occurred_at":"2026-07-03T15:30:00Z"}`:   `"contexts":[]`,
	} {
		var out, errs bytes.Buffer
		p := &program{stdin: strings.NewReader(line + "\n"), stdout: &out, stderr: &errs}
		if code := p.run(t.Context(), []string{"analyze", "--model", "vader"}); code != exitDone || !strings.Contains(out.String(), want) {
			t.Errorf("%s: exit %d\n%s%s\nwant %s", line, code, out.String(), errs.String(), want)
		}
	}
}

// Stored feedback is looked at anew by the clock and the doors of its location, as the
// worker did: by a preview of what a taxonomy moves, and when it is explained.
func TestStoredFeedbackKnowsItsLocation(t *testing.T) {
	a := newAnswers(t)
	dir := writeFiles(t, map[string]string{
		"locations.yaml": "tokyo-1: {timezone: Asia/Tokyo, hours: daily 11:00-22:30}\ndelhi-1: {timezone: Asia/Kolkata, hours: daily 11:00-22:00}\n",
		"doors.yaml":     "pack: doors\nextends: restaurant\ncontexts:\n  shutters: {opening: [last_hour]}\n  nine: {hours: [{from: 21, to: 22}]}\n",
	})
	t.Setenv("EARSHOT_ANALYSIS_LOCATIONS", filepath.Join(dir, "locations.yaml"))
	var err error
	if a.places, err = readPlaces(config.Analysis{Timezone: "UTC", Locations: filepath.Join(dir, "locations.yaml")}); err != nil {
		t.Fatal(err)
	}
	analyzer, err := pipeline.NewTextAnalyzer(pipeline.AnalyzerOptions{Pack: "restaurant", Places: a.places})
	if err != nil {
		t.Fatal(err)
	}
	for id, event := range map[string]struct{ location, at string }{
		"tokyo 22:10": {"tokyo-1", "2026-07-02T13:10:00Z"}, // shutters
		"tokyo 21:20": {"tokyo-1", "2026-07-02T12:20:00Z"}, // nine
		"delhi 21:20": {"delhi-1", "2026-07-02T15:50:00Z"}, // both
		"tokyo +1":    {"tokyo-1", "2026-07-02T22:10:00+01:00"},
		"none 21:40":  {"", "2026-07-02T21:40:00Z"}, // nine
		"none closed": {"tokyo-1", "2026-07-02T18:00:00Z"},
	} {
		at, err := time.Parse(time.RFC3339, event.at)
		if err != nil {
			t.Fatal(err)
		}
		e := pipeline.Event{ID: id, Text: "It was slow.", Source: "review", Location: event.location, OccurredAt: at}
		a.write(pipeline.Record{Outcome: pipeline.OutcomeEvent, Event: &e, Analysis: analyzer.Analyze(&e)})
	}
	_, moved := previewed(t, a.done("topics", "preview", filepath.Join(dir, "doors.yaml"), "--json"))
	for name, want := range map[string]string{
		"context shutters": "0->3 +3 -0 neg 0->0", "context nine": "0->3 +3 -0 neg 0->0",
	} {
		if moved[name] != want {
			t.Errorf("%s: %s, expected %s", name, moved[name], want)
		}
	}
	for _, id := range []string{"tokyo 22:10", "delhi 21:20", "tokyo +1", "none closed"} {
		if said := a.done("explain", "--event", id); !strings.Contains(said, "the same, bit for bit") {
			t.Errorf("%s:\n%s", id, said)
		}
	}
}

func TestStoredTime(t *testing.T) {
	tokyo := time.FixedZone("", 9*3600)
	at := time.Date(2026, 7, 5, 23, 50, 0, 0, time.UTC) // Sunday
	for _, c := range []struct {
		hour uint8
		want string
	}{
		{8, "07-05 23:50"},   // as the zone says
		{167, "07-05 23:50"}, // UTC, though the zone says otherwise
		{1, "07-06 01:50"},   // Monday
		{160, "07-05 16:50"}, // the evening in California
	} {
		got := storedTime(at, c.hour, tokyo)
		if got.Format("01-02 15:04") != c.want || !got.Equal(at) {
			t.Errorf("hour %d: %s, expected %s", c.hour, got, c.want)
		}
		e := pipeline.Event{OccurredAt: got, Location: "x"}
		if hour := pipeline.HourOfWeek(pipeline.LocalTime(&e, &pipeline.Places{Zone: tokyo})); hour != c.hour {
			t.Errorf("hour %d comes out as %d", c.hour, hour)
		}
	}
}
