package pipeline

import (
	"context"
	"math/rand/v2"
	"time"
)

// Backoff is the pause between tries: it doubles from Min to Max, and each one
// is cut by up to a half at random, so that partitions do not retry in step.
type Backoff struct {
	Min, Max time.Duration
}

// delay is the pause after the given number of failures, 1 or more.
func (b Backoff) delay(failures int) time.Duration {
	d := b.Min
	for i := 1; i < failures && d < b.Max; i++ {
		d *= 2
	}
	d = min(d, b.Max)
	if d <= 0 {
		return 0
	}
	return d/2 + rand.N(d/2+1)
}

// sleep pauses and returns false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
