package simulate

import (
	"slices"
	"testing"
	"time"

	"earshot/pipeline"
)

func TestPlantedLiftShows(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		truth := newChain(t, Options{Seed: seed}).Truth()
		if len(truth.Facts) != 6 {
			t.Fatalf("%d facts, want 6", len(truth.Facts))
		}
		for _, f := range truth.Facts {
			// A rate is capped at 0.9, and surveys without words say nothing.
			want := min(f.Lift, 0.6/f.Baseline) * 0.55
			if f.Observed < want || f.Mentions < 20 {
				t.Errorf("seed %d, %s: lift %.1f (planted %.1f) from %d mentions in %d events", seed, f.Name, f.Observed, f.Lift, f.Mentions, f.Exposure)
			}
		}
	}
}

// The decoy is busy all week, and no slower for it.
func TestDecoyIsBusyNotSlow(t *testing.T) {
	chain := newChain(t, Options{Seed: 1})
	truth := chain.Truth()
	slow := topicIndex(speed)
	var here, elsewhere rate
	chain.live(func(m *message) bool {
		r := &elsewhere
		if chain.places[m.visit.place].id == truth.Busy {
			r = &here
		}
		r.exposure++
		if slices.Contains(m.visit.mentions, mention{slow, true}) {
			r.mentions++
		}
		return true
	})
	mean := float64(elsewhere.exposure) / float64(len(chain.places)-1)
	if float64(here.exposure) < 1.6*mean {
		t.Errorf("%s has %d events, the mean is %.0f", truth.Busy, here.exposure, mean)
	}
	ratio := float64(here.mentions) / float64(here.exposure) / (float64(elsewhere.mentions) / float64(elsewhere.exposure))
	if ratio > 1.4 {
		t.Errorf("%s is called slow %.2f times as often as the others", truth.Busy, ratio)
	}
}

// What the facts look like from outside, by the events' own fields.
func TestFactsCoverTheirCell(t *testing.T) {
	chain := newChain(t, Options{Seed: 9, Events: 20_000})
	peak := chain.Truth().Facts[0]
	inside := 0
	seen := map[string]bool{}
	for e := range chain.Events {
		if seen[e.ID] {
			continue
		}
		seen[e.ID] = true
		if covered(peak, e) && e.Attributes["order_type"] != "delivery" {
			inside++
		}
	}
	if inside != peak.Exposure {
		t.Errorf("%d events in the cell by their fields, the truth says %d", inside, peak.Exposure)
	}
}

func covered(f Fact, e pipeline.Event) bool {
	return slices.Contains(f.Locations, e.Location) && slices.Contains(f.Hours, e.OccurredAt.Hour()) &&
		slices.Contains(f.Weekdays, isoWeekday(e.OccurredAt)) && !e.OccurredAt.Before(f.From) && e.OccurredAt.Before(f.To)
}

func TestSummerTime(t *testing.T) {
	boston, phoenix := cities[0], cities[3]
	for _, c := range []struct {
		at   string
		city city
		want int
	}{
		{"2026-03-08T06:59:59Z", boston, -5}, {"2026-03-08T07:00:00Z", boston, -4},
		{"2026-11-01T05:59:59Z", boston, -4}, {"2026-11-01T06:00:00Z", boston, -5},
		{"2026-07-01T00:00:00Z", phoenix, -7},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.city.zone(at); got != c.want {
			t.Errorf("%s at %s: UTC%+d, want %+d", c.city.name, c.at, got, c.want)
		}
	}
}
