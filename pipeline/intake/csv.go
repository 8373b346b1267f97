package intake

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"earshot/pipeline"
)

// A quoted cell may span lines, but an open quote that was forgotten must not
// swallow the file.
const (
	maxRecordLines = 2000
	maxRecordBytes = 2 << 20
)

// csvRows reads CSV by RFC 4180 with a header row, tolerating a quote inside a
// bare cell. With tabs as the delimiter, a line whose quotes do not work out is
// taken without quoting, as the TSV media type has it.
type csvRows struct {
	lines     *lines
	delimiter byte
	header    []string
}

// newCSV reads the header. A delimiter of 0 is told from it.
func newCSV(l *lines, delimiter byte) (*csvRows, error) {
	c := &csvRows{lines: l, delimiter: delimiter}
	for {
		first, err := l.next()
		if err == io.EOF {
			return nil, ErrEmpty
		}
		if err != nil {
			return nil, err
		}
		if first.tooLong || !utf8.Valid(first.text) {
			return nil, fmt.Errorf("line %d: the header is not UTF-8 text; convert the file, e.g. with iconv -f windows-1252 -t utf-8", first.number)
		}
		if len(bytes.TrimSpace(first.text)) == 0 {
			continue
		}
		if c.delimiter == 0 {
			c.delimiter = tellDelimiter(first.text)
		}
		cells, _, problem := c.record(first)
		if problem != "" {
			return nil, fmt.Errorf("line %d: the header is broken: %s", first.number, problem)
		}
		c.header = uniqueNames(cells)
		return c, nil
	}
}

// tellDelimiter picks what separates the header's names.
func tellDelimiter(header []byte) byte {
	best, most := byte(','), 0
	for _, d := range []byte{',', ';', '\t', '|'} {
		if n := bytes.Count(header, []byte{d}); n > most {
			best, most = d, n
		}
	}
	return best
}

// uniqueNames names empty columns and tells repeated ones apart.
func uniqueNames(cells []string) []string {
	names := make([]string, len(cells))
	taken := make(map[string]bool, len(cells))
	for i, cell := range cells {
		name := strings.TrimSpace(cell)
		if name == "" {
			name = "column_" + strconv.Itoa(i+1)
		}
		for n := 2; taken[name]; n++ {
			name = strings.TrimSpace(cell) + "_" + strconv.Itoa(n)
		}
		taken[name] = true
		names[i] = name
	}
	return names
}

func (c *csvRows) Next() (Row, error) {
	for {
		first, err := c.lines.next()
		if err != nil {
			return Row{}, err
		}
		if first.tooLong {
			return tooLongRow(first.number), nil
		}
		if len(first.text) > 0 {
			return c.row(first), nil
		}
	}
}

func (c *csvRows) row(first line) Row {
	cells, raw, problem := c.record(first)
	if problem == "" && len(cells) != len(c.header) {
		problem = fmt.Sprintf("%d cells, the header has %d", len(cells), len(c.header))
	}
	switch {
	case !utf8.Valid(raw):
		return rowReject(first.number, raw, pipeline.BadEncoding, "the row is not UTF-8; convert the file, e.g. with iconv -f windows-1252 -t utf-8")
	case problem != "":
		return rowReject(first.number, raw, pipeline.BadRow, problem)
	}
	row := Row{Line: first.number, Raw: raw, Fields: make([]Field, len(cells))}
	for i, cell := range cells {
		row.Fields[i] = Field{Name: c.header[i], Text: cell}
	}
	return row
}

// record splits the record that starts with first, reading on while a quote is
// open. If that leads nowhere, the first line alone is the broken record and
// the lines behind it are read again.
func (c *csvRows) record(first line) (cells []string, raw []byte, problem string) {
	cells, open, problem := splitRecord(first.text, c.delimiter)
	if !open && problem == "" {
		return cells, first.text, ""
	}
	raw = first.text[:len(first.text):len(first.text)]
	var more []line
	for open && problem == "" {
		next, err := c.lines.next()
		if err == nil {
			more = append(more, next)
		}
		if err != nil || next.tooLong || len(more) > maxRecordLines || len(raw)+len(next.text) > maxRecordBytes {
			problem = fmt.Sprintf("the quote opened in column %d is never closed", len(cells)+1)
			break
		}
		raw = append(append(raw, '\n'), next.text...)
		if bytes.IndexByte(next.text, '"') < 0 {
			continue // still within the quotes
		}
		if cells, open, problem = splitRecord(raw, c.delimiter); !open && problem == "" {
			return cells, raw, ""
		}
	}
	c.lines.giveBack(more)
	if c.delimiter == '\t' {
		return strings.Split(string(first.text), "\t"), first.text, ""
	}
	return nil, first.text, problem
}

// splitRecord splits a record into cells; open means that it ends within
// quotes, problem that no further line can mend it.
func splitRecord(raw []byte, delimiter byte) (cells []string, open bool, problem string) {
	rest := raw
	for {
		if len(rest) == 0 || rest[0] != '"' {
			end := bytes.IndexByte(rest, delimiter)
			if end < 0 {
				return append(cells, string(rest)), false, ""
			}
			cells, rest = append(cells, string(rest[:end])), rest[end+1:]
			continue
		}
		cell, after, closed := quotedCell(rest[1:])
		switch {
		case !closed:
			return cells, true, ""
		case len(after) == 0:
			return append(cells, cell), false, ""
		case after[0] != delimiter:
			return nil, false, fmt.Sprintf("text behind the closing quote of column %d", len(cells)+1)
		}
		cells, rest = append(cells, cell), after[1:]
	}
}

// quotedCell reads up to the closing quote; two quotes stand for one.
func quotedCell(text []byte) (cell string, after []byte, closed bool) {
	var b strings.Builder
	for {
		i := bytes.IndexByte(text, '"')
		if i < 0 {
			return "", nil, false
		}
		b.Write(text[:i])
		text = text[i+1:]
		if len(text) == 0 || text[0] != '"' {
			return b.String(), text, true
		}
		b.WriteByte('"')
		text = text[1:]
	}
}
