package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonStream reads the elements of a JSON array, or JSON values one behind the
// other that may span lines.
type jsonStream struct {
	dec     *jsontext.Decoder
	src     *meteredReader
	inArray bool
	started bool
}

func newJSONStream(r io.Reader) *jsonStream {
	src := &meteredReader{r: r}
	// What an element holds is judged later, row by row.
	return &jsonStream{src: src, dec: jsontext.NewDecoder(src,
		jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))}
}

func (j *jsonStream) Next() (Row, error) {
	j.src.left = MaxRowBytes
	if !j.started {
		j.started = true
		if j.inArray = j.dec.PeekKind() == '['; j.inArray {
			if _, err := j.dec.ReadToken(); err != nil {
				return Row{}, j.failed(err)
			}
		}
	}
	if j.inArray && j.dec.PeekKind() == ']' {
		if _, err := j.dec.ReadToken(); err != nil {
			return Row{}, j.failed(err)
		}
		j.inArray = false
	}
	raw, err := j.dec.ReadValue()
	if err == io.EOF {
		return Row{}, io.EOF
	}
	if err != nil {
		return Row{}, j.failed(err)
	}
	number := j.src.lineAt(j.dec.InputOffset() - int64(len(raw)))
	return jsonRow(number, raw.Clone()), nil
}

// failed says where the file stops being JSON. Unlike a broken line, nothing
// behind a broken element can be told apart.
func (j *jsonStream) failed(err error) error {
	var syn *jsontext.SyntacticError
	switch {
	case errors.Is(err, errRowTooLong):
		return fmt.Errorf("line %d: a JSON value longer than %d MiB; the rest of the file is not read", j.src.lineAt(j.dec.InputOffset()), MaxRowBytes>>20)
	case errors.As(err, &syn) && errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("line %d: the JSON ends in the middle; the file is cut off", j.src.lineAt(syn.ByteOffset))
	case errors.As(err, &syn):
		return fmt.Errorf("line %d: broken JSON (%w); the rest of the file is not read", j.src.lineAt(syn.ByteOffset), syn.Err)
	}
	return err
}

var errRowTooLong = errors.New("row too long")

// meteredReader remembers where lines end and refuses to read on and on for one
// value, which is what bounds the decoder's buffer.
type meteredReader struct {
	r        io.Reader
	left     int   // bytes that may still be read for the current value
	offset   int64 // read so far
	newlines []int64
	line     int // line ends before newlines[0]
}

func (m *meteredReader) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, errRowTooLong
	}
	n, err := m.r.Read(p)
	for at := 0; at < n; at++ {
		i := bytes.IndexByte(p[at:n], '\n')
		if i < 0 {
			break
		}
		at += i
		m.newlines = append(m.newlines, m.offset+int64(at))
	}
	m.offset += int64(n)
	m.left -= n
	return n, err
}

// lineAt is the line, from 1, of a byte offset. Offsets must not fall.
func (m *meteredReader) lineAt(offset int64) int {
	passed := 0
	for passed < len(m.newlines) && m.newlines[passed] < offset {
		passed++
	}
	m.line += passed
	m.newlines = append(m.newlines[:0], m.newlines[passed:]...)
	return m.line + 1
}
