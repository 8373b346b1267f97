package pipeline

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// classified is an error that testClassifier knows.
type classified FailureClass

func (e classified) Error() string { return "a " + string(e) + " failure" }

func testClassifier(err error) (Failure, bool) {
	var c classified
	if !errors.As(err, &c) {
		return Failure{}, false
	}
	return Failure{Class: FailureClass(c), Advice: "do something"}, true
}

func TestClassify(t *testing.T) {
	cases := []struct {
		err  error
		want FailureClass
	}{
		{errors.New("never heard of"), Retryable},
		{fmt.Errorf("insert: %w", classified(FailsBatch)), FailsBatch},
		{classified(FailsRecord), FailsRecord},
		{classified(Fatal), Fatal},
	}
	for _, c := range cases {
		if got := Classify(c.err, testClassifier).Class; got != c.want {
			t.Errorf("%v is %s, want %s", c.err, got, c.want)
		}
	}
}

// failing makes the first n writes fail with err, and notes the size of each.
func failing(tab *table, n int, err error, sizes *[]int) sinkFuncs {
	sink := tab.sink()
	write := sink.write
	sink.write = func(ctx context.Context, b Batch) error {
		*sizes = append(*sizes, len(b.Records))
		if len(*sizes) <= n {
			return err
		}
		return write(ctx, b)
	}
	return sink
}

func TestRetryableFailuresKeepTheBatch(t *testing.T) {
	l, tab := logOf(200), healthyTable()
	w := testWorker(l, tab)
	w.Config.BatchDelay, w.Classifiers = time.Second, []Classifier{testClassifier}
	var sizes []int
	w.Sink = failing(tab, 4, classified(Retryable), &sizes)
	runCovered(t, w, l, tab)
	if want := []int{25, 25, 25, 25, 25}; !slices.Equal(sizes[:5], want) {
		t.Errorf("batches of %v rows, want %v", sizes[:5], want)
	}
}

func TestBatchFailuresMakeSmallerBatches(t *testing.T) {
	l, tab := logOf(200), healthyTable()
	w := testWorker(l, tab)
	w.Config.BatchDelay, w.Classifiers = time.Second, []Classifier{testClassifier}
	var sizes []int
	w.Sink = failing(tab, 6, classified(FailsBatch), &sizes)
	runCovered(t, w, l, tab)
	if want := []int{25, 12, 6, 3, 1, 1, 1, 1, 1, 3, 6, 12, 25}; !slices.Equal(sizes[:len(want)], want) {
		t.Errorf("batches of %v rows, want %v", sizes, want)
	}
	if err := tab.check(l); err != nil {
		t.Error(err)
	}
}

func TestFatalFailuresEndTheWorker(t *testing.T) {
	for _, stage := range []Stage{StageRecover, StageCheck, StageWrite, StageFetch} {
		t.Run(string(stage), func(t *testing.T) {
			l, tab := logOf(50), healthyTable()
			w := testWorker(l, tab)
			w.Classifiers = []Classifier{testClassifier}
			sink, source := tab.sink(), l.source()
			switch stage {
			case StageRecover:
				sink.recover = func(context.Context, TopicPartition) (Standing, error) { return Standing{}, classified(Fatal) }
			case StageCheck:
				sink.stored = func(context.Context, []string) (map[string]Position, error) { return nil, classified(Fatal) }
			case StageWrite:
				sink.write = func(context.Context, Batch) error { return classified(Fatal) }
			case StageFetch:
				source.fetch = func(context.Context, TopicPartition, int64) (Chunk, error) { return Chunk{}, classified(Fatal) }
			}
			w.Sink, w.Source = sink, source
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			err := w.Run(ctx)
			var fatal *FatalError
			if !errors.As(err, &fatal) || !strings.Contains(err.Error(), "do something") || !strings.Contains(err.Error(), string(stage)) {
				t.Errorf("Run: %v", err)
			}
		})
	}
}

// A server that shuts down may say for a moment that its tables are not there.
func TestFatalFailureThatPasses(t *testing.T) {
	l, tab := logOf(50), healthyTable()
	w := testWorker(l, tab)
	w.Classifiers = []Classifier{testClassifier}
	var sizes []int
	w.Sink = failing(tab, fatalLooks-1, classified(Fatal), &sizes)
	runCovered(t, w, l, tab)
}

// refusing is a sink that takes no batch with one of the ids.
func refusing(tab *table, refusals *int, bad ...string) sinkFuncs {
	sink := tab.sink()
	write := sink.write
	sink.write = func(ctx context.Context, b Batch) error {
		for _, r := range b.Records {
			if r.Outcome == OutcomeEvent && slices.Contains(bad, r.Event.ID) {
				*refusals++
				return fmt.Errorf("row of %s: %w", r.Event.ID, classified(FailsRecord))
			}
		}
		return write(ctx, b)
	}
	return sink
}

// TestRefusedRecordsAreDead: whatever records the sink refuses, they alone
// become dead letters, with its message and their bytes, and each costs no more
// than log2(n) further refusals.
func TestRefusedRecordsAreDead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 150).Draw(t, "events")
		l, tab := logOf(n), healthyTable()
		w := testWorker(l, tab)
		w.Config.BatchRows = rapid.IntRange(1, 64).Draw(t, "batch")
		w.Config.BatchDelay, w.Classifiers = 20*time.Millisecond, []Classifier{testClassifier}
		offsets := rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 0, min(n, 4), rapid.ID[int]).Draw(t, "bad")
		var bad []string
		for _, o := range offsets {
			bad = append(bad, fmt.Sprint("id-", o))
		}
		refusals := 0
		w.Sink = refusing(tab, &refusals, bad...)
		runToCover(t, w, l, tab)
		var dead []int
		for _, r := range tab.rows {
			if r.Outcome != OutcomeDead {
				continue
			}
			dead = append(dead, int(r.Offset))
			id := fmt.Sprint("id-", r.Offset)
			if r.Reject.Reason != Refused || !strings.Contains(r.Reject.Detail, "row of "+id) || string(r.Value) != string(eventJSON(id)) {
				t.Fatalf("dead letter %+v", r)
			}
		}
		slices.Sort(offsets)
		if !slices.Equal(dead, offsets) || len(tab.rows) != n {
			t.Fatalf("dead are %v of %d rows, want %v of %d", dead, len(tab.rows), offsets, n)
		}
		if most := len(bad) * (1 + bits.Len(uint(w.Config.BatchRows-1))); refusals > most {
			t.Fatalf("%d refusals for %d records in batches of %d", refusals, len(bad), w.Config.BatchRows)
		}
	})
}

// runToCover is runCovered for a property.
func runToCover(t *rapid.T, w *Worker, l *log, tab *table) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	sink := w.Sink.(sinkFuncs)
	write := sink.write
	sink.write = func(ctx context.Context, b Batch) error {
		err := write(ctx, b)
		if tab.covered(l) {
			cancel()
		}
		return err
	}
	w.Sink = sink
	if err := w.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if !tab.covered(l) {
		t.Fatal("the table does not fill")
	}
}

func TestTableThatTakesNotEvenTheDeadLetterStops(t *testing.T) {
	l, tab := logOf(3), healthyTable()
	w := testWorker(l, tab)
	w.Classifiers = []Classifier{testClassifier}
	sink := tab.sink()
	sink.write = func(context.Context, Batch) error { return classified(FailsRecord) }
	w.Sink = sink
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := w.Run(ctx); err == nil || !strings.Contains(err.Error(), "not even as a dead letter") {
		t.Errorf("Run: %v", err)
	}
}

// A topic that was made anew and has grown past the table's position has bounds
// that look right.
func TestTopicMadeAnewIsNoticed(t *testing.T) {
	l, tab := logOf(100), healthyTable()
	for i := range 40 {
		tab.rows = append(tab.rows, Record{Message: Message{Position: Position{TopicPartition{l.topic, 0}, int64(i)}, Span: 1, Time: testNow.Add(-time.Hour)},
			Outcome: OutcomeSkipped})
	}
	w := testWorker(l, tab)
	err := w.Run(t.Context())
	var other *PositionError
	if !errors.As(err, &other) || other.Next != 40 || !strings.Contains(err.Error(), "earshot position") {
		t.Fatalf("Run: %v", err)
	}
	tab.rows[39].Time = testNow // the same record
	runCovered(t, w, l, tab)
}

// TestOutageIsToldOnce: however long the sink is down, the log has few lines,
// and one when it is over.
func TestOutageIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, tab := logOf(200), healthyTable()
		w := testWorker(l, tab)
		lines := &logLines{}
		w.Log = lines.logger()
		w.Config.Backoff = Backoff{Min: 100 * time.Millisecond, Max: 2 * time.Second}
		up := time.Now().Add(time.Hour)
		sink := tab.sink()
		write := sink.write
		sink.write = func(ctx context.Context, b Batch) error {
			if time.Now().Before(up) {
				return errLost
			}
			return write(ctx, b)
		}
		w.Sink = sink
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour+5*time.Second)
		defer cancel()
		if err := w.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if !tab.covered(l) {
			t.Error("not everything is stored five seconds after the sink is back")
		}
		if n := lines.count("paused"); n != 7 { // at the beginning, then after 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 minutes
			t.Errorf("%d lines about the outage:\n%s", n, lines)
		}
		if n := lines.count("works again"); n != 1 || lines.count("") > 12 {
			t.Errorf("%d ends, %d lines in all:\n%s", n, lines.count(""), lines)
		}
		if n := len(w.Observer.(*recorder).troubles); n < 1000 {
			t.Errorf("the observer was told %d times", n)
		}
	})
}

// TestDeadLetterThatItsTopicRefuses is a row all the same.
func TestDeadLetterThatItsTopicRefuses(t *testing.T) {
	l, tab := logOf(20), healthyTable()
	for range 3 {
		l.add(0, []byte("{not json"), "")
	}
	w := testWorker(l, tab)
	w.Classifiers = []Classifier{testClassifier}
	published := 0
	w.DeadLetters = deadLettersFunc(func(_ context.Context, dead []Record) error {
		for _, r := range dead {
			if r.Offset == 21 {
				return classified(FailsRecord)
			}
		}
		published += len(dead)
		return nil
	})
	runCovered(t, w, l, tab)
	if err := tab.check(l); err != nil || published != 2 {
		t.Errorf("%d letters published, %v", published, err)
	}
}
