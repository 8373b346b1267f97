package pipeline

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawLog makes a topic of events (few ids, so that many repeat, in other
// partitions, too), junk and skipped offsets.
func drawLog(t *rapid.T) *log {
	l := &log{topic: "feedback.events", parts: make([][]Message, rapid.IntRange(1, 3).Draw(t, "partitions"))}
	for p := range l.parts {
		for range rapid.IntRange(0, 120).Draw(t, "length") {
			switch kind := rapid.IntRange(0, 9).Draw(t, "kind"); kind {
			case 0:
				l.add(p, []byte("{not json \xff"), "")
			case 1:
				l.add(p, nil, "aborted")
			case 2:
				l.add(p, nil, "control")
			default:
				l.add(p, eventJSON(fmt.Sprintf("id-%d", rapid.IntRange(0, 60).Draw(t, "id"))), "")
			}
		}
	}
	return l
}

// runUntilCovered starts workers again and again, each stopped after a few
// writes, until the table covers the log.
func runUntilCovered(t *rapid.T, l *log, tab *table, lives []int) {
	deadline := time.Now().Add(20 * time.Second)
	for life := 0; !tab.covered(l); life++ {
		if time.Now().After(deadline) {
			t.Fatal("the table does not fill")
		}
		ctx, cancel := context.WithCancel(context.Background())
		w := testWorker(l, tab)
		w.Config.BatchRows = 5 + life%30
		left := atomic.Int64{}
		left.Store(1000)
		if life < len(lives) {
			left.Store(int64(lives[life]))
		}
		sink := tab.sink()
		write := sink.write
		sink.write = func(ctx context.Context, b Batch) error {
			err := write(ctx, b)
			if left.Add(-1) <= 0 || tab.covered(l) {
				cancel()
			}
			return err
		}
		w.Sink = sink
		done := time.AfterFunc(300*time.Millisecond, cancel)
		if err := w.Run(ctx); err != nil {
			t.Fatal(err)
		}
		done.Stop()
		cancel()
	}
}

func drawFaults(t *rapid.T) func() fault {
	plan := rapid.SliceOfN(rapid.SampledFrom([]fault{faultNone, faultNone, faultBefore, faultAfter, faultZombie}), 0, 40).Draw(t, "faults")
	var n atomic.Int64
	return func() fault {
		if i := int(n.Add(1)) - 1; i < len(plan) {
			return plan[i]
		}
		return faultNone
	}
}

func TestEveryOffsetExactlyOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLog(t)
		tab := &table{fault: drawFaults(t)}
		runUntilCovered(t, l, tab, rapid.SliceOfN(rapid.IntRange(1, 8), 0, 4).Draw(t, "lives"))
		if err := tab.check(l); err != nil {
			t.Fatal(err)
		}
	})
}

// TestCheckNoticesALyingSink is the negative control: without a fence the same
// workload stores offsets twice, and the check of the test above says so.
func TestCheckNoticesALyingSink(t *testing.T) {
	l := &log{topic: "feedback.events", parts: make([][]Message, 1)}
	for i := range 400 {
		l.add(0, eventJSON(fmt.Sprint("id-", i)), "")
	}
	var n atomic.Int64
	tab := &table{lying: true, fault: func() fault {
		if n.Add(1)%2 == 0 {
			return faultZombie
		}
		return faultNone
	}}
	ctx, cancel := context.WithCancel(context.Background())
	w := testWorker(l, tab)
	time.AfterFunc(2*time.Second, cancel)
	sink := tab.sink()
	sink.write = func(ctx context.Context, b Batch) error {
		err := tab.write(ctx, b)
		if tab.covered(l) {
			cancel()
		}
		return err
	}
	w.Sink = sink
	if err := w.Run(ctx); err != nil {
		t.Fatal(err)
	}
	err := tab.check(l)
	if err == nil || !(strings.Contains(err.Error(), "twice") || strings.Contains(err.Error(), "times")) {
		t.Fatalf("a sink without a fence went unnoticed: %v", err)
	}
}
