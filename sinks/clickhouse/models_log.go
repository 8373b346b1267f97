package clickhouse

import (
	"context"
	"fmt"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"earshot/pipeline/registry"
)

// keptArtefacts is how many versions keep their artefact, about 1.3 MB each: those
// that were put in place last. Of others the log's lines remain.
const keptArtefacts = 50

// ModelLog writes what becomes of models. It is safe for concurrent use.
type ModelLog struct {
	Reader
}

// OpenModelLog connects as a user who may write. A query that takes longer than
// timeout fails.
func OpenModelLog(server Server, timeout time.Duration) (*ModelLog, error) {
	reader, err := OpenReader(server, timeout)
	if err != nil {
		return nil, err
	}
	return &ModelLog{*reader}, nil
}

// Append stores a line, whose At the server sets, and the artefact of its version if
// the table has none yet. A line without version takes none.
func (l *ModelLog) Append(ctx context.Context, e registry.Entry, artefact []byte) error {
	if e.Version != "" {
		stored, err := l.count(ctx, "SELECT count() FROM models WHERE version = ? AND artefact != ''", e.Version)
		if err != nil {
			return err
		}
		if stored > 0 {
			artefact = nil
		}
	}
	if err := l.insert(ctx, e, artefact); err != nil || len(artefact) == 0 {
		return err
	}
	return l.trim(ctx)
}

func (l *ModelLog) insert(ctx context.Context, e registry.Entry, artefact []byte) error {
	ctx, cancel := l.limitInsert(ctx)
	defer cancel()
	batch, err := l.conn.PrepareBatch(ctx, `INSERT INTO models (decision, version, parent, kind, language, made_at, learned, events_from, events_to,
		judged, accuracy, accuracy_low, accuracy_high, current_accuracy, current_low, current_high, reason, by, artefact)`, driver.WithReleaseConnection())
	if err != nil {
		return l.queryError(ctx, "append model", err)
	}
	c, was := e.Candidate, e.Current
	if err := batch.Append(string(e.Decision), e.Version, e.Parent, string(e.Kind), e.Language, e.MadeAt, uint64(max(e.Rows, 0)), e.From, e.To,
		uint64(max(e.Judged, 0)), c.Value, c.Low, c.High, was.Value, was.Low, was.High, e.Reason, e.By, artefact); err != nil {
		return fmt.Errorf("append model: %w", err)
	}
	if err := batch.Send(); err != nil {
		return l.queryError(ctx, "append model", err)
	}
	return nil
}

// trim empties the artefacts beyond those that are kept. What is in place is the
// newest of all.
func (l *ModelLog) trim(ctx context.Context) error {
	n, err := l.count(ctx, "SELECT uniqExact(version) FROM models WHERE artefact != ''")
	if err != nil || n <= keptArtefacts {
		return err
	}
	return l.exec(ctx, "trim models", `ALTER TABLE models UPDATE artefact = '' WHERE artefact != '' AND version NOT IN
		(SELECT version FROM models WHERE version != '' GROUP BY version ORDER BY max(at) DESC LIMIT ?)`, keptArtefacts)
}

// BeginRound reports whether this worker is to make a round of adapting: none was
// begun for an interval, and of those who want to begin one now it is the first. It
// waits for settle to let others say that they want to. Times are the server's.
func (l *ModelLog) BeginRound(ctx context.Context, worker string, interval, settle time.Duration) (bool, error) {
	now, err := l.count(ctx, "SELECT toUInt64(toUnixTimestamp64Micro(now64(6)))")
	if err != nil {
		return false, err
	}
	since := int64(now) - interval.Microseconds()
	first, err := l.firstOfRound(ctx, since)
	if err != nil || first != "" {
		return false, err
	}
	if err := l.exec(ctx, "begin round", "INSERT INTO model_rounds (worker) VALUES (?)", worker); err != nil {
		return false, err
	}
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-time.After(settle):
	}
	first, err = l.firstOfRound(ctx, since)
	return first == worker, err
}

func (l *ModelLog) firstOfRound(ctx context.Context, since int64) (string, error) {
	type row struct {
		Worker string `ch:"worker"`
	}
	rows, err := selectRows[row](ctx, &l.Reader, "models_round", Filter{}, chgo.Named("since", since))
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return rows[0].Worker, nil
}

func (l *ModelLog) count(ctx context.Context, sql string, args ...any) (n uint64, err error) {
	ctx, cancel := l.limit(ctx)
	defer cancel()
	if err := l.conn.QueryRow(ctx, sql, args...).Scan(&n); err != nil {
		return 0, l.queryError(ctx, "models", err)
	}
	return n, nil
}

func (l *ModelLog) exec(ctx context.Context, what, sql string, args ...any) error {
	ctx, cancel := l.limit(ctx)
	defer cancel()
	if err := l.conn.Exec(ctx, sql, args...); err != nil {
		return l.queryError(ctx, what, err)
	}
	return nil
}
