package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// logOf is a topic of one partition with n events.
func logOf(n int) *log {
	l := &log{topic: "feedback.events", parts: make([][]Message, 1)}
	for i := range n {
		l.add(0, eventJSON(fmt.Sprint("id-", i)), "")
	}
	return l
}

func healthyTable() *table { return &table{fault: func() fault { return faultNone }} }

// runCovered runs w until t covers l.
func runCovered(tb testing.TB, w *Worker, l *log, t *table) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	sink := w.Sink
	w.Sink = sinkFuncs{recover: sink.Recover, stored: sink.Stored, write: func(ctx context.Context, b Batch) error {
		err := sink.Write(ctx, b)
		if t.covered(l) {
			cancel()
		}
		return err
	}}
	if err := w.Run(ctx); err != nil {
		tb.Fatal(err)
	}
	if !t.covered(l) {
		tb.Fatal("the table does not fill")
	}
}

func TestPanickingAnalysisIsADeadLetter(t *testing.T) {
	l, tab := logOf(10), healthyTable()
	w := testWorker(l, tab)
	w.Analyzer = analyzerFunc(func(e *Event) Analysis {
		if e.ID == "id-4" {
			panic("index out of range")
		}
		return Analysis{Model: "test"}
	})
	var published []Record
	w.DeadLetters = deadLettersFunc(func(_ context.Context, dead []Record) error {
		published = append(published, dead...)
		return nil
	})
	runCovered(t, w, l, tab)
	if len(published) != 1 || published[0].Offset != 4 || published[0].Reject.Reason != AnalysisFailed || string(published[0].Value) != string(eventJSON("id-4")) {
		t.Errorf("dead letters: %+v", published)
	}
	if n := len(tab.rows); n != 10 {
		t.Errorf("%d rows", n)
	}
}

func TestWorkerRetriesUntilThePortsWork(t *testing.T) {
	l, tab := logOf(30), healthyTable()
	w := testWorker(l, tab)
	var mu sync.Mutex
	left := map[Stage]int{}
	fails := func(stage Stage) error {
		mu.Lock()
		defer mu.Unlock()
		if left[stage]++; left[stage] <= 3 {
			return errors.New("down")
		}
		return nil
	}
	source, sink := l.source(), tab.sink()
	w.Source = sourceFuncs{commit: source.commit, bounds: source.bounds,
		fetch: func(ctx context.Context, tp TopicPartition, o int64) (Chunk, error) {
			if err := fails(StageFetch); err != nil {
				return Chunk{}, err
			}
			return source.fetch(ctx, tp, o)
		}}
	w.Sink = sinkFuncs{write: sink.write,
		recover: func(ctx context.Context, tp TopicPartition) (Standing, error) {
			if err := fails(StageRecover); err != nil {
				return Standing{}, err
			}
			return sink.recover(ctx, tp)
		},
		stored: func(ctx context.Context, ids []string) (map[string]Position, error) {
			if err := fails(StageCheck); err != nil {
				return nil, err
			}
			return sink.stored(ctx, ids)
		}}
	runCovered(t, w, l, tab)
	if err := tab.check(l); err != nil {
		t.Error(err)
	}
	seen := w.Observer.(*recorder).troubles
	for _, stage := range []Stage{StageFetch, StageRecover, StageCheck} {
		if n := len(slices.DeleteFunc(slices.Clone(seen), func(s Stage) bool { return s != stage })); n != 3 {
			t.Errorf("%s failed 3 times, reported %d times", stage, n)
		}
	}
}

// TestPausesWhileTheSinkIsDown: nothing is fetched beyond what is queued, and
// the worker catches up by itself.
func TestPausesWhileTheSinkIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, tab := logOf(2000), healthyTable()
		w := testWorker(l, tab)
		w.Config.Backoff = Backoff{Min: 100 * time.Millisecond, Max: 5 * time.Second}
		var mu sync.Mutex
		fetches, down := 0, true
		source, sink := l.source(), tab.sink()
		w.Source = sourceFuncs{commit: source.commit, bounds: source.bounds,
			fetch: func(ctx context.Context, tp TopicPartition, o int64) (Chunk, error) {
				mu.Lock()
				fetches++
				mu.Unlock()
				return source.fetch(ctx, tp, o)
			}}
		isDown := func() bool { mu.Lock(); defer mu.Unlock(); return down }
		w.Sink = sinkFuncs{stored: sink.stored,
			recover: func(ctx context.Context, tp TopicPartition) (Standing, error) {
				if isDown() && len(w.Observer.(*recorder).troubles) > 0 {
					return Standing{}, errors.New("down")
				}
				return sink.recover(ctx, tp)
			},
			write: func(ctx context.Context, b Batch) error {
				if isDown() {
					return errors.New("down")
				}
				return sink.write(ctx, b)
			}}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- w.Run(ctx) }()
		time.Sleep(10 * time.Minute)
		mu.Lock()
		if fetches > 10 {
			t.Errorf("%d fetches while the sink was down", fetches)
		}
		down = false
		mu.Unlock()
		time.Sleep(time.Minute)
		cancel()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if err := tab.check(l); err != nil {
			t.Error(err)
		}
	})
}

func TestPositionOutsideTheLogStops(t *testing.T) {
	cases := []struct {
		name             string
		next, first, end int64
		want             string
	}{
		{"retention ran ahead", 10, 50, 100, "40 offsets unread"},
		{"topic made anew", 500, 0, 20, "made anew"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := testWorker(logOf(0), healthyTable())
				w.Source = sourceFuncs{bounds: func(context.Context, TopicPartition) (int64, int64, error) { return c.first, c.end, nil }}
				w.Sink = sinkFuncs{recover: func(context.Context, TopicPartition) (Standing, error) {
					return Standing{Next: c.next, Found: true}, nil
				}}
				err := w.Run(t.Context())
				var outside *PositionError
				if !errors.As(err, &outside) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("Run: %v", err)
				}
			})
		})
	}
}

func TestAcceptedLossIsARow(t *testing.T) {
	l, tab := logOf(100), healthyTable()
	tab.rows = []Record{{Message: Message{Position: Position{TopicPartition{l.topic, 0}, 0}, Span: 10, SkipReason: "compacted"}, Outcome: OutcomeSkipped}}
	w := testWorker(l, tab)
	w.Config.AcceptLoss = true
	source := l.source()
	source.bounds = func(context.Context, TopicPartition) (int64, int64, error) { return 60, 100, nil }
	w.Source = source
	runCovered(t, w, l, tab)
	lost := tab.rows[1]
	if lost.Offset != 10 || lost.Span != 50 || lost.SkipReason != skipLost || lost.Outcome != OutcomeSkipped {
		t.Errorf("the lost offsets are %+v", lost)
	}
	if next := tab.rows[2].Offset; next != 60 {
		t.Errorf("reading goes on at %d", next)
	}
}

func TestSourceThatBreaksItsPromiseStops(t *testing.T) {
	l := logOf(10)
	w := testWorker(l, healthyTable())
	source := l.source()
	source.fetch = func(context.Context, TopicPartition, int64) (Chunk, error) {
		return Chunk{Messages: []Message{l.parts[0][3]}, End: 10}, nil
	}
	w.Source = source
	if err := w.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "offset 3") {
		t.Errorf("Run: %v", err)
	}
}

// TestStopWritesWhatIsAnalysed: a stop lets the pending batch be written, and
// is bounded when the sink hangs.
func TestStopWritesWhatIsAnalysed(t *testing.T) {
	for _, hangs := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			l, tab := logOf(10), healthyTable()
			w := testWorker(l, tab)
			w.Config.BatchDelay, w.Config.DrainTimeout = time.Hour, 3*time.Second
			if hangs {
				w.Sink = sinkFuncs{recover: tab.recover, stored: tab.stored, write: func(ctx context.Context, _ Batch) error {
					<-ctx.Done()
					return ctx.Err()
				}}
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- w.Run(ctx) }()
			time.Sleep(time.Minute)
			cancel()
			began := time.Now()
			if err := <-done; err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("hangs %v: the stop took %v", hangs, took)
			}
			if want := map[bool]int{false: 10, true: 0}[hangs]; len(tab.rows) != want {
				t.Errorf("hangs %v: %d rows, want %d", hangs, len(tab.rows), want)
			}
		})
	}
}

func TestAssigned(t *testing.T) {
	w := testWorker(logOf(0), healthyTable())
	w.Config.Partitions = []int32{0, 1, 2, 3, 4}
	w.Config.Index, w.Config.Of = 1, 2
	tps, err := w.Assigned()
	if err != nil || len(tps) != 2 || tps[0].Partition != 1 || tps[1].Partition != 3 {
		t.Errorf("%v, %v", tps, err)
	}
	for _, bad := range []WorkerConfig{{}, {Index: 2, Of: 2}, {Index: -1, Of: 1}, {Of: 1}} {
		if _, err := (&Worker{Config: bad}).Assigned(); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}

func TestBatchPolicy(t *testing.T) {
	b := &batch{limits: batchLimits{rows: 3, bytes: 10_000, delay: time.Second}}
	if _, waiting := b.due(testNow); waiting {
		t.Error("an empty batch is due")
	}
	b.add(Record{}, 10, testNow)
	b.add(Record{}, 10, testNow.Add(900*time.Millisecond))
	if wait, waiting := b.due(testNow.Add(900 * time.Millisecond)); !waiting || wait != 100*time.Millisecond {
		t.Errorf("due in %v, %v", wait, waiting)
	}
	if wait, _ := b.due(testNow.Add(2 * time.Second)); wait != 0 || b.full() {
		t.Errorf("overdue: %v, full %v", wait, b.full())
	}
	if b.add(Record{}, 10, testNow); !b.full() {
		t.Error("three rows are not full")
	}
	b.reset()
	if b.add(Record{}, 9_900, testNow); !b.full() {
		t.Error("bytes do not count")
	}
}

func TestClaims(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tp := TopicPartition{"t", 0}
		claims := NewClaims([]TopicPartition{tp})
		ctx, cancel := context.WithCancel(t.Context())
		got := make(chan error, 1)
		acquire := func(ids ...string) { go func() { got <- claims.Acquire(ctx, ids) }(); synctest.Wait() }
		acquire("a", "b")
		if len(got) != 0 {
			t.Fatal("an id was given before the partition was recovered")
		}
		claims.Recovered(tp, nil)
		if err := <-got; err != nil {
			t.Fatal(err)
		}
		acquire("c", "b")
		if len(got) != 0 {
			t.Fatal("b was given twice")
		}
		if err := claims.Acquire(ctx, []string{"c"}); err != nil { // the waiting one holds nothing
			t.Fatal(err)
		}
		claims.Release([]string{"a", "b"})
		if synctest.Wait(); len(got) != 0 {
			t.Fatal("c was given twice")
		}
		cancel()
		if err := <-got; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestBackoff(t *testing.T) {
	b := Backoff{Min: 100 * time.Millisecond, Max: time.Second}
	for failures, top := range map[int]time.Duration{1: 100 * time.Millisecond, 2: 200 * time.Millisecond, 4: 800 * time.Millisecond, 9: time.Second, 1000: time.Second} {
		for range 50 {
			if d := b.delay(failures); d < top/2 || d > top {
				t.Fatalf("delay(%d) = %v", failures, d)
			}
		}
	}
}
