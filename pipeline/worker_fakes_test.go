package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var testNow = time.Date(2026, 7, 3, 12, 0, 0, 0, time.UTC)

// sourceFuncs, sinkFuncs and deadLettersFuncs are ports made of functions; a
// missing function fails the test by a nil call.
type sourceFuncs struct {
	fetch  func(context.Context, TopicPartition, int64) (Chunk, error)
	bounds func(context.Context, TopicPartition) (int64, int64, error)
	commit func(context.Context, TopicPartition, int64) error
}

func (f sourceFuncs) Fetch(ctx context.Context, tp TopicPartition, offset int64) (Chunk, error) {
	return f.fetch(ctx, tp, offset)
}
func (f sourceFuncs) Bounds(ctx context.Context, tp TopicPartition) (int64, int64, error) {
	return f.bounds(ctx, tp)
}
func (f sourceFuncs) Commit(ctx context.Context, tp TopicPartition, next int64) error {
	return f.commit(ctx, tp, next)
}

type sinkFuncs struct {
	recover func(context.Context, TopicPartition) (Standing, error)
	stored  func(context.Context, []string) (map[string]Position, error)
	write   func(context.Context, Batch) error
}

func (f sinkFuncs) Recover(ctx context.Context, tp TopicPartition) (Standing, error) {
	return f.recover(ctx, tp)
}
func (f sinkFuncs) Stored(ctx context.Context, ids []string) (map[string]Position, error) {
	return f.stored(ctx, ids)
}
func (f sinkFuncs) Write(ctx context.Context, b Batch) error { return f.write(ctx, b) }

type deadLettersFunc func(context.Context, []Record) error

func (f deadLettersFunc) Publish(ctx context.Context, dead []Record) error { return f(ctx, dead) }

type analyzerFunc func(*Event) Analysis

func (f analyzerFunc) Analyze(e *Event) Analysis { return f(e) }

var (
	_ Source      = sourceFuncs{}
	_ Sink        = sinkFuncs{}
	_ DeadLetters = deadLettersFunc(nil)
	_ Analyzer    = analyzerFunc(nil)
	_ Observer    = (*recorder)(nil)
)

// log is a Kafka topic in memory: for each partition what every offset holds.
type log struct {
	topic string
	parts [][]Message // one entry an offset
}

// eventJSON is a valid event with the id.
func eventJSON(id string) []byte {
	value, err := json.Marshal(map[string]any{"id": id, "source": "review",
		"occurred_at": testNow.Add(-time.Hour).Format(time.RFC3339), "text": "The soup was cold."})
	if err != nil {
		panic(err)
	}
	return value
}

func (l *log) add(partition int, value []byte, skip string) {
	tp := TopicPartition{l.topic, int32(partition)}
	offset := int64(len(l.parts[partition]))
	l.parts[partition] = append(l.parts[partition], Message{Position: Position{tp, offset}, Value: value,
		Time: testNow, Span: 1, SkipReason: skip})
}

// source reads the log in chunks of random length and joins runs of skipped offsets.
func (l *log) source() sourceFuncs {
	return sourceFuncs{
		fetch: func(_ context.Context, tp TopicPartition, offset int64) (Chunk, error) {
			part := l.parts[tp.Partition]
			end := int64(len(part))
			if offset < 0 || offset > end {
				return Chunk{}, ErrOffsetOutOfRange
			}
			chunk := Chunk{End: end}
			for _, m := range part[offset:min(end, offset+1+rand.Int64N(40))] {
				n := len(chunk.Messages)
				if n > 0 && m.SkipReason != "" && chunk.Messages[n-1].SkipReason == m.SkipReason {
					chunk.Messages[n-1].Span++
					continue
				}
				chunk.Messages = append(chunk.Messages, m)
			}
			return chunk, nil
		},
		bounds: func(_ context.Context, tp TopicPartition) (int64, int64, error) {
			return 0, int64(len(l.parts[tp.Partition])), nil
		},
		commit: func(context.Context, TopicPartition, int64) error { return nil },
	}
}

// table is a Sink in memory whose inserts go wrong like real ones.
type table struct {
	mu      sync.Mutex
	rows    []Record
	zombies []Batch // answered with an error, outcome open
	fault   func() fault
	lying   bool // Recover does not fence
}

type fault int

const (
	faultNone   fault = iota
	faultBefore       // error, nothing stored
	faultAfter        // error, stored
	faultZombie       // error, decided later: the insert still runs on the server
)

var errLost = errors.New("connection lost")

func (t *table) sink() sinkFuncs {
	return sinkFuncs{recover: t.recover, stored: t.stored, write: t.write}
}

func (t *table) write(_ context.Context, b Batch) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, r := range b.Records {
		if r.TopicPartition != b.TopicPartition {
			return fmt.Errorf("row %d is of partition %v", i, r.TopicPartition)
		}
	}
	switch t.fault() {
	case faultBefore:
		return errLost
	case faultAfter:
		t.rows = append(t.rows, b.Records...)
		return errLost
	case faultZombie:
		b.Records = slices.Clone(b.Records)
		t.zombies = append(t.zombies, b)
		return errLost
	default:
		t.rows = append(t.rows, b.Records...)
		return nil
	}
}

// recover decides the partition's zombies first; a lying one leaves them to
// come in later.
func (t *table) recover(_ context.Context, tp TopicPartition) (stand Standing, err error) {
	time.Sleep(rand.N(2 * time.Millisecond)) // partitions get ready at different times
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.lying {
		t.settle(tp)
	}
	for _, r := range t.rows {
		if r.TopicPartition == tp {
			stand.Found = true
			if next := r.Offset + r.Span; next > stand.Next {
				stand.Next, stand.Last = next, r.Time
			}
		}
	}
	if t.lying {
		t.settle(tp)
	}
	return stand, nil
}

func (t *table) settle(tp TopicPartition) {
	kept := t.zombies[:0:0]
	for _, z := range t.zombies {
		switch {
		case z.TopicPartition != tp:
			kept = append(kept, z)
		case rand.IntN(2) == 0:
			t.rows = append(t.rows, z.Records...)
		}
	}
	t.zombies = kept
}

func (t *table) stored(_ context.Context, ids []string) (map[string]Position, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	found := map[string]Position{}
	for _, r := range t.rows {
		if r.Outcome == OutcomeEvent && wanted[r.Event.ID] {
			found[r.Event.ID] = r.Position
		}
	}
	return found, nil
}

func (t *table) covered(l *log) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	covered, offsets := int64(0), 0
	for _, r := range t.rows {
		covered += r.Span
	}
	for _, part := range l.parts {
		offsets += len(part)
	}
	return covered >= int64(offsets)
}

// check is the audit: every offset of the log once, with its right outcome, and
// every event id stored once.
func (t *table) check(l *log) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	seen := make([][]int, len(l.parts))
	for p := range l.parts {
		seen[p] = make([]int, len(l.parts[p]))
	}
	events := map[string]Position{}
	for _, r := range t.rows {
		for o := r.Offset; o < r.Offset+r.Span; o++ {
			seen[r.Partition][o]++
		}
		if r.Outcome != OutcomeEvent {
			continue
		}
		if _, twice := events[r.Event.ID]; twice {
			return fmt.Errorf("event %s is stored twice", r.Event.ID)
		}
		events[r.Event.ID] = r.Position
	}
	for p, offsets := range seen {
		for o, n := range offsets {
			if n != 1 {
				return fmt.Errorf("offset %d of partition %d is covered %d times", o, p, n)
			}
		}
	}
	return t.checkOutcomes(l, events)
}

func (t *table) checkOutcomes(l *log, events map[string]Position) error {
	for _, r := range t.rows {
		m := l.parts[r.Partition][r.Offset]
		switch r.Outcome {
		case OutcomeSkipped:
			if m.SkipReason == "" || m.SkipReason != r.SkipReason {
				return fmt.Errorf("%v skipped for %q, the log says %q", r.Position, r.SkipReason, m.SkipReason)
			}
		case OutcomeDuplicate:
			if events[r.Event.ID] != r.First {
				return fmt.Errorf("%v is a duplicate of %v, the event is at %v", r.Position, r.First, events[r.Event.ID])
			}
		case OutcomeDead:
			if m.SkipReason != "" || json.Valid(m.Value) || string(r.Value) != string(m.Value) {
				return fmt.Errorf("%v is dead without a reason, or lost its bytes", r.Position)
			}
		case OutcomeEvent:
			if m.SkipReason != "" || r.Analysis.Model == "" {
				return fmt.Errorf("%v is an event that was skipped or not analysed", r.Position)
			}
		}
	}
	return nil
}

// testWorker reads all partitions of l into t.
func testWorker(l *log, t *table) *Worker {
	partitions := make([]int32, len(l.parts))
	for p := range partitions {
		partitions[p] = int32(p)
	}
	return &Worker{
		Source: l.source(), Sink: t.sink(), Observer: &recorder{},
		Analyzer:    analyzerFunc(func(*Event) Analysis { return Analysis{Model: "test"} }),
		DeadLetters: deadLettersFunc(func(context.Context, []Record) error { return nil }),
		Log:         slog.New(slog.DiscardHandler),
		Now:         func() time.Time { return testNow },
		Config: WorkerConfig{Topic: l.topic, Partitions: partitions, Of: 1,
			BatchRows: 25, BatchBytes: 1 << 20, BatchDelay: 0, CallTimeout: 5 * time.Second, DrainTimeout: time.Second,
			Backoff: Backoff{Min: 10 * time.Microsecond, Max: time.Millisecond}},
	}
}
