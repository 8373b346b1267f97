package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

const (
	skipLost = "lost" // removed by retention before it was read

	// A log that does not reach to the position is looked at again before the
	// worker gives up: a new leader may be a moment behind.
	guardLooks = 3
	guardPause = time.Second
)

// errRestart ends consume: the position is in doubt, ask the sink.
var errRestart = errors.New("restart at the sink's position")

// partition carries one partition. Its methods run on one goroutine, save for
// readAhead and commitLoop.
type partition struct {
	*Worker
	tp     TopicPartition
	claims *Claims
	pool   *pool
	log    *slog.Logger

	failures  int      // batches that failed in a row
	held      []string // ids claimed by a batch whose fate is not known yet
	lost      *Message // stands for lost offsets that the next batch begins with
	stored    int64    // offsets before it are in the sink
	end       int64    // of the log, as last seen
	newest    time.Time
	lastStore time.Duration // how long the last batch took to store
}

// run reads until stop ends. Writes use work, which ends later.
func (p *partition) run(stop, work context.Context) error {
	for {
		next, err := p.start(stop)
		if err == nil {
			err = p.consume(stop, work, next)
		}
		if stop.Err() != nil {
			return nil // a batch in doubt is the next start's business
		}
		if !errors.Is(err, errRestart) {
			return fmt.Errorf("partition %s/%d: %w", p.tp.Topic, p.tp.Partition, err)
		}
		sleep(stop, p.Config.Backoff.delay(p.failures))
	}
}

// start fences older writers, finds the position and compares it with the log.
// It goes on trying while ctx lives; an error of another kind is final.
func (p *partition) start(ctx context.Context) (next int64, err error) {
	for outside := 0; ; {
		next, found, err := p.recover(ctx)
		if err != nil {
			return 0, err
		}
		first, end, err := p.bounds(ctx)
		if err != nil {
			return 0, err
		}
		if !found {
			next = first
		}
		p.stored, p.end, p.lost = next, end, nil
		if first <= next && next <= end {
			p.log.Info("partition starts", "next", next, "first", first, "end", end)
			return next, nil
		}
		if next < first && p.Config.AcceptLoss {
			p.log.Error("offsets are lost: retention removed them before they were read", "from", next, "to", first-1)
			p.lost = &Message{Position: Position{p.tp, next}, Span: first - next, SkipReason: skipLost}
			return first, nil
		}
		outside++
		err = &PositionError{TopicPartition: p.tp, Next: next, First: first, End: end}
		if outside == guardLooks {
			return 0, err
		}
		p.Observer.Trouble(p.tp, StageRecover, err)
		if !sleep(ctx, guardPause) {
			return 0, ctx.Err()
		}
	}
}

// PositionError means that the log does not hold the offset that is read next.
// Going on would lose or double events, so the worker stops.
type PositionError struct {
	TopicPartition
	Next       int64 // the table's position
	First, End int64 // the log's bounds
}

func (e *PositionError) Error() string {
	if e.Next < e.First {
		return fmt.Sprintf("the log of %s/%d begins at %d, but the table goes only up to %d: retention removed %d offsets unread; "+
			"start the worker with --accept-loss to record them as lost and go on", e.Topic, e.Partition, e.First, e.Next-1, e.First-e.Next)
	}
	return fmt.Sprintf("the log of %s/%d ends at %d, but the table goes up to %d: the topic was made anew or truncated; "+
		"use a new topic name, or another database", e.Topic, e.Partition, e.End, e.Next-1)
}

func (p *partition) recover(ctx context.Context) (next int64, found bool, err error) {
	err = p.retry(ctx, StageRecover, func(ctx context.Context) error {
		next, found, err = p.Sink.Recover(ctx, p.tp)
		return err
	})
	if err == nil {
		p.claims.Recovered(p.tp, p.held)
		p.held = nil
	}
	return next, found, err
}

func (p *partition) bounds(ctx context.Context) (first, end int64, err error) {
	err = p.retry(ctx, StageFetch, func(ctx context.Context) error {
		first, end, err = p.Source.Bounds(ctx, p.tp)
		return err
	})
	return first, end, err
}

// retry calls f until it succeeds or ctx ends. The first failure and the end of
// a series are logged.
func (p *partition) retry(ctx context.Context, stage Stage, f func(context.Context) error) error {
	for failures := 0; ; {
		call, cancel := context.WithTimeout(ctx, p.Config.CallTimeout)
		err := f(call)
		cancel()
		if err == nil {
			if failures > 0 {
				p.log.Info("works again", "stage", string(stage), "failures", failures)
			}
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failures++
		if failures == 1 {
			p.log.Warn("failed, trying again", "stage", string(stage), "error", err)
		}
		p.Observer.Trouble(p.tp, stage, err)
		if !sleep(ctx, p.Config.Backoff.delay(failures)) {
			return ctx.Err()
		}
	}
}

// progress tells the observer how far the sink is behind the log.
func (p *partition) progress(queued int) {
	report := Progress{Lag: max(0, p.end-p.stored), Queued: queued}
	if report.Lag > 0 && !p.newest.IsZero() {
		report.Behind = max(0, p.Now().Sub(p.newest))
	}
	p.Observer.Progress(p.tp, report)
}
