package clickhouse

import (
	"context"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline/insight"
	"earshot/pipeline/rated"
)

// Live compares the stored scores with the ratings that came with the texts.
func (r *Reader) Live(ctx context.Context, f Filter) ([]insight.LiveCell, error) {
	rows, err := selectRows[liveRow](ctx, r, "live", f)
	cells := make([]insight.LiveCell, len(rows))
	for i, row := range rows {
		cells[i] = insight.LiveCell(row)
	}
	return cells, err
}

type liveRow struct {
	Channel    string  `ch:"channel"`
	Language   string  `ch:"language"`
	Truth      string  `ch:"truth"`
	Sentiment  string  `ch:"sentiment"`
	Bin        uint8   `ch:"bin"`
	Events     uint64  `ch:"events"`
	Confidence float64 `ch:"confidence"`
}

// Rated returns the newest events that carry words and a rating, oldest first, at
// most limit.
func (r *Reader) Rated(ctx context.Context, f Filter, limit int) ([]rated.Event, error) {
	rows, err := selectRows[ratedRow](ctx, r, "rated", f, chgo.Named("limit", max(limit, 0)))
	events := make([]rated.Event, len(rows))
	for i, row := range rows {
		events[i] = rated.Event{Text: row.Text, Channel: row.Channel, Customer: row.Customer, At: row.At}
		events[i].Rating.Stars, events[i].Rating.CSAT, events[i].Rating.NPS = row.Stars, whole(row.CSAT), whole(row.NPS)
	}
	return events, err
}

type ratedRow struct {
	ID       string    `ch:"event_id"`
	At       time.Time `ch:"ingested_at"`
	Channel  string    `ch:"channel"`
	Customer string    `ch:"customer_id"`
	Text     string    `ch:"text"`
	Stars    *float64  `ch:"rating"`
	CSAT     *uint8    `ch:"csat"`
	NPS      *uint8    `ch:"nps"`
}

func whole(n *uint8) *int {
	if n == nil {
		return nil
	}
	v := int(*n)
	return &v
}
