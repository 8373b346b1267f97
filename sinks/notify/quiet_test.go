package notify

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func TestQuietHours(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		span, at string // at in UTC; Berlin is two hours ahead then
		quiet    bool
	}{
		{"22:00-07:00", "2026-07-03T19:59:00Z", false},
		{"22:00-07:00", "2026-07-03T20:00:00Z", true},
		{"22:00-07:00", "2026-07-04T04:59:59Z", true},
		{"22:00-07:00", "2026-07-04T05:00:00Z", false},
		{"12:00-13:00", "2026-07-04T10:30:00Z", true},
		{"12:00-13:00", "2026-07-04T12:30:00Z", false},
		{"22:00-07:00", "2026-01-03T20:30:00Z", false}, // one hour ahead in winter
		{"", "2026-01-03T23:30:00Z", false},
	} {
		quiet, err := ParseQuietHours(c.span, berlin)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if quiet.Covers(at) != c.quiet {
			t.Errorf("%q at %s: quiet %v", c.span, c.at, !c.quiet)
		}
		if c.quiet {
			if end := quiet.End(at); !end.After(at) || end.Sub(at) > 24*time.Hour || quiet.Covers(end) || !quiet.Covers(end.Add(-time.Second)) {
				t.Errorf("%q at %s ends at %s", c.span, c.at, end)
			}
		}
	}
	for _, span := range []string{"22:00", "22-7", "25:00-07:00", "07:00-07:00", "night"} {
		if _, err := ParseQuietHours(span, berlin); err == nil {
			t.Errorf("%q is read", span)
		}
	}
}
