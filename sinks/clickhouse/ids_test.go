package clickhouse

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"earshot/pipeline"
)

// keeper is a writer with a loaded filter, as one worker process has.
func keeper(t testing.TB, conn driver.Conn) *Writer {
	t.Helper()
	w, err := NewWriter(context.Background(), conn, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.KeepIDs(1<<20, slog.New(slog.DiscardHandler)))
	awaitLoaded(t, w)
	return w
}

func awaitLoaded(t testing.TB, w *Writer) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !w.ids.loaded(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the stored ids are not loaded")
		}
	}
}

// idBatchOf is a batch of events with these ids from offset on.
func idBatchOf(tp pipeline.TopicPartition, offset int64, ids ...string) pipeline.Batch {
	b := batchOf(tp, offset, len(ids))
	b.IngestedAt = time.Now()
	for i, id := range ids {
		b.Records[i].Event.ID = id
	}
	return b
}

// deliver does with a batch what the pipeline does, and returns the ids that
// became events.
func deliver(t testing.TB, w *Writer, tp pipeline.TopicPartition, offset int64, ids []string) (fresh []string) {
	t.Helper()
	b := idBatchOf(tp, offset, ids...)
	stored, err := w.Stored(context.Background(), ids)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.Records {
		if _, found := stored[ids[i]]; found {
			b.Records[i].Outcome = pipeline.OutcomeDuplicate
			continue
		}
		fresh = append(fresh, ids[i])
	}
	if err := w.Write(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	return fresh
}

// TestKeptIDsAreTheTables lets three processes write, hand partitions over,
// restart and lose the answers of inserts in a random order, and holds every
// look-up of each against a model.
func TestKeptIDsAreTheTables(t *testing.T) {
	_, conn := freshDatabase(t)
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			m := &idModel{T: t, rng: newRand(seed), conn: conn, topic: fmt.Sprintf("run-%d", seed), stored: map[string]pipeline.Position{}}
			for range 3 {
				m.writers = append(m.writers, keeper(t, conn))
			}
			for range 20 {
				m.step()
				m.check()
			}
		})
	}
}

type idModel struct {
	*testing.T
	rng     *rand.Rand
	conn    driver.Conn
	topic   string
	writers []*Writer
	next    [4]int64
	stored  map[string]pipeline.Position
	renamed int
}

func (m *idModel) step() {
	switch n := m.rng.IntN(25); {
	case n == 0:
		m.archive()
	case n < 3:
		m.writers[m.rng.IntN(len(m.writers))] = keeper(m.T, m.conn)
	case n < 6:
		for _, w := range m.writers {
			awaitLoaded(m.T, w)
		}
	default:
		m.write(n < 10)
	}
}

// write delivers ids, some of them known; lost means that the process never
// hears that its insert succeeded.
func (m *idModel) write(lost bool) {
	m.Helper()
	w := m.writers[m.rng.IntN(len(m.writers))]
	tp := pipeline.TopicPartition{Topic: m.topic, Partition: int32(m.rng.IntN(len(m.next)))}
	ids := make([]string, 0, 12)
	for _, n := range m.rng.Perm(60)[:1+m.rng.IntN(12)] {
		ids = append(ids, fmt.Sprintf("%s-%d", m.topic, n))
	}
	for _, id := range deliver(m.T, w, tp, m.next[tp.Partition], ids) {
		if at, twice := m.stored[id]; twice {
			m.Fatalf("%s is stored at %v and became an event again", id, at)
		}
	}
	if lost {
		w.ids.unknown(tp)
	}
	for i, id := range ids {
		if _, there := m.stored[id]; !there {
			m.stored[id] = pipeline.Position{TopicPartition: tp, Offset: m.next[tp.Partition] + int64(i)}
		}
	}
	m.next[tp.Partition] += int64(len(ids))
}

// archive gives the topic's rows another name, as `position reset` does.
func (m *idModel) archive() {
	m.Helper()
	m.renamed++
	name := fmt.Sprintf("%s-old-%d", m.topic, m.renamed)
	err := m.conn.Exec(context.Background(), "ALTER TABLE records UPDATE kafka_topic = ? WHERE kafka_topic = ? SETTINGS mutations_sync = 1", name, m.topic)
	if err != nil {
		m.Fatal(err)
	}
	for id, at := range m.stored {
		if at.Topic == m.topic {
			at.Topic = name
			m.stored[id] = at
		}
	}
	m.next = [4]int64{}
}

// check holds a look-up of every id against the model.
func (m *idModel) check() {
	m.Helper()
	ids := make([]string, 64)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s-%d", m.topic, i)
	}
	for i, w := range m.writers {
		got, err := w.Stored(context.Background(), ids)
		if err != nil {
			m.Fatal(err)
		}
		if !maps.Equal(got, m.stored) {
			m.Fatalf("writer %d: %d stored, %d in the model\n%v\n%v", i, len(got), len(m.stored), got, m.stored)
		}
	}
}

// TestFilterSparesTheTable shows that new ids are not asked for, and that those
// of another process are.
func TestFilterSparesTheTable(t *testing.T) {
	_, conn := freshDatabase(t)
	ctx := context.Background()
	other := pipeline.TopicPartition{Topic: testTP.Topic, Partition: 7}
	before, err := NewWriter(ctx, conn, nil) // rows that are there at the start
	if err != nil {
		t.Fatal(err)
	}
	if err := before.Write(ctx, idBatchOf(testTP, 0, "a", "b")); err != nil {
		t.Fatal(err)
	}
	one, two := keeper(t, conn), keeper(t, conn)
	perhaps := func(w *Writer, want ...string) {
		t.Helper()
		got, err := w.ids.perhapsStored(ctx, []string{"a", "b", "c", "d", "new"})
		if err != nil || !slices.Equal(got, want) || !w.ids.loaded() {
			t.Errorf("%v, want %v; %v", got, want, err)
		}
	}
	perhaps(one, "a", "b")
	deliver(t, one, testTP, 2, []string{"c", "a"})
	deliver(t, two, other, 0, []string{"d", "b"})
	perhaps(one, "a", "b", "c", "d")
	perhaps(two, "a", "b", "c", "d")
	for query, want := range map[string]int64{
		"SELECT count() FROM feedback":                            4,
		"SELECT count() FROM records WHERE outcome = 'duplicate'": 2,
	} {
		if n := number(t, conn, query); n != want {
			t.Errorf("%s = %d, want %d", query, n, want)
		}
	}
}

// TestClockOfAnotherMachine finds rows that were stamped long ago.
func TestClockOfAnotherMachine(t *testing.T) {
	_, conn := freshDatabase(t)
	one, two := keeper(t, conn), keeper(t, conn)
	deliver(t, one, testTP, 0, []string{"a"})
	if _, err := two.Stored(context.Background(), []string{"a"}); err != nil {
		t.Fatal(err)
	}
	late := idBatchOf(testTP, 1, "b")
	late.IngestedAt = time.Now().AddDate(0, -2, 0)
	if err := one.Write(context.Background(), late); err != nil {
		t.Fatal(err)
	}
	if got, err := two.ids.perhapsStored(context.Background(), []string{"a", "b", "c"}); err != nil || len(got) != 2 || !two.ids.loaded() {
		t.Error(got, err)
	}
}

// TestNothingIsKeptWithoutATable cannot load at first.
func TestNothingIsKeptWithoutATable(t *testing.T) {
	_, conn := freshDatabase(t)
	ctx := context.Background()
	if err := conn.Exec(ctx, "RENAME TABLE records TO away"); err != nil {
		t.Fatal(err)
	}
	x := newIDIndex(conn, 1<<20, slog.New(slog.DiscardHandler))
	if err := x.load(ctx); err == nil || x.loaded() {
		t.Error("loaded from nowhere", err)
	}
	if got, err := x.perhapsStored(ctx, []string{"a"}); err != nil || len(got) != 1 {
		t.Error(got, err)
	}
	if err := conn.Exec(ctx, "RENAME TABLE away TO records"); err != nil {
		t.Fatal(err)
	}
	if err := x.load(ctx); err != nil || !x.loaded() {
		t.Error(err)
	}
}
