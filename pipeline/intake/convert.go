package intake

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
	"unicode/utf8"

	"earshot/pipeline"
)

// Converted is what a row became.
type Converted struct {
	Line   int
	Event  *pipeline.Event  // nil if rejected
	Reject *pipeline.Reject // why the worker will refuse it
	// Repeat says that the row's id stood in this file before.
	Repeat bool
	// Message is what to send: the event, or a rejected row as it was, so that
	// it becomes a dead letter. Its value is nil if the row was too long.
	Message pipeline.OutMessage
}

// Converter turns the rows of one file into messages.
type Converter struct {
	mapping *Mapping
	file    string
	now     func() time.Time
	seen    *occurrences
}

// NewConverter returns a converter for the file of that name.
func NewConverter(m *Mapping, file string, now func() time.Time) *Converter {
	return &Converter{mapping: m, file: file, now: now, seen: newOccurrences()}
}

// Convert maps and checks a row. The same file with the same mapping always
// gives the same ids.
func (c *Converter) Convert(row Row) Converted {
	if row.Reject != nil {
		return c.rejected(row, nil, row.Reject)
	}
	value, e, named, reject := c.decode(&row)
	if reject != nil {
		return c.rejected(row, value, reject)
	}
	out := Converted{Line: row.Line, Event: e}
	if named {
		out.Repeat = c.seen.count(e.ID) > 1
	} else {
		value = c.withID(value, e)
	}
	out.Message = pipeline.OutMessage{Key: []byte(e.ID), Value: value}
	return out
}

// decode finds the event in a row: the row itself if nothing is to be mapped
// and it already is one, else what the mapping makes of it. named says that the
// event has an id of its own.
func (c *Converter) decode(row *Row) (value []byte, e *pipeline.Event, named bool, reject *pipeline.Reject) {
	if len(row.Fields) == 0 {
		e, reject := pipeline.Decode(pipeline.Message{Value: row.Raw}, c.now())
		return row.Raw, e, false, reject
	}
	if c.mapping.identity && row.Fields[0].JSON != nil {
		id, _, named := row.find("id")
		e, reject := pipeline.Decode(pipeline.Message{Value: row.Raw}, c.now())
		if reject == nil && !(named && absent(id)) {
			return row.Raw, e, named, nil
		}
	}
	if !utf8.Valid(row.Raw) {
		return nil, nil, false, &pipeline.Reject{Reason: pipeline.BadEncoding, Detail: "the row is not UTF-8"}
	}
	value = c.mapping.event(row)
	e, reject = pipeline.Decode(pipeline.Message{Value: value}, c.now())
	return value, e, bytes.HasPrefix(value, []byte(`{"id":`)), reject
}

// withID writes a derived id into an event that has none. The n-th equal row
// of a file is an event of its own.
func (c *Converter) withID(value []byte, e *pipeline.Event) []byte {
	if n := c.seen.count(e.ID); n > 1 {
		if id, reject := pipeline.DeriveID(value, n); reject == nil {
			e.ID = id
		}
	}
	brace := bytes.IndexByte(value, '{')
	out := make([]byte, 0, len(value)+len(e.ID)+8)
	out = append(out, `{"id":"`...)
	out = append(out, e.ID...) // hex digits: nothing to escape
	out = append(out, `",`...)
	return append(out, value[brace+1:]...)
}

// Headers of rows that are sent although no worker will accept them, beside
// pipeline.HeaderFeedReason: they say in the dead letters where to look.
const (
	headerFile = "earshot-file"
	headerLine = "earshot-line"
)

// rejected prepares a row for the dead letters: its original bytes, or the
// mapped event where those happen to be a valid event, which was not meant.
func (c *Converter) rejected(row Row, mapped []byte, reject *pipeline.Reject) Converted {
	value := row.Raw
	if _, refused := pipeline.Decode(pipeline.Message{Value: value}, c.now()); refused == nil && mapped != nil {
		value = mapped
	}
	sum := sha256.Sum256(value)
	return Converted{Line: row.Line, Reject: reject, Message: pipeline.OutMessage{
		Key: []byte(hex.EncodeToString(sum[:16])), Value: value,
		Headers: []pipeline.Header{
			{Key: headerFile, Value: []byte(c.file)},
			{Key: headerLine, Value: []byte(strconv.Itoa(row.Line))},
			{Key: pipeline.HeaderFeedReason, Value: []byte(reject.Error())},
		},
	}}
}
