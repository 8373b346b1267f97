package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// maxShrink is enough to come down to one row from any batch.
const maxShrink = 20

// flush makes a batch durable. On any error the batch is dropped and the
// position is in doubt: the result is errRestart, or why there is no going on.
func (p *partition) flush(ctx context.Context, full *batch, commits chan int64) error {
	records := full.records
	began := time.Now()
	stage, err := p.store(ctx, records, &full.times)
	p.lastStore = time.Since(began)
	p.trace(records, full.times, err)
	if err != nil {
		return p.notStored(ctx, stage, records, err)
	}
	p.sink.over(p.log)
	p.shrink = max(0, p.shrink-1)
	last := records[len(records)-1]
	p.stored = last.Offset + last.Span
	p.written(records)
	stats := BatchStats{TopicPartition: p.tp, Rows: len(records), Newest: newest(records), Stages: full.times.took()}
	stats.Outcomes, stats.Reasons = tally(records)
	p.Observer.Written(stats)
	offer(commits, p.stored)
	return nil
}

// notStored decides what follows from a batch that failed.
func (p *partition) notStored(ctx context.Context, stage Stage, records []Record, cause error) error {
	if ctx.Err() != nil { // the time to drain is over
		return errRestart
	}
	f := Classify(cause, p.Classifiers...)
	if stage == StageWrite && errors.Is(cause, context.DeadlineExceeded) {
		f.Class = FailsBatch // fewer rows may make it in time
	}
	p.Observer.Trouble(p.tp, stage, f.Class, cause)
	if stage == StageWrite && f.Class == FailsRecord {
		if err := p.refusedBatch(records, cause); err != nil {
			return err
		}
		return errRestart
	}
	if f.Class == FailsBatch || stage == StageReject && f.Class == FailsRecord {
		p.shrink = min(p.shrink+1, maxShrink)
	}
	p.sink.batch = true
	if err := p.sink.failed(p.log, stage, cause, f); err != nil {
		return fmt.Errorf("%s: %w", stage, err)
	}
	return errRestart
}

// store runs the stages of a batch and says which one failed.
func (p *partition) store(ctx context.Context, records []Record, times *stageTimes) (Stage, error) {
	timed := func(stage Stage, f func(context.Context) error) error {
		began := time.Now()
		call, cancel := context.WithTimeout(ctx, p.Config.CallTimeout)
		defer cancel()
		err := f(call)
		times.add(stage, began, time.Now())
		return err
	}
	ids := markRepeated(records)
	err := timed(StageClaim, func(context.Context) error { return p.claims.Acquire(ctx, ids) })
	if err != nil {
		return StageClaim, err
	}
	err = timed(StageCheck, func(ctx context.Context) error { return p.markStored(ctx, records, ids) })
	if err != nil {
		p.claims.Release(ids)
		return StageCheck, err
	}
	err = timed(StageReject, func(ctx context.Context) error { return p.publishDead(ctx, records) })
	if err != nil && !p.rowsOnly(records, err) {
		p.claims.Release(ids)
		return StageReject, err
	}
	err = timed(StageWrite, func(ctx context.Context) error {
		return p.Sink.Write(ctx, Batch{TopicPartition: p.tp, Records: records, IngestedAt: p.Now().Truncate(time.Millisecond)})
	})
	if err != nil {
		p.held = ids // until Recover says what became of the batch
		return StageWrite, err
	}
	p.claims.Release(ids)
	return StageWrite, nil
}

// rowsOnly says whether a dead letter that could not be published is left to the
// table: the topic does not take it, and never will.
func (p *partition) rowsOnly(records []Record, cause error) bool {
	class := Classify(cause, p.Classifiers...).Class
	if len(records) > 1 || class != FailsBatch && class != FailsRecord {
		return false // fewer may pass
	}
	p.log.Error("a dead letter is in the table only: its topic does not take it", "offset", records[0].Offset, "error", cause)
	return true
}

// markRepeated makes duplicates of the events whose id came earlier in the
// batch, and returns the distinct ids.
func markRepeated(records []Record) []string {
	first := make(map[string]Position, len(records))
	ids := make([]string, 0, len(records))
	for i := range records {
		r := &records[i]
		if r.Outcome != OutcomeEvent {
			continue
		}
		if at, repeated := first[r.Event.ID]; repeated {
			r.duplicateOf(at)
			continue
		}
		first[r.Event.ID] = r.Position
		ids = append(ids, r.Event.ID)
	}
	return ids
}

// markStored makes duplicates of the events that the sink has already.
func (p *partition) markStored(ctx context.Context, records []Record, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	stored, err := p.Sink.Stored(ctx, ids)
	if err != nil {
		return fmt.Errorf("look up ids: %w", err)
	}
	for i := range records {
		r := &records[i]
		if r.Event == nil {
			continue
		}
		if at, found := stored[r.Event.ID]; found {
			r.duplicateOf(at)
		}
	}
	return nil
}

func (r *Record) duplicateOf(first Position) {
	r.Outcome, r.First, r.Analysis = OutcomeDuplicate, first, Analysis{}
}

func (p *partition) publishDead(ctx context.Context, records []Record) error {
	var dead []Record
	for _, r := range records {
		if r.Outcome == OutcomeDead {
			dead = append(dead, r)
		}
	}
	if len(dead) == 0 || p.DeadLetters == nil {
		return nil
	}
	return p.DeadLetters.Publish(ctx, dead)
}

func tally(records []Record) (map[Outcome]int64, map[Reason]int) {
	outcomes, reasons := map[Outcome]int64{}, map[Reason]int{}
	for _, r := range records {
		outcomes[r.Outcome] += r.Span
		if r.Outcome == OutcomeDead {
			reasons[r.Reject.Reason]++
		}
	}
	return outcomes, reasons
}

// newest is Kafka's time of the youngest event, zero if there is none.
func newest(records []Record) time.Time {
	var at time.Time
	for i := range records {
		if r := &records[i]; r.Outcome == OutcomeEvent && r.Time.After(at) {
			at = r.Time
		}
	}
	return at
}

// offer leaves the newest value in a channel of one, whether or not it is read.
// The caller is the only sender.
func offer(c chan int64, v int64) {
	select {
	case <-c:
	default:
	}
	c <- v
}
