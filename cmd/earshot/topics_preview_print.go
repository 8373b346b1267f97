package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"earshot/sentiment/topic"
)

// previewShown is how many rules the table shows verbatims of.
const previewShown = 12

func printPreview(w io.Writer, format string, v *previewResult) error {
	switch format {
	case formatJSON:
		return printJSON(w, v)
	case formatCSV:
		return printListing(w, format, effectColumns(), v.Effects)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s -> %s: %s texts, %s change (%.1f s)\n", v.Before, v.After, thousands(v.Texts), thousands(v.Changed), v.Seconds)
	if v.Refused > 0 {
		fmt.Fprintf(&b, "%s left out: no JSON objects\n", count(v.Refused, "line"))
	}
	b.WriteString(v.otherVersions())
	if _, err := io.WriteString(w, b.String()); err != nil || len(v.Effects) == 0 {
		return err
	}
	fmt.Fprintln(w)
	if err := printListing(w, format, effectColumns(), v.Effects); err != nil {
		return err
	}
	return printVerbatims(w, v.Effects)
}

func effectColumns() []column[topic.Effect] {
	number := func(name string, of func(topic.Effect) int) column[topic.Effect] {
		return column[topic.Effect]{name: name, right: true, value: func(e topic.Effect) string { return strconv.Itoa(of(e)) }}
	}
	share := func(name string, of func(topic.Effect) topic.Tally) column[topic.Effect] {
		return column[topic.Effect]{name: name, right: true, value: func(e topic.Effect) string {
			if t := of(e); t.Mentions > 0 {
				return fmt.Sprintf("%.1f %%", 100*t.NegativeShare())
			}
			return "-"
		}}
	}
	before := func(e topic.Effect) topic.Tally { return e.Before }
	after := func(e topic.Effect) topic.Tally { return e.After }
	return []column[topic.Effect]{
		{name: "kind", value: func(e topic.Effect) string { return e.Kind }},
		{name: "name", flex: true, value: func(e topic.Effect) string { return e.Name }},
		number("before", func(e topic.Effect) int { return e.Before.Texts }),
		number("after", func(e topic.Effect) int { return e.After.Texts }),
		number("gained", func(e topic.Effect) int { return e.Gained }),
		number("lost", func(e topic.Effect) int { return e.Lost }),
		share("neg before", before),
		share("neg after", after),
	}
}

// printVerbatims shows what the rules that move most have gained and lost.
func printVerbatims(w io.Writer, effects []topic.Effect) error {
	p := painter(w)
	var b strings.Builder
	shown := 0
	for _, e := range effects {
		if len(e.New)+len(e.Old) == 0 {
			continue
		}
		if shown++; shown > previewShown {
			b.WriteString("\nMore verbatims: --json\n")
			break
		}
		for _, part := range []struct {
			what  string
			texts []topic.Verbatim
			all   int
		}{{"gained", e.New, e.Gained}, {"lost", e.Old, e.Lost}} {
			if len(part.texts) == 0 {
				continue
			}
			fmt.Fprintf(&b, "\n%s %s %s, %d of them:\n", p.bold(printable(e.Name)), part.what, count(part.all, "text"), len(part.texts))
			for _, t := range part.texts {
				fmt.Fprintf(&b, "  %s  %s\n", highlight(p, t.Text, t.Start, t.End), p.faint(printable(t.ID)))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// The marks of a highlighted part while a text is made printable: private code
// points, which no text that is shown keeps.
const (
	markStart = '\ue000'
	markEnd   = '\ue001'
)

// highlight makes a text printable on one line, with the bytes [start, end) in bold
// or, without a terminal, in «».
func highlight(p paint, text string, start, end int) string {
	clean := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r == markStart || r == markEnd {
				return -1
			}
			return r
		}, s)
	}
	if start < 0 || end > len(text) || start >= end {
		return printable(clean(text))
	}
	line := printable(clean(text[:start]) + string(markStart) + clean(text[start:end]) + string(markEnd) + clean(text[end:]))
	before, rest, _ := strings.Cut(line, string(markStart))
	part, after, _ := strings.Cut(rest, string(markEnd))
	if p.on {
		return before + p.wrap("1;7", part) + after
	}
	return before + "«" + part + "»" + after
}
