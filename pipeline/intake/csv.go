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
	next := make(map[string]int) // what to try behind a repeated name: each number once
	for i, cell := range cells {
		name := strings.TrimSpace(cell)
		if name == "" {
			name = "column_" + strconv.Itoa(i+1)
		}
		for plain := name; taken[name]; {
			next[plain] = max(next[plain]+1, 2)
			name = plain + "_" + strconv.Itoa(next[plain])
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
	split := splitter{delimiter: c.delimiter}
	split.add(first.text)
	raw = first.text[:len(first.text):len(first.text)]
	var more []line
	for split.open {
		next, err := c.lines.next()
		if err == nil {
			more = append(more, next)
		}
		if err != nil || next.tooLong || len(more) > maxRecordLines || len(raw)+len(next.text) > maxRecordBytes {
			split.problem = fmt.Sprintf("the quote opened in column %d is never closed", len(split.cells)+1)
			break
		}
		raw = append(append(raw, '\n'), next.text...)
		split.add(next.text)
	}
	if split.problem == "" {
		return split.cells, raw, ""
	}
	c.lines.giveBack(more)
	if c.delimiter == '\t' {
		return strings.Split(string(first.text), "\t"), first.text, ""
	}
	return nil, first.text, split.problem
}

// splitter splits a record into cells, line by line, so that its cost does not
// grow with the square of a quoted cell's lines.
type splitter struct {
	delimiter byte
	cells     []string
	cell      strings.Builder // the quoted cell that is open
	open      bool            // the record goes on with the next line
	problem   string          // no further line can mend it
}

// add takes in a line.
func (s *splitter) add(text []byte) {
	more := true
	if s.open {
		s.cell.WriteByte('\n')
		text, more = s.quoted(text)
	}
	for more {
		if len(text) > 0 && text[0] == '"' {
			text, more = s.quoted(text[1:])
			continue
		}
		end := bytes.IndexByte(text, s.delimiter)
		if end < 0 {
			s.cells = append(s.cells, string(text))
			return
		}
		s.cells, text = append(s.cells, string(text[:end])), text[end+1:]
	}
}

// quoted reads within quotes up to the closing one; two quotes stand for one.
// more says that a further cell begins at rest.
func (s *splitter) quoted(text []byte) (rest []byte, more bool) {
	for {
		i := bytes.IndexByte(text, '"')
		if s.open = i < 0; s.open {
			s.cell.Write(text)
			return nil, false
		}
		s.cell.Write(text[:i])
		if text = text[i+1:]; len(text) == 0 || text[0] != '"' {
			break
		}
		s.cell.WriteByte('"')
		text = text[1:]
	}
	s.cells = append(s.cells, s.cell.String())
	s.cell.Reset()
	if len(text) > 0 && text[0] != s.delimiter {
		s.problem = fmt.Sprintf("text behind the closing quote of column %d", len(s.cells))
		return nil, false
	}
	return bytes.TrimPrefix(text, []byte{s.delimiter}), len(text) > 0
}
