package main

import (
	"strings"
	"testing"
	"time"

	"earshot/pipeline/insight"
)

// Whoever finds nothing is told what it takes and where to look instead.
func TestNothingFound(t *testing.T) {
	for _, c := range []struct {
		days      int
		want, not string
	}{
		{0, "`earshot feed`", "stands out"},
		{8, "8 pieces of feedback within 8 days; nothing stands out", "there is none yet"},
		{8, "when 14 days lie before it", "there is none yet"},
		{30, "`earshot insights impact`", "14 days"},
	} {
		var table insight.Table
		for day := range c.days {
			table.Add(insight.Observation{Day: time.Date(2026, 3, 1+day, 0, 0, 0, 0, time.UTC)})
		}
		if got := nothingFound(&table); !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("%d days: %q, want %q and not %q", c.days, got, c.want, c.not)
		}
	}
}
