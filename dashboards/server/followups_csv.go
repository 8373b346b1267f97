package server

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"earshot/pipeline/followup"
	"earshot/sinks/export"
)

// caseColumns are the file's columns: what one needs to answer comes first.
var caseColumns = [...]struct {
	name string
	cell func(c *followup.Case) string
}{
	{"priority", func(c *followup.Case) string { return strconv.FormatFloat(c.Priority, 'f', 1, 64) }},
	{"due_at", func(c *followup.Case) string { return c.DueAt.UTC().Format(time.RFC3339) }},
	{"reasons", func(c *followup.Case) string { return strings.Join(c.Reasons, "; ") }},
	{"name", func(c *followup.Case) string { return c.Name }},
	{"email", func(c *followup.Case) string { return c.Email }},
	{"phone", func(c *followup.Case) string { return c.Phone }},
	{"customer_id", func(c *followup.Case) string { return c.CustomerID }},
	{"segment", func(c *followup.Case) string { return c.Segment }},
	{"value", func(c *followup.Case) string { return number(c.Value) }},
	{"complaints", func(c *followup.Case) string { return strconv.FormatUint(c.Complaints, 10) }},
	{"occurred_at", func(c *followup.Case) string { return c.OccurredAt.UTC().Format(time.RFC3339) }},
	{"source", func(c *followup.Case) string { return c.Source }},
	{"platform", func(c *followup.Case) string { return c.Platform }},
	{"location", func(c *followup.Case) string { return c.Location }},
	{"product", func(c *followup.Case) string { return c.Product }},
	{"agent", func(c *followup.Case) string { return c.Agent }},
	{"rating", func(c *followup.Case) string { return number(c.Rating) }},
	{"csat", func(c *followup.Case) string { return number(c.CSAT) }},
	{"nps", func(c *followup.Case) string { return number(c.NPS) }},
	{"ces", func(c *followup.Case) string { return number(c.CES) }},
	{"topics", func(c *followup.Case) string { return strings.Join(c.Topics, "; ") }},
	{"text", func(c *followup.Case) string { return c.Text }},
	{"thread_id", func(c *followup.Case) string { return c.ThreadID }},
	{"event_id", func(c *followup.Case) string { return c.EventID }},
}

// number is a figure as a cell, empty when there is none.
func number[T uint8 | float32 | float64](x *T) string {
	if x == nil {
		return ""
	}
	return fmt.Sprint(*x)
}

// writeCasesCSV sends the queue as a file. It is written in memory first: half
// a file with status 200 would pass for the whole queue.
func (s *server) writeCasesCSV(w http.ResponseWriter, cases []followup.Case) {
	var file bytes.Buffer
	out := export.NewCSV(&file, export.CSVOptions{BOM: true})
	row := make([]string, len(caseColumns))
	for i, column := range caseColumns {
		row[i] = column.name
	}
	_ = out.Write(row) // a buffer takes everything
	for _, c := range cases {
		for i, column := range caseColumns {
			row[i] = column.cell(&c)
		}
		_ = out.Write(row)
	}
	_ = out.Flush()
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="followups-`+s.now().UTC().Format(time.DateOnly)+`.csv"`)
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(file.Bytes()) // the caller is gone: nobody to tell
}
