package clickhouse

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/insight"
)

// TestObservationsAreStreamed by day, for longer than the driver waits for one answer.
func TestObservationsAreStreamed(t *testing.T) {
	records := randomRecords(newRand(23), 400)
	reader := storedFeedback(t, records)
	ctx, cancel := streaming(context.Background())
	defer cancel()
	if deadline, ok := ctx.Deadline(); !ok || time.Until(deadline) < 10*readTimeout {
		t.Errorf("a stream ends by %v", deadline)
	}
	short, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	if same, _ := streaming(short); same != short {
		t.Error("a deadline that was given is not kept")
	}
	days, n, last := map[time.Time]bool{}, 0, time.Time{}
	var said []string
	err := reader.Observations(context.Background(), Filter{}, func(o insight.Observation) {
		day := o.Day.UTC().Truncate(24 * time.Hour)
		if day.Before(last) {
			t.Errorf("%v after %v", day, last)
		}
		last, days[day] = day, true
		n++
		said = append(said, observed(day, o.Values[insight.Location], o.NPS, o.Negative))
	})
	if err != nil || n == 0 || len(days) < fixtureDays/2 {
		t.Errorf("%d events of %d days, %v", n, len(days), err)
	}
	slices.Sort(said)
	if want := stored(records); !slices.Equal(said, want) {
		t.Errorf("%d observations, want %d; the first that differ: %v", len(said), len(want), firstDifference(said, want))
	}
}

// stored are the observations of the records.
func stored(records []pipeline.Record) (want []string) {
	for _, r := range records {
		if r.Outcome != pipeline.OutcomeEvent {
			continue
		}
		var nps *uint8
		if s := r.Event.Survey; s != nil && s.NPS != nil {
			answer := uint8(*s.NPS)
			nps = &answer
		}
		var negative []string
		for _, m := range r.Analysis.Topics {
			if m.Sentiment == pipeline.Negative {
				negative = append(negative, m.Topic)
			}
		}
		slices.Sort(negative)
		want = append(want, observed(r.Event.OccurredAt.Truncate(24*time.Hour), r.Event.Location, nps, slices.Compact(negative)))
	}
	slices.Sort(want)
	return want
}

func observed(day time.Time, location string, nps *uint8, negative []string) string {
	answer := "none"
	if nps != nil {
		answer = fmt.Sprint(*nps)
	}
	return fmt.Sprint(day.Format(time.DateOnly), " ", location, " ", answer, " ", slices.Sorted(slices.Values(negative)))
}

func firstDifference(got, want []string) [2]string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return [2]string{got[i], want[i]}
		}
	}
	return [2]string{}
}
