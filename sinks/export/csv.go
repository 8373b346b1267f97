// Package export writes lists for use outside of Earshot: CSV that is safe to
// open in a spreadsheet, and JSONL.
package export

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"unicode"
)

// CSVOptions tune a CSV file.
type CSVOptions struct {
	// BOM starts the file with a byte order mark: some spreadsheets take a CSV
	// file without one for a legacy code page.
	BOM bool
	// Numeric marks columns of figures: a plain decimal number in them, such as -2.36,
	// starts no formula and is written as it is.
	Numeric []bool
}

// CSV writes rows by RFC 4180: CRLF ends a row, a cell with a comma, a quote or
// a line break is quoted. No cell starts a formula, see SafeCell.
type CSV struct {
	w       *bufio.Writer
	numeric []bool
}

const utf8BOM = "\ufeff"

// NewCSV returns a writer on w; Flush ends it.
func NewCSV(w io.Writer, opts CSVOptions) *CSV {
	c := &CSV{w: bufio.NewWriter(w), numeric: opts.Numeric}
	if opts.BOM {
		_, _ = c.w.WriteString(utf8BOM) // a bufio.Writer keeps its error for Flush
	}
	return c
}

// Write adds one row. Bytes that are not UTF-8 become U+FFFD.
func (c *CSV) Write(row []string) error {
	for i, cell := range row {
		if i > 0 {
			_ = c.w.WriteByte(',') // Flush and the last write tell
		}
		if i >= len(c.numeric) || !c.numeric[i] || !isDecimal(cell) {
			cell = SafeCell(strings.ToValidUTF8(cell, "\ufffd"))
		}
		_, _ = c.w.WriteString(quoteCell(cell))
	}
	_, err := c.w.WriteString("\r\n")
	return err
}

// Flush writes what is buffered and returns the first error of all writes.
func (c *CSV) Flush() error { return c.w.Flush() }

// isDecimal knows numbers such as 12, -2.36 and +1.5e-07.
func isDecimal(cell string) bool {
	_, err := strconv.ParseFloat(cell, 64)
	return err == nil && strings.Trim(cell, "+-.0123456789e") == ""
}

func quoteCell(cell string) string {
	if !strings.ContainsAny(cell, ",\"\r\n") && strings.TrimSpace(cell) == cell {
		return cell
	}
	return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
}

// SafeCell returns the cell with an apostrophe in front if a spreadsheet might
// take it for a formula: it starts with =, +, -, @ or a full-width form of
// these, be it after spaces, quotes or invisible characters, or with a tab or a
// line break (OWASP, "CSV Injection"). A phone number such as +49 30 123 gets
// one as well, which also keeps the spreadsheet from turning it into a number.
func SafeCell(cell string) string {
	if startsFormula(cell) {
		return "'" + cell
	}
	return cell
}

func startsFormula(cell string) bool {
	for i, r := range cell {
		switch {
		case i == 0 && (r == '\t' || r == '\r' || r == '\n'):
			return true
		case strings.ContainsRune("=+-@＝＋－＠﹢﹣﹦﹫−", r):
			return true
		case !skippedByImport(r):
			return false
		}
	}
	return false
}

// skippedByImport tells the characters that an import may strip before it looks
// at the cell: white space, quotes, control and invisible characters.
func skippedByImport(r rune) bool {
	return strings.ContainsRune("\"'`‘’“”", r) || unicode.IsSpace(r) || unicode.In(r, unicode.Cc, unicode.Cf)
}
