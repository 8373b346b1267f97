package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	// readAheadChunks bounds what is in memory before the analysis.
	readAheadChunks = 1
	// analyseAtOnce bounds how many messages of a chunk are records at a time
	// beside those of the batch.
	analyseAtOnce = 1024
	// idlePause keeps a source that does not wait for news from being asked in
	// a busy loop.
	idlePause = 10 * time.Millisecond
	// maxStretch bounds how long a slow sink makes a small batch wait.
	maxStretch = 2 * time.Second
)

// fetched is a chunk and when it was asked for and came, or the error that ended
// the reading.
type fetched struct {
	Chunk
	began, ended time.Time
	err          error
}

// consume reads from next on and writes batches until stop ends (nil), a write
// fails (errRestart) or the source breaks its promise.
func (p *partition) consume(stop, work context.Context, next int64) error {
	reading, cancel := context.WithCancel(stop)
	chunks := make(chan fetched, readAheadChunks)
	commits := make(chan int64, 1)
	var helpers sync.WaitGroup
	helpers.Go(func() { p.readAhead(reading, next, chunks) })
	helpers.Go(func() { p.commitLoop(reading, commits) })
	defer helpers.Wait()
	defer cancel()

	pending := &batch{limits: p.limits()}
	if p.lost != nil {
		pending.add(Record{Message: *p.lost, Outcome: OutcomeSkipped}, 0, time.Now())
	}
	flush := func() error {
		err := p.flush(work, pending, commits)
		pending.reset()
		pending.limits = p.limits()
		return err
	}
	for {
		chunk, err := p.await(stop, chunks, pending)
		if err != nil {
			return err
		}
		if chunk != nil {
			if next, err = p.take(stop, *chunk, next, pending, flush); err != nil {
				return err
			}
		}
		if stop.Err() != nil { // drain: what is analysed already is written, or left to the next start
			if pending.empty() {
				return nil
			}
			return flush()
		}
		if wait, waiting := pending.due(time.Now()); waiting && wait == 0 {
			if err := flush(); err != nil {
				return err
			}
		}
		if chunk != nil && !p.sink.on() {
			p.progress(len(chunks))
		}
	}
}

// limits are those of the next batch. Where a batch takes long, small ones wait
// longer, so that a trickle of events does not keep the server busy with looking
// up ids.
func (p *partition) limits() batchLimits {
	rows := p.Config.BatchRows >> p.shrink
	if p.suspects.active() {
		rows = min(rows, p.suspects.limit())
	}
	delay := max(p.Config.BatchDelay, min(2*p.lastStore, maxStretch))
	return batchLimits{rows: max(1, rows), bytes: max(1, p.batchBytes>>p.shrink), delay: delay}
}

// await returns the next chunk, or none when the batch is due or stop ended.
func (p *partition) await(stop context.Context, chunks <-chan fetched, pending *batch) (*fetched, error) {
	var due <-chan time.Time
	if wait, waiting := pending.due(time.Now()); waiting {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-stop.Done():
		return nil, nil
	case <-due:
		return nil, nil
	case got := <-chunks:
		return &got, got.err
	}
}

// take analyses a chunk and puts it into the batch, which it writes whenever it
// is full. It returns the offset that the next chunk must begin with; when stop
// ended, the rest of the chunk is left to the next start.
func (p *partition) take(stop context.Context, chunk fetched, next int64, pending *batch, flush func() error) (int64, error) {
	p.end = chunk.End
	if len(chunk.Messages) > 0 {
		pending.times.add(StageFetch, chunk.began, chunk.ended)
	}
	for messages := range slices.Chunk(chunk.Messages, analyseAtOnce) {
		if stop.Err() != nil {
			return next, nil
		}
		if p.turn() && !pending.empty() {
			if err := flush(); err != nil {
				return 0, err
			}
		}
		sizes := make([]int, len(messages)) // analysing lets go of the bytes
		for i, m := range messages {
			sizes[i] = len(m.Key) + len(m.Value)
		}
		began := time.Now()
		analysed := p.analyse(messages)
		pending.times.add(StageAnalyse, began, time.Now())
		for i, r := range analysed {
			if r.Offset != next || r.Span < 1 {
				return 0, fmt.Errorf("source: offset %d with span %d came where %d was due", r.Offset, r.Span, next)
			}
			next = r.Offset + r.Span
			if !r.Time.IsZero() {
				p.newest = r.Time
			}
			pending.add(r, sizes[i], time.Now())
			if pending.full() {
				if err := flush(); err != nil {
					return 0, err
				}
			}
		}
	}
	return next, nil
}

// readAhead fetches until ctx ends. When the offset is not in the log it hands
// over errRestart: the start looks at the log's bounds. So it does after trouble
// with the log, which may be another one since.
func (p *partition) readAhead(ctx context.Context, next int64, chunks chan<- fetched) {
	for {
		got := fetched{}
		err := p.retry(ctx, &p.source, StageFetch, func(ctx context.Context) error {
			got.began = time.Now()
			chunk, err := p.Source.Fetch(ctx, p.tp, next)
			got.ended = time.Now()
			if errors.Is(err, ErrOffsetOutOfRange) {
				p.log.Warn("offset is not in the log", "offset", next)
				p.unsure, got.err = true, errRestart
				return nil
			}
			if err == nil && p.source.on() {
				p.unsure, got.err = true, errRestart
				return nil
			}
			got.Chunk = chunk
			return err
		})
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			got.err = err
		}
		n := len(got.Messages)
		if n > 0 { // the receiver owns the chunk from the hand-over on
			last := got.Messages[n-1]
			next = last.Offset + last.Span
		}
		select {
		case <-ctx.Done():
			return
		case chunks <- got:
		}
		if got.err != nil || n == 0 && !sleep(ctx, idlePause) {
			return
		}
	}
}

// commitLoop tells Kafka the newest position, for lag display only: a failure
// is counted and forgotten.
func (p *partition) commitLoop(ctx context.Context, commits <-chan int64) {
	for {
		select {
		case <-ctx.Done():
			return
		case next := <-commits:
			call, cancel := context.WithTimeout(ctx, p.Config.CallTimeout)
			err := p.Source.Commit(call, p.tp, next)
			cancel()
			if err != nil && ctx.Err() == nil {
				p.log.Debug("offset commit failed", "error", err)
				p.Observer.Trouble(p.tp, StageCommit, Classify(err, p.Classifiers...).Class, err)
			}
		}
	}
}
