package clickhouse

import (
	"context"
	"slices"
	"strings"
	"testing"

	"earshot/pipeline"
)

// The words are those that were analysed, of scored events alone, oldest first; a
// sample is a part of them, the same each time.
func TestTextSample(t *testing.T) {
	records := randomRecords(newRand(5), 600)
	reader := storedFeedback(t, records)
	want := map[string]string{}
	for _, r := range records {
		if r.Outcome == pipeline.OutcomeEvent && r.Analysis.Sentiment.Label != pipeline.Unknown {
			want[r.Event.ID], _ = pipeline.AnalysedText(r.Event)
		}
	}
	read := func(most int) (ids []string, oneIn int) {
		var events []*pipeline.Event
		oneIn, err := reader.TextSample(context.Background(), Filter{}, most, func(e *pipeline.Event) { events = append(events, e) })
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range events {
			text, _ := pipeline.AnalysedText(e)
			if known, ok := want[e.ID]; !ok || strings.TrimSpace(text) != strings.TrimSpace(known) {
				t.Fatalf("%s: %q, expected %q", e.ID, text, known)
			}
			if i > 0 && e.OccurredAt.Before(events[i-1].OccurredAt) {
				t.Fatal("not oldest first")
			}
			ids = append(ids, e.ID)
		}
		return ids, oneIn
	}
	all, oneIn := read(10_000)
	if len(all) != len(want) || oneIn != 1 {
		t.Errorf("%d of %d texts, one in %d", len(all), len(want), oneIn)
	}
	some, oneIn := read(150)
	again, _ := read(150)
	if oneIn < 3 || len(some) == 0 || len(some) > len(all)/2 || !slices.Equal(some, again) {
		t.Errorf("a sample of %d, one in %d, then %d", len(some), oneIn, len(again))
	}
	if _, err := reader.TextSample(context.Background(), Filter{Location: "nowhere"}, 10, func(*pipeline.Event) { t.Error("an event of nowhere") }); err != nil {
		t.Error(err)
	}
}
