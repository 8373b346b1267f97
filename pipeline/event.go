package pipeline

import "time"

// Limits of the event contract.
const (
	MaxMessageBytes = 1 << 20  // a message value longer than this is a dead letter (too_large)
	MaxTextBytes    = 32 << 10 // longer text is kept whole and analysed on its first 32 KiB
	MaxIDBytes      = 128
	MaxFuture       = 24 * time.Hour // occurred_at may lie this far ahead
	MaxPastYears    = 20             // and this many years back
)

// Channels are the allowed values of Event.Source.
var Channels = []string{
	"survey", "review", "social", "email", "chat", "phone", "sms",
	"in_person", "chatbot", "self_service", "other",
}

// Event is one piece of customer feedback as the contract defines it
// (docs/events.md). Decode returns only valid events, normalised: text fields
// are valid UTF-8, Rating is on 1..5, ID is set.
type Event struct {
	ID         string            `json:"id,omitempty"`
	Source     string            `json:"source"`
	Platform   string            `json:"platform,omitempty"`
	OccurredAt time.Time         `json:"occurred_at"` // keeps the offset it was sent with: it gives the local hour
	Title      string            `json:"title,omitempty"`
	Text       string            `json:"text,omitempty"`
	Language   string            `json:"language,omitempty"` // BCP 47
	Rating     *float64          `json:"rating,omitempty"`   // 1..5
	Survey     *Survey           `json:"survey,omitempty"`
	Customer   *Customer         `json:"customer,omitempty"`
	Location   string            `json:"location,omitempty"`
	Product    string            `json:"product,omitempty"`
	Team       string            `json:"team,omitempty"`
	Agent      string            `json:"agent,omitempty"`
	Contact    *Contact          `json:"contact,omitempty"`
	Turns      []Turn            `json:"turns,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// Survey holds the answers of a survey; nil means not asked or not answered.
type Survey struct {
	CSAT     *int   `json:"csat,omitempty"` // 1..5
	NPS      *int   `json:"nps,omitempty"`  // 0..10
	CES      *int   `json:"ces,omitempty"`  // 1..7
	Question string `json:"question,omitempty"`
}

// Customer says who spoke and how to reach them.
type Customer struct {
	ID      string   `json:"id,omitempty"`
	Name    string   `json:"name,omitempty"`
	Email   string   `json:"email,omitempty"`
	Phone   string   `json:"phone,omitempty"`
	Segment string   `json:"segment,omitempty"`
	Value   *float64 `json:"value,omitempty"` // what the customer is worth, in the company's currency
}

// Contact ties the event to a service thread; it feeds response time,
// resolution and first-contact resolution.
type Contact struct {
	ThreadID        string     `json:"thread_id,omitempty"`
	Direction       string     `json:"direction,omitempty"` // inbound or outbound
	OpenedAt        *time.Time `json:"opened_at,omitempty"`
	FirstResponseAt *time.Time `json:"first_response_at,omitempty"`
	ResolvedAt      *time.Time `json:"resolved_at,omitempty"`
	Resolved        *bool      `json:"resolved,omitempty"`
}

// Turn is one utterance of a chat, call or e-mail thread.
type Turn struct {
	Role string     `json:"role"` // customer, agent or bot
	Text string     `json:"text"`
	At   *time.Time `json:"at,omitempty"`
}
