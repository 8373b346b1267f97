package clickhouse

import (
	"context"
	"testing"
	"time"

	"earshot/pipeline/insight"
)

// TestObservationsAreStreamed by day, for longer than the driver waits for one answer.
func TestObservationsAreStreamed(t *testing.T) {
	reader := storedFeedback(t, randomRecords(newRand(23), 400))
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
	err := reader.Observations(context.Background(), Filter{}, func(o insight.Observation) {
		day := o.Day.UTC().Truncate(24 * time.Hour)
		if day.Before(last) {
			t.Errorf("%v after %v", day, last)
		}
		last, days[day] = day, true
		n++
	})
	if err != nil || n == 0 || len(days) < fixtureDays/2 {
		t.Errorf("%d events of %d days, %v", n, len(days), err)
	}
}
