package clickhouse

import (
	"context"
	"fmt"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline"
)

// TextSample passes the scored events of a selection to add, oldest first, with what is
// needed to analyse their words again: id, time, channel, language, text and title.
// Of more than most events a fair sample is read, the same each time; oneIn tells
// of how many each stands for. Like Observations it streams, and only ctx bounds
// its time.
func (r *Reader) TextSample(ctx context.Context, f Filter, most int, add func(*pipeline.Event)) (oneIn int, err error) {
	figures, err := r.KPIs(ctx, f)
	if err != nil {
		return 0, err
	}
	most = max(most, 1)
	oneIn = max(1, (int(figures.Volume)+most-1)/most)
	where, bound := f.where()
	sql, err := querySQL("text_sample", where)
	if err != nil {
		return 0, fmt.Errorf("query text_sample: %w", err)
	}
	ctx, cancel := streaming(ctx)
	defer cancel()
	rows, err := r.conn.Query(ctx, sql, append(bound, chgo.Named("one_in", uint64(oneIn)))...)
	if err != nil {
		return 0, r.queryError(ctx, "text_sample", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	var said string
	for rows.Next() {
		var e pipeline.Event
		if err := rows.Scan(&e.ID, &e.OccurredAt, &e.Source, &e.Language, &said, &e.Text, &e.Title); err != nil {
			return 0, fmt.Errorf("query text_sample: %w", err)
		}
		add(&e)
	}
	if err := rows.Err(); err != nil {
		return 0, r.queryError(ctx, "text_sample", err)
	}
	return oneIn, nil
}
