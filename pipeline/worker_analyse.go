package pipeline

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// analyseBlock is how many messages one task of the pool takes: enough to make
// the hand-over cheap, few enough to keep all cores busy on one chunk.
const analyseBlock = 64

// pool runs tasks of all partitions on a fixed number of goroutines.
type pool struct {
	tasks chan func()
	done  sync.WaitGroup
}

func startPool(size int) *pool {
	p := &pool{tasks: make(chan func())}
	for range size {
		p.done.Go(func() {
			for task := range p.tasks {
				task()
			}
		})
	}
	return p
}

// stop waits for the goroutines; nobody may call blocks any more.
func (p *pool) stop() {
	close(p.tasks)
	p.done.Wait()
}

// blocks calls f for consecutive ranges of 0..n on the pool and waits for all.
func (p *pool) blocks(n int, f func(from, to int)) {
	var pending sync.WaitGroup
	for from := 0; from < n; from += analyseBlock {
		pending.Add(1)
		p.tasks <- func() {
			defer pending.Done()
			f(from, min(from+analyseBlock, n))
		}
	}
	pending.Wait()
}

// analyse turns messages into records, in order. It lets go of the messages, so
// that a long chunk does not keep what is no longer needed.
func (p *partition) analyse(messages []Message) []Record {
	records := make([]Record, len(messages))
	p.pool.blocks(len(messages), func(from, to int) {
		for i := from; i < to; i++ {
			records[i] = p.record(messages[i])
			messages[i] = Message{}
		}
	})
	return records
}

// record decodes and scores one message. A panic inside costs this message
// alone: it becomes a dead letter.
func (p *partition) record(m Message) (r Record) {
	defer func() {
		if cause := recover(); cause != nil {
			p.log.Error("analysis panicked", "offset", m.Offset, "cause", cause, "stack", string(debug.Stack()))
			r = Record{Message: m, Outcome: OutcomeDead,
				Reject: &Reject{Reason: AnalysisFailed, Detail: fmt.Sprint(cause)}}
		}
	}()
	if m.SkipReason != "" {
		return Record{Message: m, Outcome: OutcomeSkipped}
	}
	if reject := p.refused[m.Offset]; reject != nil {
		return Record{Message: m, Outcome: OutcomeDead, Reject: reject}
	}
	event, reject := Decode(m, p.Now())
	if reject != nil {
		return Record{Message: m, Outcome: OutcomeDead, Reject: reject}
	}
	r = Record{Message: m, Outcome: OutcomeEvent, Event: event, Analysis: (*p.analyzer).Analyze(event)}
	r.Value = nil // the event says it all; only a dead letter needs the original
	return r
}
