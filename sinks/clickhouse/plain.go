package clickhouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"earshot/pipeline"
)

// PlainWriter is the yardstick of `earshot bench pipeline`: it inserts the same
// rows with nothing of what makes delivery exact. It has no fence, looks up no
// ids, keeps the position in memory, and its table has neither the columns nor the
// projections that position, audit and id check need. It is safe for concurrent use.
type PlainWriter struct {
	conn    driver.Conn
	places  *pipeline.Places
	columns []column
	insert  string

	mu   sync.Mutex
	next map[pipeline.TopicPartition]int64
}

var _ pipeline.Sink = (*PlainWriter)(nil)

// deliveryColumns are what the table would not need if no offset were to be
// accounted for.
func deliveryColumns() []string {
	return []string{"outcome", "span", "id_hash", "duplicate_topic", "duplicate_partition", "duplicate_offset", "kafka_topic", "kafka_partition", "kafka_offset"}
}

// NewPlainWriter makes the table plain in the connection's database, beside a
// migrated records, and returns a writer for it.
func NewPlainWriter(ctx context.Context, conn driver.Conn, places *pipeline.Places) (*PlainWriter, error) {
	less := strings.Join(deliveryColumns(), ", ")
	create := "CREATE TABLE IF NOT EXISTS plain ENGINE = MergeTree PARTITION BY toYYYYMM(ingested_at) " +
		"ORDER BY (toDate(occurred_at), source, location, occurred_at) AS SELECT * EXCEPT (" + less + ") FROM records WHERE 0"
	if err := conn.Exec(ctx, create); err != nil {
		return nil, fmt.Errorf("table plain: %w", err)
	}
	w := &PlainWriter{conn: conn, places: places, columns: columns(), next: map[pipeline.TopicPartition]int64{}}
	w.columns = slices.DeleteFunc(w.columns, func(c column) bool { return slices.Contains(deliveryColumns(), c.name) })
	w.insert = strings.Replace(insertStatement(w.columns), "INTO records", "INTO plain", 1)
	return w, nil
}

// Recover implements pipeline.Sink.
func (w *PlainWriter) Recover(_ context.Context, tp pipeline.TopicPartition) (pipeline.Standing, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	next, found := w.next[tp]
	return pipeline.Standing{Next: next, Found: found}, nil
}

// Stored implements pipeline.Sink: no id is ever known.
func (w *PlainWriter) Stored(context.Context, []string) (map[string]pipeline.Position, error) {
	return map[string]pipeline.Position{}, nil
}

// Write implements pipeline.Sink, but for its promise.
func (w *PlainWriter) Write(ctx context.Context, b pipeline.Batch) error {
	if len(b.Records) == 0 {
		return nil
	}
	rows := make([]row, len(b.Records))
	for i := range b.Records {
		rows[i] = newRow(&b.Records[i], b.IngestedAt, w.places)
	}
	insert, err := w.conn.PrepareBatch(ctx, w.insert)
	if err != nil {
		return fmt.Errorf("begin insert: %w", err)
	}
	defer func() { _ = insert.Close() }() // after Send it does nothing; before, nothing was sent
	for i, c := range w.columns {
		if err := insert.Column(i).Append(c.fill(rows)); err != nil {
			return fmt.Errorf("column %s: %w", c.name, err)
		}
	}
	if err := insert.Send(); err != nil {
		return fmt.Errorf("insert: %w", err)
	}
	last := &b.Records[len(b.Records)-1]
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next[b.TopicPartition] = last.Offset + last.Span
	return nil
}
