package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
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
