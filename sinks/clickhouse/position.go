package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline"
)

const (
	// skipLost is the reason of rows for offsets that retention removed unread, as
	// the worker's --accept-loss writes it.
	skipLost = "lost"

	archivePause = 100 * time.Millisecond // between two looks at the mutations
)

var (
	// ErrInsertRunning means that a worker is writing the partition right now.
	ErrInsertRunning = errors.New("a worker is inserting into this partition: stop it first")
	// ErrArchiving means that rows are being given to another topic; the position is
	// known again when that is done.
	ErrArchiving = errors.New("earshot position reset is under way")
)

// Standing says where the table ends for a partition. Unlike Recover it fences
// nobody: an insert under way may move it.
func (w *Writer) Standing(ctx context.Context, tp pipeline.TopicPartition) (pipeline.Standing, error) {
	next, found, err := w.position(ctx, tp)
	if err != nil || !found {
		return pipeline.Standing{}, err
	}
	last, err := w.kafkaTime(ctx, tp, next-1)
	return pipeline.Standing{Next: next, Found: true, Last: last}, err
}

// RecordLoss covers the offsets from the table's end to first-1, which retention
// removed unread, by one skipped row. It returns how many they are.
func (w *Writer) RecordLoss(ctx context.Context, tp pipeline.TopicPartition, first int64, now time.Time) (lost int64, err error) {
	next, found, err := w.position(ctx, tp)
	if err != nil {
		return 0, err
	}
	if !found || next >= first {
		return 0, nil
	}
	gap := pipeline.Message{Position: pipeline.Position{TopicPartition: tp, Offset: next}, Span: first - next, SkipReason: skipLost}
	err = w.Write(ctx, pipeline.Batch{TopicPartition: tp, IngestedAt: now.Truncate(time.Millisecond),
		Records: []pipeline.Record{{Message: gap, Outcome: pipeline.OutcomeSkipped}}})
	return first - next, insertRunning(err)
}

// Archive gives the rows of these partitions to another topic, under which they
// stay: events count as before, and for the look-up of ids. The partitions have
// no row afterwards, so that workers begin with their logs anew. The server
// rewrites the column and the projections in the background, part by part; until
// it is done no worker gets a position and no insert is accepted. progress hears
// of the parts that are left.
//
// A call that failed may be repeated: it goes on where the last one stopped.
func (w *Writer) Archive(ctx context.Context, tps []pipeline.TopicPartition, name string, progress func(parts int64)) error {
	for _, tp := range tps {
		if err := w.startArchive(ctx, tp, name); err != nil {
			return fmt.Errorf("%s/%d: %w", tp.Topic, tp.Partition, err)
		}
	}
	for {
		running, parts, failure, err := w.archiving(ctx)
		if err != nil {
			return err
		}
		if running == 0 {
			return nil
		}
		if failure != "" {
			return fmt.Errorf("the server cannot rewrite the rows, and goes on trying: %s", failure)
		}
		progress(parts)
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w; it goes on in the server, and workers wait for it", ctx.Err())
		case <-time.After(archivePause):
		}
	}
}

// startArchive asks for the rewriting while it holds the partition's lock: an
// insert either came before and is rewritten, too, or begins after and is refused.
// Duplicates go on naming their first event where it is from now on.
func (w *Writer) startArchive(ctx context.Context, tp pipeline.TopicPartition, name string) error {
	lock, err := w.begin(ctx, tp)
	if err != nil {
		return insertRunning(err)
	}
	defer func() { _ = lock.Close() }() // nothing was sent
	return w.conn.Exec(chgo.Context(ctx, chgo.WithSettings(chgo.Settings{"mutations_sync": 0})),
		`ALTER TABLE records UPDATE kafka_topic = ? WHERE kafka_topic = ? AND kafka_partition = ?,
UPDATE duplicate_topic = ? WHERE outcome = 'duplicate' AND duplicate_topic = ? AND duplicate_partition = ?`,
		name, tp.Topic, tp.Partition, name, tp.Topic, tp.Partition)
}

// fromArchiving finds the mutations of startArchive.
const fromArchiving = `FROM system.mutations
WHERE database = currentDatabase() AND table = 'records' AND NOT is_done AND startsWith(command, '(UPDATE kafka_topic')`

const archivingQuery = `SELECT toInt64(count()), toInt64(sum(parts_to_do)), anyIf(latest_fail_reason, latest_fail_reason != '') ` + fromArchiving

func (w *Writer) archiving(ctx context.Context) (running, parts int64, failure string, err error) {
	if err := w.conn.QueryRow(ctx, archivingQuery).Scan(&running, &parts, &failure); err != nil {
		return 0, 0, "", fmt.Errorf("mutations: %w", err)
	}
	return running, parts, failure, nil
}

func insertRunning(err error) error {
	var refused *chgo.Exception
	if errors.As(err, &refused) && refused.Code == codeQueryRunning {
		return ErrInsertRunning
	}
	return err
}
