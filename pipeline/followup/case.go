// Package followup decides who needs an answer, why, and how soon. It is pure:
// stored feedback in, cases out; the clock is a parameter.
package followup

import "time"

// Candidate is one unhappy customer (or one thread, or one anonymous event)
// without an answer or a solution: the newest open piece of feedback, with the
// newest contact data known of the customer.
type Candidate struct {
	EventID    string     `json:"event_id"`
	ThreadID   string     `json:"thread_id"`
	OccurredAt time.Time  `json:"occurred_at"`
	Source     string     `json:"source"`
	Platform   string     `json:"platform"`
	Location   string     `json:"location"`
	Product    string     `json:"product"`
	Agent      string     `json:"agent"`
	Text       string     `json:"text"` // the title where there is no text
	Rating     *float32   `json:"rating"`
	CSAT       *uint8     `json:"csat"`
	NPS        *uint8     `json:"nps"`
	CES        *uint8     `json:"ces"` // 1 hard .. 7 easy
	Sentiment  string     `json:"sentiment"`
	Score      float32    `json:"score"`
	Topics     []string   `json:"topics"` // with a negative mention
	Tags       []string   `json:"tags"`
	Intents    []string   `json:"intents"`     // of all open complaints
	OpenedAt   *time.Time `json:"opened_at"`   // since when the oldest open complaint waits
	AnsweredAt *time.Time `json:"answered_at"` // first response, if each open complaint had one
	Complaints uint64     `json:"complaints"`  // open complaints of this customer, this one included

	CustomerID string   `json:"customer_id"`
	Name       string   `json:"name"`
	Email      string   `json:"email"`
	Phone      string   `json:"phone"`
	Segment    string   `json:"segment"`
	Value      *float64 `json:"value"` // in the company's currency
}

// Reachable reports whether there is a way to answer: a known customer, an
// address, a number or a thread.
func (c *Candidate) Reachable() bool {
	return c.CustomerID != "" || c.Email != "" || c.Phone != "" || c.ThreadID != ""
}

// Case is a Candidate that needs an answer.
type Case struct {
	Candidate
	Priority float64   `json:"priority"` // 0..100, highest first
	Reasons  []string  `json:"reasons"`  // why, most weighty first: "NPS 2 (detractor)"
	DueAt    time.Time `json:"due_at"`   // when the SLA runs out
}

// Intents that put a customer, or the company, at risk.
const (
	LegalOrSafety     = "legal_or_safety"
	ChurnRisk         = "churn_risk"
	EscalationRequest = "escalation_request"
	RefundRequest     = "refund_request"
)

// RiskyIntents lists them, most weighty first.
func RiskyIntents() []string {
	return []string{LegalOrSafety, ChurnRisk, EscalationRequest, RefundRequest}
}

// Policy holds the promises to customers.
type Policy struct {
	SLA    time.Duration // an unhappy customer gets an answer within
	Window time.Duration // feedback older than this is no longer followed up; 0: no limit
	Praise []string      // tags that are no complaint; an unhappy text may have some, too
}
