package server

import (
	"context"
	"errors"
	"time"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

// changeDays is the period that is explained unless since says otherwise.
const changeDays = 30

// changeBody is a change, or why there is none to tell.
type changeBody struct {
	*insight.KPIChange
	Enough bool `json:"enough"` // answers in both periods
}

// change explains a KPI (NPS unless asked otherwise) of a period against the one of
// equal length before it. All answers of both are in memory while it does: one
// request at a time.
func (s *server) change(ctx context.Context, q kpiQuery) (any, error) {
	if q.kpi == "" {
		q.kpi = insight.NPS
	}
	to := clickhouse.Span{Since: q.filter.Since, Until: q.filter.Until}
	if to.Until.IsZero() {
		to.Until = s.now().UTC().Truncate(time.Millisecond)
	}
	if to.Since.IsZero() {
		to.Since = to.Until.AddDate(0, 0, -changeDays)
	}
	select {
	case s.explaining <- struct{}{}:
		defer func() { <-s.explaining }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	change, err := s.reader.Change(ctx, q.filter, q.kpi, to.Before(), to, s.names)
	if err != nil && !errors.Is(err, insight.ErrFewAnswers) {
		return nil, err
	}
	return changeBody{change, err == nil}, nil
}
