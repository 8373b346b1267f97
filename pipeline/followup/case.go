// Package followup decides who needs an answer, why, and how soon. It is pure:
// stored feedback in, cases out; the clock is a parameter.
package followup

import "time"

// Candidate is the newest open piece of feedback of one customer (or one thread,
// or one anonymous event), with the newest contact data known of the customer.
type Candidate struct {
	EventID    string
	ThreadID   string
	OccurredAt time.Time
	Source     string
	Platform   string
	Location   string
	Product    string
	Agent      string
	Text       string
	Rating     *float32
	CSAT, NPS  *uint8
	CES        *uint8
	Sentiment  string
	Score      float32
	Topics     []string // with a negative mention
	Tags       []string
	Intents    []string
	OpenedAt   *time.Time
	AnsweredAt *time.Time // first response, if any
	Complaints uint64     // open complaints of this customer, this one included

	CustomerID, Name, Email, Phone, Segment string
	Value                                   *float64
}

// Case is a Candidate that needs an answer.
type Case struct {
	Candidate
	Priority float64   // 0..100, highest first
	Reasons  []string  // why, most weighty first: "NPS 2 (detractor)"
	DueAt    time.Time // when the SLA runs out
}
