package pipeline

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Analyzers are exchanged at any moment; one of them scored all rows of a batch, and
// none that was put away scores again in a partition.
func TestOneAnalyzerABatch(t *testing.T) {
	l, tab := logOf(600), healthyTable()
	w := testWorker(l, tab)
	var calls atomic.Int64
	var putting sync.Mutex // so that the numbers rise
	turns := int64(0)
	var exchange *Exchange
	var number func(int64) Analyzer
	number = func(n int64) Analyzer {
		return analyzerFunc(func(*Event) Analysis {
			if calls.Add(1)%37 == 0 { // amid a chunk
				putting.Lock()
				turns++
				exchange.Put(number(turns))
				putting.Unlock()
			}
			return Analysis{Model: fmt.Sprintf("%06d", n)}
		})
	}
	exchange = NewExchange(number(0))
	w.Analyzer, w.Exchange = nil, exchange
	latest, seen := map[TopicPartition]string{}, map[string]bool{}
	w.Sink = sinkFuncs{recover: tab.recover, stored: tab.stored, write: func(ctx context.Context, b Batch) error {
		tab.mu.Lock()
		model := b.Records[0].Analysis.Model
		for _, r := range b.Records {
			if r.Analysis.Model != model {
				t.Errorf("%v was scored by %s in a batch of %s", r.Position, r.Analysis.Model, model)
			}
		}
		if model < latest[b.TopicPartition] {
			t.Errorf("%s scores after %s", model, latest[b.TopicPartition])
		}
		latest[b.TopicPartition], seen[model] = model, true
		tab.mu.Unlock()
		return tab.write(ctx, b)
	}}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	for deadline := time.Now().Add(time.Minute); !tab.covered(l) && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := tab.check(l); err != nil {
		t.Error(err)
	}
	if len(seen) < 3 {
		t.Errorf("only %v scored of %d", seen, turns)
	}
}
