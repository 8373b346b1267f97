package server

import (
	"context"
	"time"

	"earshot/pipeline/followup"
	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

// Reader is what the API asks of the store: one method an endpoint. None of
// them changes anything, and all are safe for concurrent use.
type Reader interface {
	Choices(context.Context, clickhouse.Filter) (clickhouse.Choices, error)
	KPIs(context.Context, clickhouse.Filter) (clickhouse.KPIs, error)
	Trend(context.Context, clickhouse.Filter) ([]clickhouse.TrendPoint, error)
	Topics(context.Context, clickhouse.Filter) ([]clickhouse.TopicStat, error)
	Heatmap(context.Context, clickhouse.Filter) ([]clickhouse.HeatCell, error)
	Complaints(context.Context, clickhouse.Filter) ([]clickhouse.ComplaintCell, error)
	Locations(context.Context, clickhouse.Filter) ([]clickhouse.PlaceStat, error)
	Hours(context.Context, clickhouse.Filter) ([]clickhouse.HourStat, error)
	Live(context.Context, clickhouse.Filter) ([]insight.LiveCell, error)
	Search(ctx context.Context, f clickhouse.Filter, limit, offset int) ([]clickhouse.Verbatim, error)
	Change(ctx context.Context, f clickhouse.Filter, kpi insight.KPI, from, to clickhouse.Span, names map[string]string) (*insight.KPIChange, error)
	TopicVotes(context.Context, clickhouse.Filter) ([]insight.TopicVotes, error)
	TopicShares(ctx context.Context, f clickhouse.Filter, topic string) ([]clickhouse.TopicShare, error)
	NextReviewTopic(ctx context.Context, f clickhouse.Filter, sample int) (next string, topics int, err error)
	ReviewQueue(ctx context.Context, f clickhouse.Filter, plan clickhouse.ReviewPlan) (clickhouse.ReviewQueue, error)
	Alerts(ctx context.Context, f clickhouse.AlertFilter, limit int) ([]insight.Alert, error)
	FollowUps(ctx context.Context, since time.Time) ([]followup.Candidate, error)
}
