//go:build !nofence

package clickhouse

import (
	"context"
	"fmt"
	"time"

	"earshot/pipeline"
)

// Fenced says that this build keeps its delivery promise: see fence_off.go.
const Fenced = true

// queryID is the same for all inserts of a partition, whoever sends them.
func (w *Writer) queryID(tp pipeline.TopicPartition) string {
	return fmt.Sprintf("earshot-%s-%d-%s", tp.Topic, tp.Partition, w.database)
}

// guard refuses a batch that does not begin where the table ends.
func (w *Writer) guard(ctx context.Context, b pipeline.Batch) error {
	next, found, err := w.position(ctx, b.TopicPartition)
	if err != nil {
		return err
	}
	if found && next != b.Records[0].Offset {
		return &PositionMovedError{TopicPartition: b.TopicPartition, Next: next, Expected: b.Records[0].Offset}
	}
	return nil
}

// fence kills the query and waits until it is gone. KILL QUERY SYNC would hang
// on an insert that waits for its client.
func (w *Writer) fence(ctx context.Context, queryID string) error {
	for {
		var running uint64
		err := w.conn.QueryRow(ctx, "SELECT count() FROM system.processes WHERE query_id = ?", queryID).Scan(&running)
		if err != nil {
			return fmt.Errorf("running inserts: %w", err)
		}
		if running == 0 {
			return nil
		}
		if err := w.conn.Exec(ctx, "KILL QUERY WHERE query_id = ? ASYNC", queryID); err != nil {
			return fmt.Errorf("kill insert: %w", err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("insert %s does not end: %w", queryID, ctx.Err())
		case <-time.After(fencePause):
		}
	}
}
