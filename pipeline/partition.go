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

	// askTimeout bounds the small questions, which are asked again: on a
	// connection that died in silence nobody answers, however long one waits. It
	// doubles with each failure, for a server that is slow.
	askTimeout  = 3 * time.Second
	maxPatience = 4                // doublings
	readTimeout = 10 * time.Second // for what the log is asked: a chunk may come by a slow line
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

	analyzer   *Analyzer // of the batch
	batchBytes int       // this partition's part of SharedBytes

	sink      outage // of the sink's and the dead letters' stages
	source    outage // of the log
	shrink    int    // batches are smaller by this power of two
	suspects  suspects
	refused   map[int64]*Reject // records that the sink does not take, by offset
	unsure    bool              // whether the log is still the one that the sink's rows came from
	held      []string          // ids claimed by a batch whose fate is not known yet
	lost      *Message          // stands for lost offsets that the next batch begins with
	stored    int64             // offsets before it are in the sink
	end       int64             // of the log, as last seen
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
		if !p.suspects.active() { // a refusal is an answer: there is nothing to wait for
			sleep(stop, p.Config.Backoff.delay(p.sink.failures))
		}
	}
}

// start fences older writers, finds the position and compares it with the log.
// It goes on trying while ctx lives; an error of another kind is final.
func (p *partition) start(ctx context.Context) (next int64, err error) {
	for outside := 0; ; {
		stand, err := p.recover(ctx)
		if err != nil {
			return 0, err
		}
		next = stand.Next
		first, end, err := p.bounds(ctx)
		if err != nil {
			return 0, err
		}
		if !stand.Found {
			next = first
		}
		p.stored, p.end, p.lost = next, end, nil
		if first <= next && next <= end {
			if err := p.compare(ctx, stand, first); err != nil {
				return 0, err
			}
			p.log.Log(ctx, p.startLevel(), "partition starts", "next", next, "first", first, "end", end)
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
		p.Observer.Trouble(p.tp, StageRecover, Retryable, err)
		if !sleep(ctx, guardPause) {
			return 0, ctx.Err()
		}
	}
}

// startLevel keeps the starts amid an outage, or while a bad record is looked
// for, out of the log.
func (p *partition) startLevel() slog.Level {
	if p.sink.on() || p.suspects.active() {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func (p *partition) recover(ctx context.Context) (stand Standing, err error) {
	err = p.retry(ctx, &p.sink, StageRecover, func(ctx context.Context) error {
		stand, err = p.Sink.Recover(ctx, p.tp)
		return err
	})
	if err == nil {
		p.claims.Recovered(p.tp, p.held)
		p.held = nil
	}
	return stand, err
}

func (p *partition) bounds(ctx context.Context) (first, end int64, err error) {
	err = p.retry(ctx, &p.source, StageFetch, func(ctx context.Context) error {
		first, end, err = p.Source.Bounds(ctx, p.tp)
		return err
	})
	return first, end, err
}

// retry calls f until it succeeds, ctx ends or a failure is fatal.
func (p *partition) retry(ctx context.Context, out *outage, stage Stage, f func(context.Context) error) error {
	for {
		limit := askTimeout << min(out.failures, maxPatience)
		if stage == StageFetch {
			limit = readTimeout
		}
		call, cancel := context.WithTimeout(ctx, min(p.Config.CallTimeout, limit))
		err := f(call)
		cancel()
		if err == nil {
			if !out.batch {
				out.over(p.log)
			}
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		failure := Classify(err, p.Classifiers...)
		p.Observer.Trouble(p.tp, stage, failure.Class, err)
		if err := out.failed(p.log, stage, err, failure); err != nil {
			return fmt.Errorf("%s: %w", stage, err)
		}
		if !sleep(ctx, p.Config.Backoff.delay(out.failures)) {
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
