package pipeline

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// TestBatchesShareMemory: what all batches hold together does not grow with the
// number of partitions.
func TestBatchesShareMemory(t *testing.T) {
	const shared, perPartition = 8_000, 60
	for _, partitions := range []int{1, 4, 16} {
		t.Run(fmt.Sprint(partitions), func(t *testing.T) {
			l := &log{topic: "feedback.events", parts: make([][]Message, partitions)}
			largest := 0
			for p := range partitions {
				for i := range perPartition {
					value := eventJSON(fmt.Sprint(p, "-", i))
					largest = max(largest, len(value)+rowOverhead)
					l.add(p, value, "")
				}
			}
			tab := healthyTable()
			w := testWorker(l, tab)
			w.Config.BatchRows, w.Config.SharedBytes, w.Config.BatchDelay = 1_000, shared, 10*time.Millisecond
			most := shared/partitions/(largest-20) + 1 // a batch ends with the row that fills it; ids differ in length
			sink := w.Sink
			w.Sink = sinkFuncs{recover: sink.Recover, stored: sink.Stored, write: func(ctx context.Context, b Batch) error {
				if len(b.Records) > most {
					t.Errorf("a batch of %d rows, at most %d fit", len(b.Records), most)
				}
				return sink.Write(ctx, b)
			}}
			runCovered(t, w, l, tab)
		})
	}
}

func TestBytesEach(t *testing.T) {
	for _, c := range []struct{ batch, shared, partitions, want int }{
		{1000, 0, 8, 1000},
		{1000, 4000, 2, 1000},
		{1000, 4000, 8, 500},
		{1000, 4000, 0, 1000}, // a share may be empty
		{1000, 4, 8, 1},       // one row at a time
	} {
		if got := (WorkerConfig{BatchBytes: c.batch, SharedBytes: c.shared}).bytesEach(c.partitions); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}
