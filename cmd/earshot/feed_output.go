package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"earshot/pipeline"
	"earshot/pipeline/intake"
)

// feedCounts is what became of the rows of a file.
type feedCounts struct {
	File    string                  `json:"file,omitempty"`
	Rows    int                     `json:"rows"`
	Valid   int                     `json:"valid"`
	Sent    int                     `json:"sent"`
	Invalid map[pipeline.Reason]int `json:"invalid"`
	Skipped int                     `json:"skipped"`
	Repeats int                     `json:"repeats"` // rows whose id stood in the file before
	Unsent  int                     `json:"unsent"`  // too long for the topic

	first      map[pipeline.Reason]string // the first case of each reason
	unsentLine int
}

func newFeedCounts(file string) *feedCounts {
	return &feedCounts{File: file, Invalid: make(map[pipeline.Reason]int), first: make(map[pipeline.Reason]string)}
}

func (c *feedCounts) row(r *intake.Converted) {
	c.Rows++
	if r.Repeat {
		c.Repeats++
	}
	if r.Reject == nil {
		c.Valid++
		return
	}
	reason := r.Reject.Reason
	if c.Invalid[reason] == 0 {
		c.first[reason] = fmt.Sprintf("line %d: %s", r.Line, r.Reject.Detail)
	}
	c.Invalid[reason]++
}

func (c *feedCounts) unsendable(line int) {
	if c.Unsent == 0 {
		c.unsentLine = line
	}
	c.Unsent++
}

func (c *feedCounts) add(o *feedCounts) {
	c.Rows, c.Valid, c.Sent = c.Rows+o.Rows, c.Valid+o.Valid, c.Sent+o.Sent
	c.Skipped, c.Repeats, c.Unsent = c.Skipped+o.Skipped, c.Repeats+o.Repeats, c.Unsent+o.Unsent
	for reason, n := range o.Invalid {
		c.Invalid[reason] += n
	}
}

func (c *feedCounts) invalid() int { return c.Rows - c.Valid }

// feedOutput prints what `feed` says on standard output.
type feedOutput struct {
	w      io.Writer
	json   bool
	dryRun bool
}

// shownEvents is how many events of each file a dry run shows.
const shownEvents = 5

// show prints what a dry run is for: the first events and every invalid row.
func (o *feedOutput) show(counts *feedCounts, row *intake.Converted) {
	switch {
	case row.Reject != nil && o.json:
		o.line("reject", map[string]any{"file": counts.File, "line": row.Line, "reason": row.Reject.Reason, "detail": row.Reject.Detail})
	case row.Reject != nil:
		fmt.Fprintf(o.w, "%s:%d: %s\n", counts.File, row.Line, printable(row.Reject.Error()))
	case counts.Valid > shownEvents:
	case o.json:
		o.line("event", row.Event)
	default:
		text, err := json.MarshalIndent(row.Event, "", "  ")
		if err == nil {
			fmt.Fprintf(o.w, "%s:%d: %s\n", counts.File, row.Line, text)
		}
	}
}

func (o *feedOutput) line(name string, v any) {
	enc := json.NewEncoder(o.w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(map[string]any{name: v}) // standard output; a broken pipe ends the program
}

// counts prints the summary of one file.
func (o *feedOutput) counts(c *feedCounts) {
	if o.json {
		o.line("file", c)
		return
	}
	parts := []string{thousands(c.Sent) + " sent"}
	if o.dryRun {
		parts[0] = thousands(c.Valid) + " valid"
	}
	if n := c.invalid(); n > 0 {
		parts = append(parts, thousands(n)+" invalid")
	}
	if c.Skipped > 0 {
		parts = append(parts, thousands(c.Skipped)+" of them left out")
	}
	if c.Repeats > 0 {
		parts = append(parts, thousands(c.Repeats)+" repeat an id of this file")
	}
	if c.Unsent > 0 {
		parts = append(parts, fmt.Sprintf("%s too long to send (the first: line %d)", thousands(c.Unsent), c.unsentLine))
	}
	fmt.Fprintf(o.w, "%s: %s rows: %s\n", c.File, thousands(c.Rows), strings.Join(parts, ", "))
	for _, reason := range byCount(c.Invalid) {
		fmt.Fprintf(o.w, "  %-12s %s, the first: %s\n", reason, thousands(c.Invalid[reason]), printable(c.first[reason]))
	}
}

// byCount sorts reasons, the most frequent first.
func byCount(invalid map[pipeline.Reason]int) []pipeline.Reason {
	return slices.SortedFunc(maps.Keys(invalid), func(a, b pipeline.Reason) int {
		if d := invalid[b] - invalid[a]; d != 0 {
			return d
		}
		return strings.Compare(string(a), string(b))
	})
}

// total prints the sum over several files and what to do next.
func (o *feedOutput) total(c *feedCounts, files int) {
	if o.json {
		o.line("total", c)
		return
	}
	if files > 1 {
		done := thousands(c.Sent) + " sent"
		if o.dryRun {
			done = thousands(c.Valid) + " valid"
		}
		fmt.Fprintf(o.w, "total: %s rows: %s, %s invalid\n", thousands(c.Rows), done, thousands(c.invalid()))
	}
	switch {
	case o.dryRun:
		fmt.Fprintln(o.w, "nothing was sent (--dry-run)")
	case c.invalid() > c.Skipped+c.Unsent:
		fmt.Fprintln(o.w, "invalid rows were sent as they are and become dead letters: `earshot deadletters list` shows them")
	}
}

// thousands writes 12345 as 12,345.
func thousands[T int | int64 | uint64](n T) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
