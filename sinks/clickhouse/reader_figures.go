package clickhouse

import (
	"context"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
)

// KPIs returns the headline figures of the selection.
func (r *Reader) KPIs(ctx context.Context, f Filter) (KPIs, error) {
	k, err := selectRow[KPIs](ctx, r, "kpis", f)
	if err != nil {
		return KPIs{}, err
	}
	response, err := selectRow[responseTime](ctx, r, "response_time", f)
	if err != nil {
		return KPIs{}, err
	}
	k.FirstResponseSeconds, k.Responses = response.Seconds, response.Count
	return k, nil
}

type responseTime struct {
	Seconds *float64 `ch:"first_response_seconds"`
	Count   uint64   `ch:"responses"`
}

// maxTrendDays bounds a filled trend: the contract takes events of 20 years.
const maxTrendDays = 21 * 366

// Trend returns one point a day (UTC), days without feedback included, from
// Since to Until; where these are open, from the first or to the last day that
// has feedback.
func (r *Reader) Trend(ctx context.Context, f Filter) ([]TrendPoint, error) {
	points, err := selectRows[TrendPoint](ctx, r, "trend", f)
	if err != nil || len(points) == 0 {
		return points, err
	}
	return fillDays(points, f.Since, f.Until), nil
}

// fillDays adds the days that points, in order, leave out.
func fillDays(points []TrendPoint, since, until time.Time) []TrendPoint {
	first, last := points[0].Day, points[len(points)-1].Day
	if !since.IsZero() {
		first = utcDay(keyTime(since))
	}
	if !until.IsZero() {
		last = utcDay(keyTime(until).Add(-time.Millisecond))
	}
	if earliest := last.AddDate(0, 0, 1-maxTrendDays); first.Before(earliest) {
		first = earliest
	}
	filled := make([]TrendPoint, 0, len(points))
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		for len(points) > 0 && points[0].Day.Before(day) {
			points = points[1:]
		}
		if len(points) > 0 && points[0].Day.Equal(day) {
			filled = append(filled, points[0])
			continue
		}
		filled = append(filled, TrendPoint{Day: day})
	}
	return filled
}

func utcDay(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// Topics counts the mentions of each topic, most mentioned first.
func (r *Reader) Topics(ctx context.Context, f Filter) ([]TopicStat, error) {
	return selectRows[TopicStat](ctx, r, "topics", f)
}

// Heatmap counts the mentions of each topic by hour of the local week; cells
// without mentions are left out.
func (r *Reader) Heatmap(ctx context.Context, f Filter) ([]HeatCell, error) {
	return selectRows[HeatCell](ctx, r, "heatmap", f)
}

// Locations returns the figures of each named location, busiest first.
func (r *Reader) Locations(ctx context.Context, f Filter) ([]PlaceStat, error) {
	return selectRows[PlaceStat](ctx, r, "locations", f)
}

// Hours returns the figures of each hour of the local week that has feedback.
func (r *Reader) Hours(ctx context.Context, f Filter) ([]HourStat, error) {
	return selectRows[HourStat](ctx, r, "hours", f)
}

// Tags counts the texts that carry each tag, most frequent first.
func (r *Reader) Tags(ctx context.Context, f Filter, limit int) ([]TagStat, error) {
	return selectRows[TagStat](ctx, r, "tags", f, chgo.Named("limit", max(limit, 0)))
}

// Search returns the events of the selection, newest first.
func (r *Reader) Search(ctx context.Context, f Filter, limit, offset int) ([]Verbatim, error) {
	return selectRows[Verbatim](ctx, r, "search", f,
		chgo.Named("limit", max(limit, 0)), chgo.Named("offset", max(offset, 0)))
}

// Choices returns the values that occur in the selection, most frequent first,
// at most 1000 of a kind. First and Last are zero when nothing is selected.
func (r *Reader) Choices(ctx context.Context, f Filter) (Choices, error) {
	var c Choices
	values, err := selectRows[choice](ctx, r, "choices", f)
	if err != nil {
		return c, err
	}
	lists := map[string]*[]string{
		"source": &c.Sources, "platform": &c.Platforms, "location": &c.Locations,
		"product": &c.Products, "topic": &c.Topics, "context": &c.Contexts,
	}
	for _, list := range lists {
		*list = []string{}
	}
	for _, v := range values {
		*lists[v.Kind] = append(*lists[v.Kind], v.Value)
	}
	c.First, c.Last, err = r.Period(ctx, f)
	return c, err
}

// Period returns when the first and the last event of the selection occurred,
// zero times when nothing is selected.
func (r *Reader) Period(ctx context.Context, f Filter) (first, last time.Time, err error) {
	p, err := selectRow[period](ctx, r, "period", f)
	if err != nil || p.Events == 0 {
		return time.Time{}, time.Time{}, err
	}
	return p.First, p.Last, nil
}

type choice struct {
	Kind  string `ch:"kind"`
	Value string `ch:"value"`
}

type period struct {
	Events uint64    `ch:"events"`
	First  time.Time `ch:"first"`
	Last   time.Time `ch:"last"`
}
