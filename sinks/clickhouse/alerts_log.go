package clickhouse

import (
	"context"
	"fmt"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"earshot/pipeline/insight"
)

// watcherPatience is how long a watcher may be silent before another one acts.
const watcherPatience = 20 * time.Second

// AlertLog writes what becomes of alerts. It is safe for concurrent use.
type AlertLog struct {
	Reader
}

// OpenAlertLog connects as a user who may write. A query that takes longer
// than timeout fails.
func OpenAlertLog(server Server, timeout time.Duration) (*AlertLog, error) {
	reader, err := OpenReader(server, timeout)
	if err != nil {
		return nil, err
	}
	return &AlertLog{*reader}, nil
}

// StoredChange is a change as it was written; Key names it for ever.
type StoredChange struct {
	insight.Change
	Key string    `json:"key"`
	At  time.Time `json:"at"`
}

// ChangeKey names a change of an alert: the same for whoever writes it.
func ChangeKey(c insight.Change) string {
	return fmt.Sprintf("%s/%d/%s", c.Alert.ID, c.Alert.Version, c.What)
}

// Append stores changes, all or none.
func (l *AlertLog) Append(ctx context.Context, changes []insight.Change, now time.Time) error {
	stored := make([]StoredChange, len(changes))
	for i, c := range changes {
		stored[i] = StoredChange{Change: c, Key: ChangeKey(c), At: now}
	}
	return l.append(ctx, stored)
}

// Acknowledge records that somebody has taken notice of an alert.
func (l *AlertLog) Acknowledge(ctx context.Context, a insight.Alert, by, note string, now time.Time) error {
	a.State, a.AckBy, a.AckNote = insight.AlertAcknowledged, by, note
	c := StoredChange{Change: insight.Change{What: insight.ChangeAcknowledged, Alert: a}, At: now,
		Key: fmt.Sprintf("%s/%d/%s", a.ID, now.UnixMilli(), insight.ChangeAcknowledged)}
	return l.append(ctx, []StoredChange{c})
}

func (l *AlertLog) append(ctx context.Context, changes []StoredChange) error {
	if len(changes) == 0 {
		return nil
	}
	ctx, cancel := l.limitInsert(ctx)
	defer cancel()
	batch, err := l.conn.PrepareBatch(ctx, `INSERT INTO alert_changes (change_key, change, changed_at, id, version, key, kind, state,
		topic, location, channel, since, raised_at, last_at, count, expected, lift, p, q, sentence, ack_by, ack_note)`, driver.WithReleaseConnection())
	if err != nil {
		return l.queryError(ctx, "append alerts", err)
	}
	for _, c := range changes {
		a := c.Alert
		if err := batch.Append(c.Key, c.What, c.At, a.ID, uint32(a.Version), a.Key, string(a.Kind), string(a.State),
			a.Topic, a.Location, a.Channel, a.Since, a.RaisedAt, a.LastAt, uint64(max(a.Count, 0)), a.Expected, a.Lift, a.P, a.Q,
			a.Sentence, a.AckBy, a.AckNote); err != nil {
			return fmt.Errorf("append alerts: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return l.queryError(ctx, "append alerts", err)
	}
	return nil
}

// Outbox returns the changes of the last day that a target has not been told
// of, oldest first.
func (l *AlertLog) Outbox(ctx context.Context, target string) ([]StoredChange, error) {
	type row struct {
		alertRow
		ChangeKey string    `ch:"change_key"`
		Change    string    `ch:"change"`
		ChangedAt time.Time `ch:"changed_at"`
	}
	rows, err := selectRows[row](ctx, &l.Reader, "alerts_outbox", Filter{}, chgo.Named("target", target))
	changes := make([]StoredChange, len(rows))
	for i := range rows {
		changes[i] = StoredChange{Change: insight.Change{What: rows[i].Change, Alert: rows[i].alert()}, Key: rows[i].ChangeKey, At: rows[i].ChangedAt}
	}
	return changes, err
}

// Delivered records that a target was told of a change, that it was given up, or that it
// is tried on.
func (l *AlertLog) Delivered(ctx context.Context, d AlertDelivery) error {
	ctx, cancel := l.limit(ctx)
	defer cancel()
	err := l.conn.Exec(ctx, "INSERT INTO alert_deliveries (change_key, target, outcome, attempts, detail, at) VALUES (?, ?, ?, ?, ?, fromUnixTimestamp64Milli(?))",
		d.ChangeKey, d.Target, d.Outcome, d.Attempts, d.Detail, d.At.UnixMilli())
	if err != nil {
		return l.queryError(ctx, "record delivery", err)
	}
	return nil
}

// Lead gives a sign of life and reports whether this watcher is the one that
// acts: the eldest of those that are alive. Another takes over 20 s after the
// last sign of the one before.
func (l *AlertLog) Lead(ctx context.Context, watcher string, started time.Time) (bool, error) {
	limited, cancel := l.limit(ctx)
	defer cancel()
	if err := l.conn.Exec(limited, "INSERT INTO alert_watchers (watcher, started_at) VALUES (?, fromUnixTimestamp64Micro(?))", watcher, started.UnixMicro()); err != nil {
		return false, l.queryError(limited, "sign of life", err)
	}
	type row struct {
		Watcher string `ch:"watcher"`
	}
	rows, err := selectRows[row](ctx, &l.Reader, "alerts_leader", Filter{}, chgo.Named("seconds", uint32(watcherPatience.Seconds())))
	return err == nil && len(rows) == 1 && rows[0].Watcher == watcher, err
}
