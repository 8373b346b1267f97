package clickhouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"earshot/pipeline"
)

const (
	codeQueryRunning = 216 // QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING

	// The server may still be putting an answered insert away when the next one
	// of the same partition begins.
	busyLooks = 25
	busyPause = 10 * time.Millisecond

	fencePause = 20 * time.Millisecond // between two looks at the running queries

	// maxSilence is how long the server lets an insert wait for its client. A
	// killed insert ends at once when its client is gone, but only then when the
	// client is there and silent: a machine that lost power, a stopped process.
	// The server takes about twice as long to notice.
	maxSilence = 20 * time.Second

	// leastFreeDisk is what an insert must find free on the server, in bytes: a
	// few batches. ClickHouse up to 26.7 at least acknowledges an insert that
	// meets the end of the disk and leaves a part with an empty marks file,
	// which it drops at its next start.
	leastFreeDisk = 128 << 20
)

// Writer is the pipeline's sink: it writes the table records and keeps the
// consume position there.
//
// All inserts of a partition carry the same query id, and the server runs no
// two queries with one id at a time. So an insert, from its start on, holds a
// lock; it goes on only if the table still ends where its batch begins. An
// insert left behind by a dead worker is killed by Recover, and a second worker
// on the partition by mistake can slow down the first, but not double a row.
type Writer struct {
	conn     driver.Conn
	database string
	places   *pipeline.Places
	columns  []column
	insert   string
	silence  time.Duration // maxSilence
	ids      *idIndex      // nil: Stored asks the table about every id
	mender   mender

	idsChecked, idsAsked atomic.Uint64 // see IDStats
}

var _ pipeline.Sink = (*Writer)(nil)

// NewWriter returns a writer on the connection's database. places give the
// local hour of events that came in UTC; nil: UTC.
func NewWriter(ctx context.Context, conn driver.Conn, places *pipeline.Places) (*Writer, error) {
	w := &Writer{conn: conn, places: places, columns: columns(), silence: maxSilence}
	w.insert = insertStatement(w.columns)
	if err := conn.QueryRow(ctx, "SELECT currentDatabase()").Scan(&w.database); err != nil {
		return nil, fmt.Errorf("database name: %w", err)
	}
	return w, nil
}

// PositionMovedError means that somebody else wrote the partition: two workers
// run with the same share of the partitions.
type PositionMovedError struct {
	pipeline.TopicPartition
	Next, Expected int64
}

func (e *PositionMovedError) Error() string {
	return fmt.Sprintf("the table goes on at offset %d of %s/%d, not at %d: does another worker read this partition (--index, --of)?",
		e.Next, e.Topic, e.Partition, e.Expected)
}

// Write implements pipeline.Sink: one INSERT of one block into one ClickHouse
// partition, which the server commits by one rename. It is never sent twice.
func (w *Writer) Write(ctx context.Context, b pipeline.Batch) error {
	if len(b.Records) == 0 {
		return nil
	}
	rows := make([]row, len(b.Records))
	for i := range b.Records {
		rows[i] = newRow(&b.Records[i], b.IngestedAt, w.places)
	}
	insert, err := w.begin(ctx, b.TopicPartition)
	if err != nil {
		return fmt.Errorf("begin insert: %w", err)
	}
	defer func() { _ = insert.Close() }() // after Send it does nothing; before, nothing was sent
	if err := w.guard(ctx, b); err != nil {
		return err
	}
	for i, c := range w.columns {
		if err := insert.Column(i).Append(c.fill(rows)); err != nil {
			return fmt.Errorf("column %s: %w", c.name, err)
		}
	}
	if w.ids != nil {
		w.ids.writing(b)
	}
	if err := insert.Send(); err != nil {
		if w.ids != nil {
			w.ids.unknown(b.TopicPartition)
		}
		return fmt.Errorf("insert: %w", err)
	}
	return nil
}

// begin starts the partition's insert. While one with the same id runs, it
// waits a moment; after that Recover has to deal with it.
func (w *Writer) begin(ctx context.Context, tp pipeline.TopicPartition) (driver.Batch, error) {
	ctx = chgo.Context(ctx, chgo.WithQueryID(w.queryID(tp)), chgo.WithSettings(chgo.Settings{
		"receive_timeout": max(1, int(w.silence.Seconds())), "poll_interval": 1, // seconds
		"min_free_disk_bytes_to_perform_insert": leastFreeDisk,
	}))
	for look := 1; ; look++ {
		insert, err := w.conn.PrepareBatch(ctx, w.insert)
		var refused *chgo.Exception
		if err == nil || look == busyLooks || !errors.As(err, &refused) || refused.Code != codeQueryRunning {
			return insert, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(busyPause):
		}
	}
}

// Recover implements pipeline.Sink. The fence comes before the look at the
// position: an insert that still ran could add rows after it.
func (w *Writer) Recover(ctx context.Context, tp pipeline.TopicPartition) (pipeline.Standing, error) {
	if err := w.fence(ctx, w.queryID(tp)); err != nil {
		return pipeline.Standing{}, fmt.Errorf("fence: %w", err)
	}
	if err := w.mend(ctx); err != nil {
		return pipeline.Standing{}, err
	}
	standing, err := w.Standing(ctx, tp)
	return standing, w.detached(ctx, w.mender.suspect(err))
}

// kafkaTimeQuery reads the column of the offsets, and one row.
const kafkaTimeQuery = `SELECT kafka_time FROM records
PREWHERE kafka_offset = ? WHERE kafka_topic = ? AND kafka_partition = ? AND outcome != 'skipped' LIMIT 1`

// kafkaTime is when the record at the offset came to Kafka, zero if there is none.
func (w *Writer) kafkaTime(ctx context.Context, tp pipeline.TopicPartition, offset int64) (time.Time, error) {
	var at time.Time
	err := w.conn.QueryRow(ctx, kafkaTimeQuery, offset, tp.Topic, tp.Partition).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("time of the last record: %w", err)
	}
	return at, nil
}

// positionQuery is answered by the projection positions. It asks for the
// archiving first: rows are only looked at if none is under way.
const positionQuery = `SELECT max(kafka_offset + span), count(), (SELECT count() ` + fromArchiving + `) FROM records
WHERE kafka_topic = ? AND kafka_partition = ?`

func (w *Writer) position(ctx context.Context, tp pipeline.TopicPartition) (next int64, found bool, err error) {
	var rows, archiving uint64
	if err := w.conn.QueryRow(ctx, positionQuery, tp.Topic, tp.Partition).Scan(&next, &rows, &archiving); err != nil {
		return 0, false, fmt.Errorf("position: %w", err)
	}
	if archiving > 0 {
		return 0, false, ErrArchiving
	}
	return next, rows > 0, nil
}
