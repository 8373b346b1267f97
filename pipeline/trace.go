package pipeline

import (
	"slices"
	"time"
)

// Tracer follows batches on their way. Its method is called from many
// goroutines and must not block.
type Tracer interface {
	// Batch reports a batch that is durable, or that failed at its last stage.
	Batch(BatchTrace)
}

// BatchTrace is the way of one batch.
type BatchTrace struct {
	TopicPartition
	First, Last int64 // offsets
	Rows        int
	Stages      []StageTime // in the order in which they began; the callee's
	Parents     []string    // W3C traceparents of its messages, at most maxParents
	Err         error       // what failed; nil: the batch is durable
}

// StageTime is when a batch was in a stage. A stage that was entered more than
// once, such as the fetching of several chunks, spans them all; Took is the time
// inside.
type StageTime struct {
	Stage        Stage
	Began, Ended time.Time
	Took         time.Duration
}

// stageTimes collects the stages of a batch in the order in which they began.
type stageTimes []StageTime

func (s *stageTimes) add(stage Stage, began, ended time.Time) {
	for i := range *s {
		if t := &(*s)[i]; t.Stage == stage {
			t.Ended = ended
			t.Took += ended.Sub(began)
			return
		}
	}
	*s = append(*s, StageTime{Stage: stage, Began: began, Ended: ended, Took: ended.Sub(began)})
}

// took sums up the stages.
func (s stageTimes) took() map[Stage]time.Duration {
	sums := make(map[Stage]time.Duration, len(s))
	for _, t := range s {
		sums[t.Stage] = t.Took
	}
	return sums
}

const (
	headerTraceparent = "traceparent" // W3C Trace Context, section 3.2
	maxTraceparent    = 128           // bytes: version 00 has 55
	maxParents        = 16            // a batch names no more of its messages' traces
)

// trace reports the batch, if anybody listens.
func (p *partition) trace(records []Record, times stageTimes, err error) {
	if p.Tracer == nil {
		return
	}
	last := records[len(records)-1]
	p.Tracer.Batch(BatchTrace{
		TopicPartition: p.tp, First: records[0].Offset, Last: last.Offset + last.Span - 1, Rows: len(records),
		Stages: slices.Clone(times), Parents: parents(records), Err: err,
	})
}

// parents are the distinct traces that the messages came with.
func parents(records []Record) []string {
	var found []string
	for i := range records {
		for _, h := range records[i].Headers {
			if h.Key != headerTraceparent || len(h.Value) > maxTraceparent {
				continue
			}
			if !slices.ContainsFunc(found, func(one string) bool { return one == string(h.Value) }) {
				found = append(found, string(h.Value))
			}
		}
		if len(found) >= maxParents {
			return found[:maxParents]
		}
	}
	return found
}
