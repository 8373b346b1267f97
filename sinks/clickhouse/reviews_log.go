package clickhouse

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// ReviewLog writes what people say of the topics of texts. It is safe for
// concurrent use.
type ReviewLog struct {
	Reader
}

// OpenReviewLog connects as a user who may write. A query that takes longer than
// timeout fails.
func OpenReviewLog(server Server, timeout time.Duration) (*ReviewLog, error) {
	reader, err := OpenReader(server, timeout)
	if err != nil {
		return nil, err
	}
	return &ReviewLog{*reader}, nil
}

// Judge stores one answer on a stored event, whose tags and version it takes.
// ErrNoEvent: there is no such event.
func (l *ReviewLog) Judge(ctx context.Context, v TopicReview) error {
	reviews := []TopicReview{v}
	missing, err := l.Fill(ctx, reviews)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return fmt.Errorf("%q: %w", v.EventID, ErrNoEvent)
	}
	return l.Add(ctx, reviews...)
}

// Add stores answers, all or none. The last answer to a topic of a text counts; one
// that is sent again is not stored again.
func (l *ReviewLog) Add(ctx context.Context, reviews ...TopicReview) error {
	reviews, err := l.news(ctx, reviews)
	if err != nil || len(reviews) == 0 {
		return err
	}
	ctx, cancel := l.limitInsert(ctx)
	defer cancel()
	batch, err := l.conn.PrepareBatch(ctx, "INSERT INTO topic_reviews (topic, event_id, tagged, answer, tagger, reviewer, reviewed_at)", driver.WithReleaseConnection())
	if err != nil {
		return l.queryError(ctx, "store answers", err)
	}
	for _, v := range reviews {
		if err := batch.Append(v.Topic, v.EventID, v.Tagged, v.Answer, v.Tagger, v.Reviewer, v.At.UTC()); err != nil {
			return fmt.Errorf("store answers: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return l.queryError(ctx, "store answers", err)
	}
	return nil
}

// givenAnswer is what counts for a text and a topic.
type givenAnswer struct {
	Topic    string `ch:"topic"`
	EventID  string `ch:"event_id"`
	Tagged   bool   `ch:"tagged"`
	Answer   string `ch:"answer"`
	Tagger   string `ch:"tagger"`
	Reviewer string `ch:"reviewer"`
}

func (v *TopicReview) given() givenAnswer {
	return givenAnswer{v.Topic, v.EventID, v.Tagged, v.Answer, v.Tagger, v.Reviewer}
}

// news leaves the answers that change something. It keeps their order.
func (l *ReviewLog) news(ctx context.Context, reviews []TopicReview) ([]TopicReview, error) {
	type key struct{ topic, event string }
	var changes []TopicReview
	for part := range slices.Chunk(reviews, idsAtOnce) {
		rows, err := selectRows[givenAnswer](ctx, &l.Reader, "review_given", Filter{}, eventsOf(part))
		if err != nil {
			return nil, err
		}
		last := make(map[key]givenAnswer, len(rows))
		for _, row := range rows {
			last[key{row.Topic, row.EventID}] = row
		}
		for _, v := range part {
			k := key{v.Topic, v.EventID}
			before, answered := last[k]
			if before == v.given() || !answered && v.Answer == AnswerUndone {
				continue
			}
			last[k] = v.given()
			if v.Answer == AnswerUndone {
				delete(last, k)
			}
			changes = append(changes, v)
		}
	}
	return changes, nil
}
