package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

func (p *program) reportCommand() *cobra.Command {
	var f clickhouse.Filter
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "report",
		Short: "KPIs, trend, and what is worst",
		Long: `Prints CSAT, NPS, CES, net sentiment, volume and median first response of a period,
each compared with the period of equal length before it, the trend, the topics that
cost most, the most used tags, and the worst locations and hours.

Topics are ranked by negative mentions times the share that is negative, locations
and hours by that share alone. Of each share the lower end of its 95 % confidence
interval (Wilson) counts, and what has less than a quarter of the average count is
left out, so that a place with three complaints out of three does not outrank one
with ninety out of a hundred. Where people have reviewed a topic (earshot topics
review), the share of texts that speak of it is corrected for what the tagger gets
wrong. docs/sql.md defines each figure.`,
		Example: `  earshot report --since 30d
  earshot report --since 2026-07-01 --until 2026-08-01 --location store-012
  earshot report --source review --topic service --json`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	span := addTimeRange(flags, "30d")
	flags.StringVar(&f.Location, "location", "", "only this location")
	flags.StringVar(&f.Source, "source", "", "only this channel, such as review or chat")
	flags.StringVar(&f.Topic, "topic", "", "only feedback that mentions this topic; service stands for service.speed as well")
	flags.BoolVar(&asJSON, "json", false, "as JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var err error
		if f.Since, f.Until, err = span.bounds(p.clock()); err != nil {
			return err
		}
		if err := checkSource(f.Source); err != nil {
			return err
		}
		reader, err := p.reader(cmd)
		if err != nil {
			return err
		}
		defer func() { _ = reader.Close() }() // it only reads
		r, err := buildReport(cmd.Context(), reader, f)
		if err != nil {
			return readError(err)
		}
		if asJSON {
			return printJSON(cmd.OutOrStdout(), r)
		}
		if r.Current.Volume > 0 {
			return printReport(cmd.OutOrStdout(), r)
		}
		first, last, err := reader.Period(cmd.Context(), clickhouse.Filter{})
		if err != nil {
			return readError(err)
		}
		return printNoData(cmd.OutOrStdout(), r, first, last)
	}
	return cmd
}

// reader opens the store for a command that only asks.
func (p *program) reader(cmd *cobra.Command) (*clickhouse.Reader, error) {
	cfg, err := p.config(cmd)
	if err != nil {
		return nil, err
	}
	return openReader(cfg, cfg.Serve.QueryTimeout)
}

// openReader connects as the read-only user where there is one.
func openReader(cfg config.Config, timeout time.Duration) (*clickhouse.Reader, error) {
	server, err := cfg.Reader()
	if err != nil {
		return nil, err
	}
	return clickhouse.OpenReader(server, timeout)
}

// readError says what to do about a query that took too long.
func readError(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("ClickHouse took too long to answer: choose a shorter period or raise serve.query_timeout (%w)", err)
	}
	return err
}

// report is everything that `earshot report` says; its JSON form is that of --json.
type report struct {
	Since      time.Time               `json:"since"`
	Until      time.Time               `json:"until"`
	Location   string                  `json:"location,omitempty"`
	Source     string                  `json:"source,omitempty"`
	Topic      string                  `json:"topic,omitempty"`
	Current    clickhouse.KPIs         `json:"current"`
	Previous   *clickhouse.KPIs        `json:"previous"` // null: nothing came in then, or no beginning
	Trend      []clickhouse.TrendPoint `json:"trend"`
	Topics     []clickhouse.TopicStat  `json:"worst_topics"`
	Impacts    []insight.Impact        `json:"impacts"` // of the worst topics, costliest first
	Tags       []clickhouse.TagStat    `json:"tags"`
	Locations  []clickhouse.PlaceStat  `json:"worst_locations"`
	Hours      []clickhouse.HourStat   `json:"worst_hours"`
	Shares     []clickhouse.TopicShare `json:"topic_shares"`  // of topics that people have reviewed
	Live       []insight.LiveAccuracy  `json:"live_accuracy"` // all first where there are several channels
	comparison string                  // what Previous is, in words
}

// reportRows is how many topics, tags, locations and hours a report names.
const reportRows = 5

func buildReport(ctx context.Context, reader *clickhouse.Reader, f clickhouse.Filter) (*report, error) {
	r := &report{Since: f.Since, Until: f.Until, Location: f.Location, Source: f.Source, Topic: f.Topic}
	var err error
	if r.Current, err = reader.KPIs(ctx, f); err != nil {
		return nil, err
	}
	if err := r.compare(ctx, reader, f); err != nil {
		return nil, err
	}
	if r.Trend, err = reader.Trend(ctx, f); err != nil {
		return nil, err
	}
	if r.Tags, err = reader.Tags(ctx, f, reportRows); err != nil {
		return nil, err
	}
	topics, err := reader.Topics(ctx, f)
	if err != nil {
		return nil, err
	}
	r.Topics = worst(topics, func(t clickhouse.TopicStat) uint64 { return t.Mentions },
		func(t clickhouse.TopicStat) float64 { return float64(t.Negative) * wilsonLower(t.Negative, t.Mentions) })
	if err := r.impact(ctx, reader, f); err != nil {
		return nil, err
	}
	places, err := reader.Locations(ctx, f)
	if err != nil {
		return nil, err
	}
	r.Locations = worst(places, func(s clickhouse.PlaceStat) uint64 { return s.Scored },
		func(s clickhouse.PlaceStat) float64 { return wilsonLower(s.Negative, s.Scored) })
	hours, err := reader.Hours(ctx, f)
	if err != nil {
		return nil, err
	}
	r.Hours = worst(hours, func(s clickhouse.HourStat) uint64 { return s.Scored },
		func(s clickhouse.HourStat) float64 { return wilsonLower(s.Negative, s.Scored) })
	shared := f
	shared.Topic = "" // the share of a topic is that of all texts
	if r.Shares, err = reader.TopicShares(ctx, shared, ""); err != nil {
		return nil, err
	}
	return r, r.live(ctx, reader, f)
}

// compare reads the figures of the period of equal length before this one.
func (r *report) compare(ctx context.Context, reader *clickhouse.Reader, f clickhouse.Filter) error {
	if f.Since.IsZero() {
		return nil
	}
	f.Since, f.Until = f.Since.Add(-f.Until.Sub(f.Since)), f.Since
	previous, err := reader.KPIs(ctx, f)
	if err == nil && previous.Volume > 0 {
		r.Previous = &previous
		r.comparison = periodWords(f.Since, f.Until)
	}
	return err
}
