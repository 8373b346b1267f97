package clickhouse

import (
	"context"
	"fmt"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline/insight"
)

// Answers passes the answers of a selection to a KPI to add. Like observations
// they are streamed, without a bound on rows or time but ctx.
func (r *Reader) Answers(ctx context.Context, f Filter, kpi insight.KPI, add func(insight.Answer)) error {
	where, bound := f.where()
	sql, err := querySQL("answers", where)
	if err != nil {
		return fmt.Errorf("query answers: %w", err)
	}
	bound = append(bound, chgo.Named("kpi", string(kpi)), chgo.Named("groups", uint8(insight.JackknifeGroups)))
	ctx, cancel := streaming(ctx)
	defer cancel()
	rows, err := r.conn.Query(ctx, sql, bound...)
	if err != nil {
		return r.queryError(ctx, "answers", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	var a insight.Answer
	for rows.Next() {
		if err := rows.Scan(&a.Group, &a.Value, &a.Location, &a.Channel, &a.Segment, &a.Negative, &a.Positive); err != nil {
			return fmt.Errorf("query answers: %w", err)
		}
		add(a)
	}
	if err := rows.Err(); err != nil {
		return r.queryError(ctx, "answers", err)
	}
	return nil
}

// Span is a period: [Since, Until).
type Span struct{ Since, Until time.Time }

// Before is the period of equal length right before it.
func (s Span) Before() Span { return Span{s.Since.Add(-s.Until.Sub(s.Since)), s.Since} }

// Change explains how a KPI of the selection changed between two periods; names
// are those of complaints, by topic. With insight.ErrFewAnswers it says how many
// there are.
func (r *Reader) Change(ctx context.Context, f Filter, kpi insight.KPI, from, to Span, names map[string]string) (*insight.KPIChange, error) {
	panel := new(insight.Panel)
	for i, s := range []Span{from, to} {
		f.Since, f.Until = s.Since, s.Until
		if err := r.Answers(ctx, f, kpi, func(a insight.Answer) { panel.Add(i == 1, a) }); err != nil {
			return nil, err
		}
	}
	change, err := insight.Explain(panel, kpi, names)
	if change != nil {
		change.From.Since, change.From.Until = from.Since, from.Until
		change.To.Since, change.To.Until = to.Since, to.Until
	}
	return change, err
}
