package clickhouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline"
)

// ErrNoEvent means that no event of that id is stored.
var ErrNoEvent = errors.New("no event of that id is stored")

// StoredScore is what the analysis of a stored event came to.
type StoredScore struct {
	Sentiment  string   `json:"sentiment"`
	Score      float32  `json:"score"`
	Confidence float32  `json:"confidence"`
	Compound   float32  `json:"compound"`
	Language   string   `json:"language"`
	Topics     []string `json:"topics"`
	Contexts   []string `json:"contexts"`
	Intents    []string `json:"intents"`
	Model      string   `json:"model"` // version of everything that scored it
}

// Event returns a stored event as far as the analysis looks at it, with its local
// hour of the week (0 = Monday 00:00), and what it came to. ErrNoEvent: there is none.
func (r *Reader) Event(ctx context.Context, id string) (e *pipeline.Event, hourOfWeek uint8, score StoredScore, err error) {
	rows, err := selectRows[eventRow](ctx, r, "event", Filter{}, chgo.Named("id", id))
	if err != nil {
		return nil, 0, score, err
	}
	if len(rows) == 0 {
		return nil, 0, score, fmt.Errorf("%q: %w", id, ErrNoEvent)
	}
	row := &rows[0]
	e = &pipeline.Event{ID: row.ID, OccurredAt: row.At, Source: row.Source, Location: row.Location, Title: row.Title, Text: row.Text, Rating: row.Rating,
		Survey: &pipeline.Survey{CSAT: whole(row.CSAT), NPS: whole(row.NPS)}}
	if row.Turns != "" {
		if err := json.Unmarshal([]byte(row.Turns), &e.Turns); err != nil {
			return nil, 0, score, fmt.Errorf("turns of %q: %w", id, err)
		}
	}
	return e, row.HourOfWeek, StoredScore{row.Sentiment, row.Score, row.Confidence, row.Compound, row.Language, row.Topics, row.Contexts, row.Intents, row.Model}, nil
}

type eventRow struct {
	ID         string    `ch:"event_id"`
	At         time.Time `ch:"occurred_at"`
	HourOfWeek uint8     `ch:"hour_of_week"`
	Source     string    `ch:"source"`
	Location   string    `ch:"location"`
	Title      string    `ch:"title"`
	Text       string    `ch:"text"`
	Turns      string    `ch:"turns"`
	Language   string    `ch:"language"`
	Rating     *float64  `ch:"rating"`
	CSAT       *uint8    `ch:"csat"`
	NPS        *uint8    `ch:"nps"`
	Sentiment  string    `ch:"sentiment"`
	Score      float32   `ch:"score"`
	Confidence float32   `ch:"confidence"`
	Compound   float32   `ch:"compound"`
	Topics     []string  `ch:"topics"`
	Contexts   []string  `ch:"contexts"`
	Intents    []string  `ch:"intents"`
	Model      string    `ch:"model"`
}
