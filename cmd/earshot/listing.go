package main

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"earshot/sinks/export"
)

// The output formats of a listing command.
const (
	formatTable = "table"
	formatJSON  = "json"
	formatCSV   = "csv"
)

// tableWidth is the width of a table that does not go to a terminal.
const tableWidth = 80

// formatFlags is the pair of flags --json and --format.
type formatFlags struct {
	json   bool
	format string
}

// addFormat defines --json and --format for a listing command.
func addFormat(flags *pflag.FlagSet) *formatFlags {
	f := new(formatFlags)
	flags.BoolVar(&f.json, "json", false, "short for --format json")
	flags.StringVar(&f.format, "format", formatTable, "table, json or csv")
	return f
}

func (f *formatFlags) value() (string, error) {
	switch f.format {
	case formatTable, formatJSON, formatCSV:
	default:
		return "", usagef("--format %q: choose table, json or csv", f.format)
	}
	if !f.json {
		return f.format, nil
	}
	if f.format == formatCSV {
		return "", usagef("--json and --format csv exclude each other")
	}
	return formatJSON, nil
}

// column is one column of a listing of T, in tables and CSV.
type column[T any] struct {
	name  string // heading; in CSV lower-case with underscores
	value func(T) string
	right bool // align numbers to the right
	flex  bool // shortened until the table fits; at most one column
}

// printListing writes items in a format: JSON as an array of T, CSV and table
// by columns. Cells of a table are made safe for a terminal, those of CSV for a
// spreadsheet.
func printListing[T any](w io.Writer, format string, columns []column[T], items []T) error {
	switch format {
	case formatJSON:
		if items == nil {
			items = []T{}
		}
		return printJSON(w, items)
	case formatCSV:
		figures := make([]bool, len(columns))
		for i, c := range columns {
			figures[i] = c.right
		}
		return writeCSV(w, export.CSVOptions{Numeric: figures}, columns, items)
	}
	return printTable(w, columns, items)
}

func writeCSV[T any](w io.Writer, opts export.CSVOptions, columns []column[T], items []T) error {
	out := export.NewCSV(w, opts)
	for row := range listingRows(columns, items, csvHeading) {
		if err := out.Write(row); err != nil {
			return err
		}
	}
	return out.Flush()
}

// printJSON writes v as indented JSON, for people and for jq.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// listingRows yields the headings, then one row an item.
func listingRows[T any](columns []column[T], items []T, heading func(string) string) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = heading(c.name)
		}
		if !yield(row) {
			return
		}
		for _, item := range items {
			for i, c := range columns {
				row[i] = c.value(item)
			}
			if !yield(row) {
				return
			}
		}
	}
}

func csvHeading(name string) string {
	return strings.ReplaceAll(strings.ToLower(name), " ", "_")
}

func printTable[T any](w io.Writer, columns []column[T], items []T) error {
	var rows [][]string
	widths := make([]int, len(columns))
	for row := range listingRows(columns, items, strings.ToUpper) {
		clean := make([]string, len(row))
		for i, cell := range row {
			clean[i] = printable(cell)
			widths[i] = max(widths[i], text.StringWidthWithoutEscSequences(clean[i]))
		}
		rows = append(rows, clean)
	}
	fitFlex(columns, widths, outputWidth(w))
	var b strings.Builder
	for _, row := range rows {
		writeTableRow(&b, columns, widths, row)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const columnGap = 2 // spaces between columns

// fitFlex narrows the flexible column until the table fits into width.
func fitFlex[T any](columns []column[T], widths []int, width int) {
	const narrowest = 12
	for i, c := range columns {
		if !c.flex {
			continue
		}
		rest := width + columnGap
		for j := range widths {
			rest -= columnGap
			if j != i {
				rest -= widths[j]
			}
		}
		widths[i] = min(widths[i], max(rest, narrowest))
		return
	}
}

func writeTableRow[T any](b *strings.Builder, columns []column[T], widths []int, row []string) {
	line := new(strings.Builder)
	for i, cell := range row {
		if columns[i].flex {
			cell = text.Snip(cell, widths[i], "…")
		}
		pad := strings.Repeat(" ", max(0, widths[i]-text.StringWidthWithoutEscSequences(cell)))
		if columns[i].right {
			cell = pad + cell
		} else {
			cell += pad
		}
		line.WriteString(cell)
		line.WriteString(strings.Repeat(" ", columnGap))
	}
	b.WriteString(strings.TrimRight(line.String(), " "))
	b.WriteByte('\n')
}

// printable makes text from outside safe to print on one line of a terminal:
// control and formatting characters, which could move the cursor, start an
// escape sequence or turn the reading direction, become spaces.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != '\u200d': // U+200D joins emoji
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// terminal reports whether w is a terminal, and its width in columns.
func terminal(w io.Writer) (width int, ok bool) {
	f, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	return width, err == nil && width > 0
}

func outputWidth(w io.Writer) int {
	if width, ok := terminal(w); ok {
		return width
	}
	return tableWidth
}
