package pipeline

import "time"

// rowOverhead is what a row costs in a batch beside its message's bytes.
const rowOverhead = 256

// batchLimits say when a batch is written. Bytes are those of the messages,
// before analysis.
type batchLimits struct {
	rows, bytes int
	delay       time.Duration // how long the first row may wait
}

// batch collects records until it is worth an insert. It is a passive object:
// its owner asks it and acts.
type batch struct {
	limits  batchLimits
	records []Record
	bytes   int
	opened  time.Time // when the first row came in
	times   stageTimes
}

func (b *batch) add(r Record, bytes int, now time.Time) {
	if len(b.records) == 0 {
		b.opened = now
	}
	b.records = append(b.records, r)
	b.bytes += bytes + rowOverhead
}

func (b *batch) empty() bool { return len(b.records) == 0 }

// full says that not another row should go in.
func (b *batch) full() bool {
	return len(b.records) >= b.limits.rows || b.bytes >= b.limits.bytes
}

// due is how long the batch may still wait, 0 when it is time; an empty batch
// is never due.
func (b *batch) due(now time.Time) (wait time.Duration, waiting bool) {
	if b.empty() {
		return 0, false
	}
	return max(0, b.limits.delay-now.Sub(b.opened)), true
}

// reset empties the batch and keeps its memory for the next rows.
func (b *batch) reset() {
	clear(b.records)
	b.records, b.bytes, b.times = b.records[:0], 0, b.times[:0]
}
