package clickhouse

import (
	"context"
	"fmt"
	"strings"
	"time"

	"earshot/pipeline/insight"
)

// streamLimit is how long a stream of rows may take; the embedded engine allows
// earshot_reader an hour.
const streamLimit = 50 * time.Minute

// noAnswer stands for an NPS question that was not answered.
const noAnswer = 255

// streaming gives ctx a deadline if it has none: the driver would take the time it
// waits for one answer as that for all rows.
func streaming(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, streamLimit)
}

// Observations passes the events of a selection to add, earliest day first. Unlike
// the other questions it has no bound on rows: they are streamed, and the
// reader's timeout does not apply, only ctx.
func (r *Reader) Observations(ctx context.Context, f Filter, add func(insight.Observation)) (err error) {
	where, bound := f.where()
	sql, err := querySQL("observations", where)
	if err != nil {
		return fmt.Errorf("query observations: %w", err)
	}
	ctx, cancel := streaming(ctx)
	defer cancel()
	rows, err := r.conn.Query(ctx, sql, bound...)
	if err != nil {
		return r.queryError(ctx, "observations", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	var o insight.Observation           // out here, not one on the heap for each of millions of rows
	var answers [noAnswer]uint8         // one of each, for all rows
	for i := range answers {
		answers[i] = uint8(i)
	}
	var answer uint8
	var negative string
	v := &o.Values
	for rows.Next() {
		if err := rows.Scan(&o.Day, &o.HourOfWeek, &v[insight.Location], &v[insight.Channel], &v[insight.Product],
			&v[insight.Team], &v[insight.Segment], &answer, &negative); err != nil {
			return fmt.Errorf("query observations: %w", err)
		}
		o.NPS, o.Negative = nil, nil
		if answer != noAnswer {
			o.NPS = &answers[answer]
		}
		if negative != "" {
			o.Negative = strings.Split(negative, "\n")
		}
		add(o)
	}
	if err := rows.Err(); err != nil {
		return r.queryError(ctx, "observations", err)
	}
	return nil
}
