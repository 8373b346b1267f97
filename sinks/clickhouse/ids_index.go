package clickhouse

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"earshot/pipeline"
)

const (
	// catchUpMost is how many rows of other processes a look-up waits for. More
	// are read in the background, and the table answers meanwhile.
	catchUpMost = 500_000
	// catchUpReach is how far before the last look at the table the rows that
	// are new since then may have been stamped: their insert took a while, or
	// another machine's clock is behind. The reach grows where it is too short.
	catchUpReach = 15 * time.Second

	loadRetry = 5 * time.Second // after a load that failed
	addChunk  = 8192            // hashes added under one lock
)

// idIndex knows, in bounded memory, of nearly every new id that the table does
// not hold it. It learns the ids of its own process as they are written, and
// those of others from the table: marks say how much of each partition's rows
// is in the filter, and every look-up first compares them with the table's
// positions.
//
// The index never answers from doubt. If a partition's rows do not add up to
// what its mark and the new ones should give, or a topic appears or shrinks, the
// table was changed by something else than a worker; the index is then loaded
// anew and the table answers.
type idIndex struct {
	conn     driver.Conn
	maxBytes int
	log      *slog.Logger
	now      func() time.Time
	wake     chan struct{} // holds one wish to load anew
	turn     chan struct{} // held by the look-up that catches up

	mu     sync.RWMutex
	filter *idFilter
	marks  map[pipeline.TopicPartition]idMark  // nil: not loaded
	sent   map[pipeline.TopicPartition]idBatch // each partition's last batch
	looked time.Time                           // when the marks were last compared with the table
	reach  time.Duration                       // see catchUpReach
}

// idMark says that the filter holds the ids of a partition's events before an
// offset, and how many rows these are.
type idMark struct {
	end    int64
	events uint64
}

// idBatch is a batch whose ids are in the filter and that the table may hold.
type idBatch struct {
	first int64
	idMark
}

// KeepIDs makes Stored ask the table only about ids that may be there, from a
// filter of at most maxBytes in memory. It loads all ids that are stored, in the
// background: until then, and whenever the table changes under it, the table
// answers. The caller calls stop, which ends the loading and waits for it. It
// must be called before the writer is used.
func (w *Writer) KeepIDs(maxBytes int, log *slog.Logger) (stop func()) {
	w.ids = newIDIndex(w.conn, maxBytes, log)
	ctx, cancel := context.WithCancel(context.Background())
	var loading sync.WaitGroup
	loading.Go(func() { w.ids.run(ctx) })
	return func() { cancel(); loading.Wait() }
}

func newIDIndex(conn driver.Conn, maxBytes int, log *slog.Logger) *idIndex {
	return &idIndex{
		conn: conn, maxBytes: maxBytes, log: log, now: time.Now, reach: catchUpReach,
		wake: make(chan struct{}, 1), turn: make(chan struct{}, 1),
	}
}

// run loads the index, and again whenever that is wished for, until ctx ends.
func (x *idIndex) run(ctx context.Context) {
	for {
		err := x.load(ctx)
		if ctx.Err() != nil {
			return
		}
		again := x.wake
		var retry <-chan time.Time
		if err != nil {
			x.log.Warn("the stored ids are not loaded, the table is asked about every id", "error", err, "again_in", loadRetry)
			again, retry = nil, time.After(loadRetry)
		}
		select {
		case <-ctx.Done():
			return
		case <-again:
		case <-retry:
		}
	}
}

// perhapsStored returns the ids that the table may hold: all of them as long as
// the index is not loaded.
func (x *idIndex) perhapsStored(ctx context.Context, ids []string) ([]string, error) {
	known, err := x.catchUp(ctx)
	if err != nil || !known {
		return ids, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.marks == nil { // the load that began meanwhile has emptied the filter
		return ids, nil
	}
	var perhaps []string
	for _, id := range ids {
		if x.filter.has(idHash(id)) {
			perhaps = append(perhaps, id)
		}
	}
	return perhaps, nil
}

// writing takes note of a batch that is about to be sent: its ids are in the
// filter before the table can have them.
func (x *idIndex) writing(b pipeline.Batch) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.filter == nil {
		return
	}
	last := &b.Records[len(b.Records)-1]
	note := idBatch{first: b.Records[0].Offset, idMark: idMark{end: last.Offset + last.Span}}
	for i := range b.Records {
		if r := &b.Records[i]; r.Outcome == pipeline.OutcomeEvent {
			x.filter.add(idHash(r.Event.ID))
			note.events++
		}
	}
	if note.events > 0 { // else there is nothing to read whoever wrote it
		x.sent[b.TopicPartition] = note
	}
}

// unknown takes the note back: whether the table has these rows or those of
// another worker in their place is for the table to say.
func (x *idIndex) unknown(tp pipeline.TopicPartition) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.sent, tp)
}

// forget empties the index; a load follows.
func (x *idIndex) forget(why string) {
	x.log.Info("loading the stored ids anew", "because", why)
	x.mu.Lock()
	x.marks = nil
	x.mu.Unlock()
	select {
	case x.wake <- struct{}{}:
	default: // wished for already
	}
}

// load fills a new filter with the ids of all events in the table.
func (x *idIndex) load(ctx context.Context) error {
	began := x.now()
	held, err := idMarks(ctx, x.conn)
	if err != nil {
		return err
	}
	var expected uint64
	for _, m := range held {
		expected += m.events
	}
	x.mu.Lock()
	// Batches noted before went into the old filter: those that come into the
	// table from here on have to be read from it.
	x.filter, x.marks, x.sent = newIDFilter(x.maxBytes, expected), nil, map[pipeline.TopicPartition]idBatch{}
	x.mu.Unlock()
	if _, err := x.read(ctx, "SELECT id_hash FROM records WHERE outcome = 'event'"); err != nil {
		return fmt.Errorf("stored ids: %w", err)
	}
	x.mu.Lock()
	x.marks, x.looked, x.reach = held, began, catchUpReach
	ids, bytes, full := x.filter.ids(), x.filter.bytes(), x.filter.full()
	x.mu.Unlock()
	log := x.log.Info
	if full {
		log = x.log.Warn // worker.id_filter_bytes is too small
	}
	log("stored ids loaded", "ids", ids, "bytes", bytes, "full", full, "duration", x.now().Sub(began))
	return nil
}

// read adds the hashes that a query yields to the filter and counts them.
func (x *idIndex) read(ctx context.Context, query string, args ...any) (n uint64, err error) {
	rows, err := x.conn.Query(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	hashes := make([]uint64, 0, addChunk)
	for more := true; more; {
		if more = rows.Next(); more {
			var hash uint64
			if err := rows.Scan(&hash); err != nil {
				return n, err
			}
			hashes = append(hashes, hash)
		}
		if len(hashes) == addChunk || !more {
			x.mu.Lock()
			for _, hash := range hashes {
				x.filter.add(hash)
			}
			x.mu.Unlock()
			n += uint64(len(hashes))
			hashes = hashes[:0]
		}
	}
	return n, rows.Err()
}
