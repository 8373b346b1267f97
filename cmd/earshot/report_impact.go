package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

// impact measures what the worst topics cost, by all feedback of the period: a
// topic is compared with the others.
func (r *report) impact(ctx context.Context, reader *clickhouse.Reader, f clickhouse.Filter) error {
	f.Topic = ""
	votes, err := reader.TopicVotes(ctx, f)
	r.Impacts = slices.DeleteFunc(insight.Impacts(votes), func(i insight.Impact) bool {
		return !slices.ContainsFunc(r.Topics, func(t clickhouse.TopicStat) bool { return t.Topic == i.Topic })
	})
	return err
}

// cost says what a topic costs in the first KPI that says so for sure, "" for none.
func (r *report) cost(topic string) string {
	for _, kpi := range insight.KPIs() {
		for _, i := range insight.PickImpacts(r.Impacts, kpi, "") {
			if i.Topic == topic && i.Low > 0 {
				return fmt.Sprintf("costs %.1f %s", i.Points, strings.TrimPrefix(i.KPI.Title(), "net ")) // a table has 21 columns for it
			}
		}
	}
	return ""
}
