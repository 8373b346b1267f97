package clickhouse

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"earshot/pipeline"
)

// column is one column of the table records: its name and how its values come
// from the rows of a batch. The one list of columns drives the insert and is
// checked against the real table by a test.
type column struct {
	name string
	fill func(rows []row) any // a slice with one value a row, of the driver's type
}

func of[T any](name string, value func(*row) T) column {
	return column{name, func(rows []row) any {
		out := make([]T, len(rows))
		for i := range rows {
			out[i] = value(&rows[i])
		}
		return out
	}}
}

// row is a record together with what its columns need. What the record lacks, or
// its outcome does not store, is empty, never nil.
type row struct {
	record   *pipeline.Record
	event    *pipeline.Event
	survey   *pipeline.Survey
	customer *pipeline.Customer
	contact  *pipeline.Contact
	reject   pipeline.Reject

	id         string
	occurredAt time.Time
	ingestedAt time.Time
	hourOfWeek uint8
}

// absent stands in for the parts that a record does not have. It is never written.
var absent struct {
	event    pipeline.Event
	survey   pipeline.Survey
	customer pipeline.Customer
	contact  pipeline.Contact
}

// newRow picks what an outcome stores: of a duplicate only its identity and
// where the first one is, of a dead letter its original bytes and the reason.
func newRow(r *pipeline.Record, ingestedAt time.Time, location *time.Location) row {
	out := row{record: r, ingestedAt: ingestedAt, occurredAt: r.Time,
		event: &absent.event, survey: &absent.survey, customer: &absent.customer, contact: &absent.contact}
	if r.Event != nil {
		out.id, out.occurredAt = r.Event.ID, r.Event.OccurredAt
	}
	if r.Reject != nil {
		out.reject = *r.Reject
	}
	if r.Outcome == pipeline.OutcomeSkipped {
		out.reject.Reason = pipeline.Reason(r.SkipReason)
	}
	if r.Outcome != pipeline.OutcomeEvent {
		return out
	}
	out.event = r.Event
	out.hourOfWeek = pipeline.HourOfWeek(pipeline.LocalTime(r.Event, location))
	out.survey = cmp.Or(r.Event.Survey, out.survey)
	out.customer = cmp.Or(r.Event.Customer, out.customer)
	out.contact = cmp.Or(r.Event.Contact, out.contact)
	return out
}

// columns returns the list, in the table's order.
func columns() []column {
	return []column{
		of("outcome", func(r *row) string { return string(r.record.Outcome) }),
		of("span", func(r *row) uint64 { return uint64(r.record.Span) }),
		of("event_id", func(r *row) string { return r.id }),
		of("id_hash", func(r *row) uint64 { return idHash(r.id) }),
		of("occurred_at", func(r *row) time.Time { return storable(r.occurredAt) }),
		of("ingested_at", func(r *row) time.Time { return storable(r.ingestedAt) }),
		of("kafka_time", func(r *row) time.Time { return storable(r.record.Time) }),
		of("hour_of_week", func(r *row) uint8 { return r.hourOfWeek }),
		of("source", func(r *row) string { return r.event.Source }),
		of("platform", func(r *row) string { return r.event.Platform }),
		of("location", func(r *row) string { return r.event.Location }),
		of("product", func(r *row) string { return r.event.Product }),
		of("team", func(r *row) string { return r.event.Team }),
		of("agent", func(r *row) string { return r.event.Agent }),
		of("customer_id", func(r *row) string { return r.customer.ID }),
		of("customer_name", func(r *row) string { return r.customer.Name }),
		of("customer_email", func(r *row) string { return r.customer.Email }),
		of("customer_phone", func(r *row) string { return r.customer.Phone }),
		of("customer_segment", func(r *row) string { return r.customer.Segment }),
		of("customer_value", func(r *row) *float64 { return r.customer.Value }),
		of("title", func(r *row) string { return r.event.Title }),
		of("text", func(r *row) string { return r.event.Text }),
		of("language", language),
		of("rating", func(r *row) *float32 { return narrow[float32](r.event.Rating) }),
		of("csat", func(r *row) *uint8 { return narrow[uint8](r.survey.CSAT) }),
		of("nps", func(r *row) *uint8 { return narrow[uint8](r.survey.NPS) }),
		of("ces", func(r *row) *uint8 { return narrow[uint8](r.survey.CES) }),
		of("survey_question", func(r *row) string { return r.survey.Question }),
		of("thread_id", func(r *row) string { return r.contact.ThreadID }),
		of("direction", func(r *row) string { return r.contact.Direction }),
		of("opened_at", func(r *row) *time.Time { return storableOrNull(r.contact.OpenedAt) }),
		of("first_response_at", func(r *row) *time.Time { return storableOrNull(r.contact.FirstResponseAt) }),
		of("resolved_at", func(r *row) *time.Time { return storableOrNull(r.contact.ResolvedAt) }),
		of("resolved", func(r *row) *bool { return r.contact.Resolved }),
		of("turns", turns),
		of("sentiment", func(r *row) string { return string(r.record.Analysis.Sentiment.Label) }),
		of("score", func(r *row) float32 { return float32(r.record.Analysis.Sentiment.Score) }),
		of("confidence", func(r *row) float32 { return float32(r.record.Analysis.Sentiment.Confidence) }),
		of("compound", func(r *row) float32 { return float32(r.record.Analysis.Vader.Compound) }),
		of("vader_pos", func(r *row) float32 { return float32(r.record.Analysis.Vader.Pos) }),
		of("vader_neu", func(r *row) float32 { return float32(r.record.Analysis.Vader.Neu) }),
		of("vader_neg", func(r *row) float32 { return float32(r.record.Analysis.Vader.Neg) }),
		of("topics", mentions(func(m pipeline.Mention) string { return m.Topic })),
		of("topic_sentiments", mentions(func(m pipeline.Mention) string { return string(m.Sentiment) })),
		of("topic_scores", mentions(func(m pipeline.Mention) float32 { return float32(m.Score) })),
		of("topic_starts", mentions(func(m pipeline.Mention) uint32 { return uint32(m.Start) })),
		of("topic_ends", mentions(func(m pipeline.Mention) uint32 { return uint32(m.End) })),
		of("contexts", func(r *row) []string { return r.record.Analysis.Contexts }),
		of("tags", func(r *row) []string { return r.record.Analysis.Tags }),
		of("intents", func(r *row) []string { return r.record.Analysis.Intents }),
		of("attributes", func(r *row) map[string]string { return r.event.Attributes }),
		of("truncated", func(r *row) bool { return r.record.Analysis.Truncated }),
		of("model", func(r *row) string { return r.record.Analysis.Model }),
		of("reason", func(r *row) string { return string(r.reject.Reason) }),
		of("detail", func(r *row) string { return r.reject.Detail }),
		of("payload", payload),
		of("headers", headers),
		of("duplicate_partition", func(r *row) int32 { return r.record.First.Partition }),
		of("duplicate_offset", func(r *row) int64 { return r.record.First.Offset }),
		of("kafka_topic", func(r *row) string { return r.record.Topic }),
		of("kafka_partition", func(r *row) int32 { return r.record.Partition }),
		of("kafka_offset", func(r *row) int64 { return r.record.Offset }),
		of("message_key", messageKey),
		of("replay_of", func(r *row) string { return pipeline.ReplayOf(r.record.Headers) }),
		of("duplicate_topic", func(r *row) string { return r.record.First.Topic }),
	}
}

// insertStatement names the columns of the list.
func insertStatement(columns []column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return "INSERT INTO records (" + strings.Join(names, ", ") + ")"
}

// idHash is what the projection ids is sorted by; ClickHouse's xxHash64 gives
// the same. Rows without an id have 0.
func idHash(id string) uint64 {
	if id == "" {
		return 0
	}
	return xxhash.Sum64String(id)
}

// language is what the analysis found, else what the sender said.
func language(r *row) string {
	if found := r.record.Analysis.Language; found != "" {
		return found
	}
	return r.event.Language
}

func turns(r *row) string {
	if len(r.event.Turns) == 0 {
		return ""
	}
	text, err := json.Marshal(r.event.Turns)
	if err != nil { // strings and times alone: it cannot fail
		return ""
	}
	return string(text)
}

func mentions[T any](value func(pipeline.Mention) T) func(*row) []T {
	return func(r *row) []T {
		out := make([]T, len(r.record.Analysis.Topics))
		for i, m := range r.record.Analysis.Topics {
			out[i] = value(m)
		}
		return out
	}
}

func payload(r *row) string {
	if r.record.Outcome != pipeline.OutcomeDead {
		return ""
	}
	return string(r.record.Value)
}

func messageKey(r *row) string {
	if r.record.Outcome != pipeline.OutcomeDead {
		return ""
	}
	return string(r.record.Key)
}

func headers(r *row) *Headers {
	if r.record.Outcome != pipeline.OutcomeDead {
		return &Headers{}
	}
	return (*Headers)(&r.record.Headers)
}

// DateTime64(3) and the driver hold these years; a clock outside them, such as
// a broken producer's timestamp, is stored as the nearest bound, and a missing
// one as 1970.
var (
	earliest = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2261, 12, 31, 23, 59, 59, 0, time.UTC)
)

func storable(t time.Time) time.Time {
	switch {
	case t.IsZero():
		return time.Unix(0, 0)
	case t.Before(earliest):
		return earliest
	case t.After(latest):
		return latest
	}
	return t
}

func storableOrNull(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	s := storable(*t)
	return &s
}

// narrow converts a number that the event contract has bounded.
func narrow[To uint8 | float32, From int | float64](v *From) *To {
	if v == nil {
		return nil
	}
	n := To(*v)
	return &n
}
