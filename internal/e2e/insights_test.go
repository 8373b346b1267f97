package e2e

import (
	"slices"
	"testing"
	"time"

	"earshot/pipeline/insight"
)

// The mission's sentence: of a chain's feedback alone, insights says that
// service is slow, at which locations, on which days at which hours, although
// another location is busier at all hours.
func TestInsightsFindThePeakHours(t *testing.T) {
	needEngine(t)
	if testing.Short() {
		t.Skip("feeds 40,000 events: not with -short")
	}
	in := newInstall(t)
	file, truth := in.simulated("--seed", "3", "--events", "40000", "--days", "90", "--locations", "12")
	up := in.up()
	in.must("feed", file)
	up.drained(3 * time.Minute)
	findings := decode[[]insight.Finding](t, in.must("insights", "--json", "--limit", "0"))
	for _, f := range truth.Facts {
		if f.Name != "slow_peak" {
			continue
		}
		found := 0
		for _, place := range f.Locations {
			if slices.ContainsFunc(findings, func(i insight.Finding) bool {
				return i.Topic == f.Topic && i.Location != nil && *i.Location == place && overlap(i.Weekdays, f.Weekdays) && overlap(i.Hours, f.Hours)
			}) {
				found++
			}
		}
		if found < len(f.Locations)-1 {
			t.Errorf("%d of the %d slow locations found:", found, len(f.Locations))
			for _, i := range findings {
				t.Log(i.Sentence)
			}
		}
	}
	for _, i := range findings {
		if i.LiftLow < 1 || i.Q > 0.05 || i.Count < 10 || i.Sentence == "" {
			t.Errorf("%+v is no finding by the command's own limits", i)
		}
	}
}

// overlap tells whether found covers want and at most one more on each side.
func overlap(found, want []int) bool {
	for _, w := range want {
		if !slices.Contains(found, w) {
			return false
		}
	}
	return len(found) > 0 && len(found) <= len(want)+2
}
