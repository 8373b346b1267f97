package pipeline

import (
	"log/slog"
	"time"
)

const (
	// A fatal failure counts when it was seen this often in a row: a server that
	// is shutting down, or has just begun, may not know its own tables.
	fatalLooks = 3

	// The log tells of an outage when it begins and ends, and in between at
	// intervals that double.
	firstReminder = 30 * time.Second
	maxReminder   = 30 * time.Minute
)

// outage is a series of failures without a success between them. It belongs to
// one goroutine.
type outage struct {
	since    time.Time // of the first failure
	failures int
	fatals   int  // fatal ones at the end of the series
	batch    bool // a batch failed: only a written one ends the series

	reminder time.Duration
	remind   time.Time
}

func (o *outage) on() bool { return o.failures > 0 }

// failed adds a failure to the series. The result is a *FatalError when there
// is no point in going on.
func (o *outage) failed(log *slog.Logger, stage Stage, err error, f Failure) error {
	now := time.Now()
	o.failures++
	o.fatals++
	if f.Class != Fatal {
		o.fatals = 0
	}
	if o.fatals >= fatalLooks {
		return &FatalError{Err: err, Advice: f.Advice}
	}
	switch {
	case o.failures == 1:
		o.since, o.reminder = now, firstReminder
		o.remind = now.Add(o.reminder)
		log.Warn("paused, trying again", "stage", string(stage), "class", string(f.Class), "error", err)
	case !now.Before(o.remind):
		o.reminder = min(2*o.reminder, maxReminder)
		o.remind = now.Add(o.reminder)
		log.Warn("still paused", "since", o.since.UTC().Format(time.RFC3339), "failures", o.failures, "stage", string(stage), "error", err)
	}
	return nil
}

// over ends the series, if there is one.
func (o *outage) over(log *slog.Logger) {
	if !o.on() {
		return
	}
	log.Info("works again", "after", time.Since(o.since).Round(time.Millisecond).String(), "failures", o.failures)
	*o = outage{}
}
