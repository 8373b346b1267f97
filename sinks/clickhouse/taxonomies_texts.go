package clickhouse

import (
	"context"
	"fmt"
	"time"
)

// StoredText is what a taxonomy looks at in an event.
type StoredText struct {
	ID         string
	Text       string // as it was analysed, save that it is not cut
	Language   string
	Source     string
	Location   string
	OccurredAt time.Time // UTC
	HourOfWeek uint8     // local; 0 = Monday 00:00
}

// Texts passes the texts of a selection to add, in no order. They are streamed: the
// reader's bounds on rows and time do not apply, only ctx.
func (r *Reader) Texts(ctx context.Context, f Filter, add func(StoredText) error) (err error) {
	ctx, cancel := streaming(ctx)
	defer cancel()
	where, bound := f.where()
	sql, err := querySQL("texts", where)
	if err != nil {
		return fmt.Errorf("query texts: %w", err)
	}
	rows, err := r.conn.Query(ctx, sql, bound...)
	if err != nil {
		return r.queryError(ctx, "texts", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	var t StoredText
	var said string
	for rows.Next() {
		if err := rows.Scan(&t.ID, &t.Text, &t.Language, &t.Source, &t.Location, &t.OccurredAt, &t.HourOfWeek, &said); err != nil {
			return fmt.Errorf("query texts: %w", err)
		}
		if err := add(t); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return r.queryError(ctx, "texts", err)
	}
	return nil
}
