package clickhouse

import (
	"context"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline/insight"
)

// futureSlack is how far a producer's clock may go ahead of ours.
const futureSlack = 5 * time.Minute

const weekLong = 7 * 24 * time.Hour

// PublicBeats returns the public negatives of the last hour, newest first; of
// more than 100,000 beats the oldest are left out.
func (r *Reader) PublicBeats(ctx context.Context, now time.Time) ([]insight.Beat, error) {
	type beat struct {
		At       time.Time `ch:"at"`
		Location string    `ch:"location"`
		Count    uint64    `ch:"count"`
	}
	rows, err := selectRows[beat](ctx, r, "alerts_beats", Filter{},
		chgo.DateNamed("since", now.Add(-insight.CrisisMemory), chgo.MilliSeconds),
		chgo.DateNamed("until", now.Add(futureSlack), chgo.MilliSeconds))
	beats := make([]insight.Beat, len(rows))
	for i, row := range rows {
		beats[i] = insight.Beat{At: row.At, Location: row.Location, Count: int(row.Count)}
	}
	return beats, err
}

// PublicSeasons returns what the chain and its locations got in past weeks in
// the hour around this moment of the week.
func (r *Reader) PublicSeasons(ctx context.Context, now time.Time) ([]insight.Season, error) {
	type season struct {
		Location string    `ch:"location"`
		Chain    bool      `ch:"chain"`
		Past     []uint64  `ch:"past"`
		Total    uint64    `ch:"total"`
		First    time.Time `ch:"first"`
	}
	until := now.Add(-insight.CrisisMemory)
	since := now.Add(-insight.CrisisWeeks*weekLong - time.Hour)
	rows, err := selectRows[season](ctx, r, "alerts_seasons", Filter{}, chgo.Named("weeks", insight.CrisisWeeks),
		chgo.DateNamed("now", now, chgo.MilliSeconds),
		chgo.DateNamed("since", since, chgo.MilliSeconds), chgo.DateNamed("until", until, chgo.MilliSeconds))
	var seasons []insight.Season
	for _, row := range rows {
		if !row.Chain && row.Location == "" || row.First.Unix() <= 0 || !row.First.Before(until) {
			continue // feedback without a place is in the chain's; without history nothing is usual
		}
		s := insight.Season{PerHour: float64(row.Total) / max(until.Sub(row.First).Hours(), 1)}
		if !row.Chain {
			s.Location = row.Location
		}
		for week, n := range row.Past {
			if !now.Add(-time.Duration(week+1) * weekLong).Before(row.First) {
				s.Past = append(s.Past, int(n))
			}
		}
		seasons = append(seasons, s)
	}
	return seasons, err
}

// TrendCells returns the complaints of the last span, at most a week, and of
// the same days of past weeks, for each topic in the chain, in each location
// and in each channel.
func (r *Reader) TrendCells(ctx context.Context, now time.Time, span time.Duration) ([]insight.CellCounts, error) {
	type trend struct {
		Topic      string   `ch:"topic"`
		Location   string   `ch:"location"`
		Channel    string   `ch:"channel"`
		ByLocation bool     `ch:"by_location"`
		ByChannel  bool     `ch:"by_channel"`
		Counts     []uint64 `ch:"counts"`
	}
	rows, err := selectRows[trend](ctx, r, "alerts_trends", Filter{}, chgo.Named("weeks", insight.TrendWeeks),
		chgo.Named("seconds", uint32(span.Seconds())), chgo.DateNamed("now", now, chgo.MilliSeconds),
		chgo.DateNamed("since", now.Add(-(insight.TrendWeeks+1)*weekLong), chgo.MilliSeconds))
	if err != nil {
		return nil, err
	}
	feedback := map[insight.Cell][insight.TrendWeeks + 1]int{}
	var cells []insight.CellCounts
	for _, row := range rows {
		if row.ByLocation && row.Location == "" {
			continue // feedback without a place is in the chain's
		}
		c := insight.CellCounts{Cell: insight.Cell{Topic: row.Topic, Location: row.Location, Channel: row.Channel}}
		for i := range min(len(row.Counts), len(c.Complaints)) {
			c.Complaints[i] = int(row.Counts[i])
		}
		if row.Topic == "" {
			feedback[c.Cell] = c.Complaints
		} else {
			cells = append(cells, c)
		}
	}
	for i := range cells {
		cells[i].Feedback = feedback[insight.Cell{Location: cells[i].Location, Channel: cells[i].Channel}]
	}
	return cells, nil
}
