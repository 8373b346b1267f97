package clickhouse

import (
	"context"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline/followup"
)

// maxCandidates bounds FollowUps: more people than anyone answers in a window.
const maxCandidates = 10_000

// FollowUps returns who is unhappy and has no answer or no solution yet, from
// feedback from since on: at most 10,000, those who can be reached and those
// with the gravest complaints first.
func (r *Reader) FollowUps(ctx context.Context, since time.Time) ([]followup.Candidate, error) {
	rows, err := selectRows[candidateRow](ctx, r, "followups", Filter{Since: since},
		chgo.Named("risks", followup.RiskyIntents()),
		chgo.Named("limit", maxCandidates))
	if err != nil {
		return nil, err
	}
	contacts, err := r.contacts(ctx, rows)
	if err != nil {
		return nil, err
	}
	out := make([]followup.Candidate, len(rows))
	for i, row := range rows {
		c := followup.Candidate(row)
		if newest, known := contacts[c.CustomerID]; known {
			c.Name, c.Email, c.Phone, c.Segment, c.Value = newest.Name, newest.Email, newest.Phone, newest.Segment, newest.Value
		}
		out[i] = c
	}
	return out, nil
}

// contactRow is what is known of a customer.
type contactRow struct {
	CustomerID string   `ch:"customer_id"`
	Name       string   `ch:"name"`
	Email      string   `ch:"email"`
	Phone      string   `ch:"phone"`
	Segment    string   `ch:"segment"`
	Value      *float64 `ch:"value"`
}

// contacts returns the newest contact data of the customers in rows, by id.
func (r *Reader) contacts(ctx context.Context, rows []candidateRow) (map[string]contactRow, error) {
	var customers []string
	for _, row := range rows {
		if row.CustomerID != "" {
			customers = append(customers, row.CustomerID)
		}
	}
	if customers == nil {
		return nil, nil
	}
	found, err := selectRows[contactRow](ctx, r, "contacts", Filter{}, chgo.Named("customers", customers))
	if err != nil {
		return nil, err
	}
	byID := make(map[string]contactRow, len(found))
	for _, c := range found {
		byID[c.CustomerID] = c
	}
	return byID, nil
}

// candidateRow is a followup.Candidate by the columns of the query.
type candidateRow struct {
	EventID    string     `ch:"event_id"`
	ThreadID   string     `ch:"thread_id"`
	OccurredAt time.Time  `ch:"occurred_at"`
	Source     string     `ch:"source"`
	Platform   string     `ch:"platform"`
	Location   string     `ch:"location"`
	Product    string     `ch:"product"`
	Agent      string     `ch:"agent"`
	Text       string     `ch:"text"`
	Rating     *float32   `ch:"rating"`
	CSAT       *uint8     `ch:"csat"`
	NPS        *uint8     `ch:"nps"`
	CES        *uint8     `ch:"ces"`
	Sentiment  string     `ch:"sentiment"`
	Score      float32    `ch:"score"`
	Topics     []string   `ch:"topics"`
	Tags       []string   `ch:"tags"`
	Intents    []string   `ch:"intents"`
	OpenedAt   *time.Time `ch:"opened_at"`
	AnsweredAt *time.Time `ch:"answered_at"`
	Complaints uint64     `ch:"complaints"`
	CustomerID string     `ch:"customer_id"`
	Name       string     `ch:"name"`
	Email      string     `ch:"email"`
	Phone      string     `ch:"phone"`
	Segment    string     `ch:"segment"`
	Value      *float64   `ch:"value"`
}
