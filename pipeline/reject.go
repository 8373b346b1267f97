package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Reason says why a message became a dead letter. The values are part of the
// contract: dashboards and replays select on them.
type Reason string

// The reasons. Each is described in docs/events.md.
const (
	BadJSON        Reason = "bad_json"     // not one JSON object
	BadEncoding    Reason = "bad_encoding" // not valid UTF-8
	TooLarge       Reason = "too_large"    // longer than MaxMessageBytes
	BadType        Reason = "bad_type"     // a known field holds the wrong JSON type
	NoContent      Reason = "no_content"   // neither text, rating, survey answer nor customer turn
	BadID          Reason = "bad_id"
	BadSource      Reason = "bad_source" // missing or not one of Channels
	BadTime        Reason = "bad_time"   // occurred_at missing, unreadable or out of range
	BadRating      Reason = "bad_rating"
	BadSurvey      Reason = "bad_survey"
	BadContact     Reason = "bad_contact"
	BadTurns       Reason = "bad_turns"
	BadLanguage    Reason = "bad_language"
	BadRow         Reason = "bad_row"         // a row of CSV or TSV that feed could not split into cells
	Refused        Reason = "refused"         // the store does not take it; the detail is its message
	AnalysisFailed Reason = "analysis_failed" // scoring it broke: a fault of Earshot, worth a report
)

// Reasons lists them all, in the order of docs/events.md.
var Reasons = []Reason{
	TooLarge, BadEncoding, BadJSON, BadType, NoContent, BadID, BadSource, BadTime,
	BadRating, BadSurvey, BadContact, BadTurns, BadLanguage, BadRow, Refused, AnalysisFailed,
}

// Reject is the refusal of one message: a Reason for machines and a Detail for
// people, which names the field and what was expected.
type Reject struct {
	Reason Reason
	Detail string
}

// HeaderFeedReason holds, in a message that `earshot feed` sent although its row
// is no event, the feed's Reject as text. The message is the row as it was, so
// its own fault would be another one, such as not being JSON.
const HeaderFeedReason = "earshot-feed-reason"

// atSource is the reject that the feed gave m, or this one if there is none.
func (r *Reject) atSource(m *Message) *Reject {
	for _, h := range m.Headers {
		if h.Key != HeaderFeedReason || !utf8.Valid(h.Value) {
			continue
		}
		reason, detail, ok := strings.Cut(string(h.Value), ": ")
		if ok && slices.Contains(Reasons, Reason(reason)) {
			return &Reject{Reason: Reason(reason), Detail: detail}
		}
	}
	return r
}

func (r *Reject) Error() string { return string(r.Reason) + ": " + r.Detail }

func rejectf(reason Reason, format string, args ...any) *Reject {
	return &Reject{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}
