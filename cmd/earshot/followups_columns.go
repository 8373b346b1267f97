package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"earshot/pipeline/followup"
)

// caseColumns are the columns of a case in CSV, the ones to act on first. The
// score is left out: whatever is below 0 would need an apostrophe.
func caseColumns() []column[followup.Case] {
	type item = followup.Case
	text := func(name string, of func(item) string) column[item] { return column[item]{name: name, value: of} }
	return []column[item]{
		text("priority", func(c item) string { return strconv.FormatFloat(c.Priority, 'f', 1, 64) }),
		text("due_at", func(c item) string { return moment(&c.DueAt) }),
		text("reasons", func(c item) string { return strings.Join(c.Reasons, "; ") }),
		text("customer_id", func(c item) string { return c.CustomerID }),
		text("name", func(c item) string { return c.Name }),
		text("email", func(c item) string { return c.Email }),
		text("phone", func(c item) string { return c.Phone }),
		text("segment", func(c item) string { return c.Segment }),
		text("value", func(c item) string { return optional(c.Value) }),
		text("location", func(c item) string { return c.Location }),
		text("source", func(c item) string { return c.Source }),
		text("platform", func(c item) string { return c.Platform }),
		text("product", func(c item) string { return c.Product }),
		text("agent", func(c item) string { return c.Agent }),
		text("occurred_at", func(c item) string { return moment(&c.OccurredAt) }),
		text("opened_at", func(c item) string { return moment(c.OpenedAt) }),
		text("answered_at", func(c item) string { return moment(c.AnsweredAt) }),
		text("complaints", func(c item) string { return strconv.FormatUint(c.Complaints, 10) }),
		text("rating", func(c item) string { return optional(c.Rating) }),
		text("csat", func(c item) string { return optional(c.CSAT) }),
		text("nps", func(c item) string { return optional(c.NPS) }),
		text("ces", func(c item) string { return optional(c.CES) }),
		text("sentiment", func(c item) string { return c.Sentiment }),
		text("topics", func(c item) string { return strings.Join(c.Topics, "; ") }),
		text("tags", func(c item) string { return strings.Join(c.Tags, "; ") }),
		text("intents", func(c item) string { return strings.Join(c.Intents, "; ") }),
		text("thread_id", func(c item) string { return c.ThreadID }),
		text("event_id", func(c item) string { return c.EventID }),
		text("text", func(c item) string { return c.Text }),
	}
}

// moment is RFC 3339 in UTC, "" for none.
func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// optional is a number, "" for none.
func optional[T uint8 | float32 | float64](n *T) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}
