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
func newRow(r *pipeline.Record, ingestedAt time.Time, places *pipeline.Places) row {
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
	out.hourOfWeek = pipeline.HourOfWeek(pipeline.LocalTime(r.Event, places))
	out.survey = cmp.Or(r.Event.Survey, out.survey)
	out.customer = cmp.Or(r.Event.Customer, out.customer)
	out.contact = cmp.Or(r.Event.Contact, out.contact)
	return out
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
