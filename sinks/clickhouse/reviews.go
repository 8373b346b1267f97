package clickhouse

import (
	"context"
	"slices"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"earshot/pipeline"
)

// The answers of a person who reads a text: does it speak of the topic?
const (
	AnswerYes  = "yes"
	AnswerNo   = "no"
	AnswerSkip = "skip"
	// AnswerUndone takes the last answer back: the text waits for another one.
	AnswerUndone = "undone"
)

// TopicReview is one answer.
type TopicReview struct {
	Topic    string
	EventID  string
	Tagged   bool   // the text carried the topic's tag, or one below it
	Tagger   string // the version that tagged it
	Answer   string
	Reviewer string
	At       time.Time
}

// ReviewText is a text drawn for a review.
type ReviewText struct {
	EventID    string    `ch:"event_id"`
	OccurredAt time.Time `ch:"occurred_at"`
	Location   string    `ch:"location"`
	Source     string    `ch:"source"`
	Text       string    `ch:"words"` // as it was analysed
	Said       string    `ch:"said"`
	Topics     []string  `ch:"topics"`
	Starts     []uint32  `ch:"topic_starts"` // byte offsets into Text
	Ends       []uint32  `ch:"topic_ends"`
	Model      string    `ch:"model"`

	Tagged bool // drawn from the texts with the tag
}

// Mention returns the first place where the topic was found; ok is false if it was not.
func (t *ReviewText) Mention(name string) (start, end int, ok bool) {
	for i, found := range t.Topics {
		if pipeline.CoversAny(name, found) && i < len(t.Starts) && i < len(t.Ends) && int(t.Ends[i]) <= len(t.Text) && t.Starts[i] <= t.Ends[i] {
			return int(t.Starts[i]), int(t.Ends[i]), true
		}
	}
	return 0, 0, false
}

// ReviewSample draws texts with a topic's tag, or without it, that nobody has
// answered yet, at most limit.
func (r *Reader) ReviewSample(ctx context.Context, f Filter, name string, tagged bool, limit int) ([]ReviewText, error) {
	texts, err := selectRows[ReviewText](ctx, r, "review_sample", f,
		chgo.Named("reviewed_topic", name), chgo.Named("tagged", tagged), chgo.Named("limit", max(limit, 0)))
	for i := range texts {
		texts[i].Tagged = tagged
	}
	return texts, err
}

// idsAtOnce bounds a look-up of events, and with it the length of its SQL.
const idsAtOnce = 1000

// Fill sets Tagged and Tagger of reviews from the stored events, and returns the
// ids of those that are not stored.
func (r *Reader) Fill(ctx context.Context, reviews []TopicReview) (missing []string, err error) {
	type row struct {
		ID     string   `ch:"event_id"`
		Topics []string `ch:"topics"`
		Model  string   `ch:"model"`
	}
	for part := range slices.Chunk(reviews, idsAtOnce) {
		rows, err := selectRows[row](ctx, r, "review_events", Filter{}, eventsOf(part))
		if err != nil {
			return nil, err
		}
		stored := make(map[string]row, len(rows))
		for _, row := range rows {
			stored[row.ID] = row
		}
		for i := range part {
			event, ok := stored[part[i].EventID]
			if !ok {
				missing = append(missing, part[i].EventID)
				continue
			}
			part[i].Tagger = pipeline.TaggerOf(event.Model)
			part[i].Tagged = pipeline.CoversAny(part[i].Topic, event.Topics...)
		}
	}
	return missing, nil
}

// eventsOf is the events of reviews, as a query asks for them.
func eventsOf(reviews []TopicReview) driver.NamedValue {
	ids := make([]string, len(reviews))
	for i := range reviews {
		ids[i] = reviews[i].EventID
	}
	return chgo.Named("events", ids)
}
