package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/intake"
)

// Rows are sent in batches that are full, or as old as the interval: a pipe that
// trickles is fed as it comes.
const (
	feedRows     = 5000
	feedBytes    = 4 << 20
	feedInterval = 200 * time.Millisecond
)

// feeder feeds files one behind the other.
type feeder struct {
	program     *program
	mapping     *intake.Mapping
	files       []string
	format      intake.Format
	rate        float64 // rows a second; 0 is no limit
	dryRun      bool
	skipInvalid bool
	send        func(context.Context, []pipeline.OutMessage) error // nil in a dry run
	progress    *feedProgress                                      // nil in a dry run
	out         *feedOutput
	pace        pacer
}

// run feeds all files and says what became of their rows. A file that cannot be
// read to its end does not keep the next ones from being fed.
func (fd *feeder) run(ctx context.Context) error {
	fd.pace = pacer{rate: fd.rate, start: time.Now()}
	total := newFeedCounts("")
	var failed []error
	for _, path := range fd.files {
		counts := newFeedCounts(displayName(path))
		err := fd.file(ctx, path, counts)
		total.add(counts)
		fd.progress.clear()
		fd.out.counts(counts)
		if err != nil {
			failed = append(failed, err)
		}
		if fatal(ctx, err) {
			break
		}
	}
	fd.progress.finish()
	fd.out.total(total, len(fd.files))
	if ctx.Err() != nil {
		return fmt.Errorf("stopped after %s rows; feed the same again to go on: what was sent is not counted twice", thousands(total.Sent))
	}
	if len(failed) == 0 && total.Unsent > 0 {
		failed = append(failed, fmt.Errorf("%s rows could not be sent", thousands(total.Unsent)))
	}
	return errors.Join(failed...)
}

// fatal errors end the feeding; others concern one file.
func fatal(ctx context.Context, err error) bool {
	var stopped *sendError
	return ctx.Err() != nil || errors.As(err, &stopped)
}

// sendError means that Kafka did not take a batch.
type sendError struct {
	file string
	line int // of the first row that may be missing
	err  error
}

func (e *sendError) Error() string {
	return fmt.Sprintf("%s: stopped at line %d: %v; feed the same again to go on: what was sent is not counted twice", e.file, e.line, e.err)
}

func (e *sendError) Unwrap() error { return e.err }

// file feeds one file.
func (fd *feeder) file(ctx context.Context, path string, counts *feedCounts) error {
	file, err := fd.open(path)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	rows := make(chan intake.Converted, 64)
	readErr := make(chan error, 1)
	go func() {
		defer close(rows)
		readErr <- fd.read(ctx, file, rows)
	}()
	err = fd.sendAll(ctx, file, rows, counts)
	cancel()
	if path == "-" && err != nil {
		return err // nothing can wake a reader that waits for a terminal
	}
	for range rows { // the reader ends at its next row
	}
	if rerr := <-readErr; err == nil && rerr != nil && !errors.Is(rerr, context.Canceled) {
		err = fmt.Errorf("%s: %w", file.Name, rerr)
	}
	return errors.Join(err, file.Close())
}

// read converts the rows of a file until it ends.
func (fd *feeder) read(ctx context.Context, file *intake.File, rows chan<- intake.Converted) error {
	convert := intake.NewConverter(fd.mapping, file.Name, fd.program.clock)
	for {
		row, err := file.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		select {
		case rows <- convert.Convert(row):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// sendAll gathers rows into batches and sends them.
func (fd *feeder) sendAll(ctx context.Context, file *intake.File, rows <-chan intake.Converted, counts *feedCounts) error {
	batch := &feedBatch{limit: fd.pace.batch()}
	tick := time.NewTicker(feedInterval)
	defer tick.Stop()
	for {
		due := false
		select {
		case row, more := <-rows:
			if !more {
				return fd.flush(ctx, file, batch, counts)
			}
			fd.take(row, batch, counts)
			due = batch.full()
		case <-tick.C:
			due = true
		case <-ctx.Done():
			return ctx.Err()
		}
		if due {
			if err := fd.flush(ctx, file, batch, counts); err != nil {
				return err
			}
		}
	}
}

// take counts a row and puts it into the batch unless it stays here.
func (fd *feeder) take(row intake.Converted, batch *feedBatch, counts *feedCounts) {
	counts.row(&row)
	if fd.dryRun {
		fd.out.show(counts, &row)
		return
	}
	switch {
	case row.Reject != nil && fd.skipInvalid:
		counts.Skipped++
	case row.Message.Value == nil:
		counts.unsendable(row.Line)
	default:
		batch.add(row)
	}
}

// flush sends the batch. A row that the topic finds too long is left out and
// counted; the others go on.
func (fd *feeder) flush(ctx context.Context, file *intake.File, batch *feedBatch, counts *feedCounts) error {
	for len(batch.messages) > 0 {
		if err := fd.pace.wait(ctx, len(batch.messages)); err != nil {
			return err
		}
		err := fd.send(ctx, batch.messages)
		var tooLarge *pipeline.TooLargeError
		switch {
		case err == nil:
			counts.Sent += len(batch.messages)
			batch.drop(len(batch.messages))
		case errors.As(err, &tooLarge):
			counts.Sent += tooLarge.Index
			counts.unsendable(batch.lines[tooLarge.Index])
			batch.drop(tooLarge.Index + 1)
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			return &sendError{file: file.Name, line: batch.lines[0], err: err}
		}
	}
	fd.progress.at(counts, file)
	return nil
}

// feedBatch is what is sent together.
type feedBatch struct {
	messages []pipeline.OutMessage
	lines    []int
	bytes    int
	limit    int // rows
}

func (b *feedBatch) add(row intake.Converted) {
	b.messages = append(b.messages, row.Message)
	b.lines = append(b.lines, row.Line)
	b.bytes += len(row.Message.Value)
}

func (b *feedBatch) full() bool { return len(b.messages) >= b.limit || b.bytes >= feedBytes }

// drop removes the first n rows.
func (b *feedBatch) drop(n int) {
	b.messages, b.lines = b.messages[n:], b.lines[n:]
	if len(b.messages) == 0 {
		b.messages, b.lines, b.bytes = nil, nil, 0
	}
}

// pacer keeps the sending at a rate.
type pacer struct {
	rate  float64 // rows a second; 0 is no limit
	start time.Time
	sent  int
}

// batch is how many rows to send at once, about ten times a second.
func (p *pacer) batch() int {
	if p.rate == 0 {
		return feedRows
	}
	return min(max(int(p.rate/10), 1), feedRows)
}

// wait returns when n more rows are due.
func (p *pacer) wait(ctx context.Context, n int) error {
	if p.rate == 0 {
		return ctx.Err()
	}
	due := p.start.Add(time.Duration(float64(p.sent) / p.rate * float64(time.Second)))
	p.sent += n
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
