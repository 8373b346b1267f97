package clickhouse

import (
	"context"
	"testing"

	"earshot/pipeline"
)

// TestRatedAndLive counts in Go what the two queries count in SQL.
func TestRatedAndLive(t *testing.T) {
	records := randomRecords(newRand(11), 400)
	reader := storedFeedback(t, records)
	ctx := context.Background()
	want := map[pipeline.Label]uint64{}
	total := 0
	for _, r := range records {
		if r.Event == nil || r.Outcome != pipeline.OutcomeEvent {
			continue
		}
		label, ok := pipeline.RatingOf(r.Event).Label()
		if ok && r.Analysis.Sentiment.Label != pipeline.Unknown {
			want[label]++
		}
		// A text that was not scored teaches, too: a model for its language is to come.
		if e := r.Event; ok && (e.Text != "" || e.Title != "" || len(e.Turns) > 0) {
			total++
		}
	}
	cells, err := reader.Live(ctx, Filter{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[pipeline.Label]uint64{}
	for _, c := range cells {
		got[pipeline.Label(c.Truth)] += c.Events
		if mean := c.Confidence / float64(c.Events); c.Bin > 14 || mean < float64(c.Bin)/15-1e-6 || mean > float64(c.Bin+1)/15+1e-6 {
			t.Errorf("mean confidence %v in bin %d", mean, c.Bin)
		}
	}
	for label, n := range want {
		if got[label] != n {
			t.Errorf("%s: %d, want %d", label, got[label], n)
		}
	}
	events, err := reader.Rated(ctx, Filter{}, 1_000)
	if err != nil || len(events) != total || total == 0 {
		t.Fatalf("%d rated events, want %d, %v", len(events), total, err)
	}
	for i := 1; i < len(events); i++ {
		if events[i].At.Before(events[i-1].At) {
			t.Fatal("not oldest first")
		}
	}
	if some, err := reader.Rated(ctx, Filter{}, 5); err != nil || len(some) != min(5, total) {
		t.Errorf("limit 5: %d, %v", len(some), err)
	}
}
