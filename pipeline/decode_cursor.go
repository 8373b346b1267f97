package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth bounds how deep a message may nest; the contract itself needs three.
const maxDepth = 32

// cursor walks the JSON text of one message, once. Its readers leave the cursor
// behind the value whatever they find, so that a mistake in one field does not
// hide broken JSON further on: a syntax error outranks any other reject.
type cursor struct {
	dec    jsontext.Decoder
	src    bytes.Buffer
	syntax error   // the text is not JSON from here on; every reader returns at once
	reject *Reject // the first field that breaks the contract
}

// reset points the cursor at text, which must be valid UTF-8. Escaped lone
// surrogates (`"\ud83d"`, an emoji cut in half) are read as U+FFFD.
func (c *cursor) reset(text []byte) {
	c.src = *bytes.NewBuffer(text)
	c.dec.Reset(&c.src, jsontext.AllowInvalidUTF8(true))
	c.syntax, c.reject = nil, nil
}

// fail records that a field breaks the contract; the first one counts.
func (c *cursor) fail(reason Reason, format string, args ...any) {
	if c.reject == nil {
		c.reject = rejectf(reason, format, args...)
	}
}

// result is the verdict once the text has been walked.
func (c *cursor) result() *Reject {
	if c.syntax != nil {
		return &Reject{Reason: BadJSON, Detail: syntaxDetail(c.syntax)}
	}
	return c.reject
}

// object calls field for each member in turn; field must read its value.
func (c *cursor) object(field func(name []byte)) {
	c.token() // {
	for c.syntax == nil && c.dec.PeekKind() != '}' {
		if raw := c.value(); c.syntax == nil {
			field(unquoteName(raw))
		}
	}
	c.token() // }
}

// array calls element for each element in turn; element must read it.
func (c *cursor) array(element func(i int)) {
	c.token() // [
	for i := 0; c.syntax == nil && c.dec.PeekKind() != ']'; i++ {
		element(i)
	}
	c.token() // ]
}

// null reads a null and reports whether there was one: null means absent.
func (c *cursor) null() bool {
	if c.dec.PeekKind() != 'n' {
		return false
	}
	c.token()
	return true
}

// string reads a string, "" for null; anything else is a bad_type.
func (c *cursor) string(path string) string {
	switch c.dec.PeekKind() {
	case '"':
		if tok := c.token(); c.syntax == nil {
			return tok.String()
		}
	case 'n':
		c.token()
	default:
		c.wrongType(path, "a string")
	}
	return ""
}

// number reads a number; ok is false for null and when it was refused, with
// reason for a number that no float64 holds.
func (c *cursor) number(path string, reason Reason) (f float64, ok bool) {
	switch c.dec.PeekKind() {
	case '0':
		raw := c.value()
		if c.syntax != nil {
			return 0, false
		}
		f, err := strconv.ParseFloat(string(raw), 64)
		if err != nil {
			c.fail(reason, "%s: %s is beyond the numbers a computer can hold", path, excerpt(string(raw)))
			return 0, false
		}
		return f, true
	case 'n':
		c.token()
	default:
		c.wrongType(path, "a number")
	}
	return 0, false
}

// bool reads a boolean, nil for null.
func (c *cursor) bool(path string) *bool {
	switch c.dec.PeekKind() {
	case 't', 'f':
		if tok := c.token(); c.syntax == nil {
			b := tok.Bool()
			return &b
		}
	case 'n':
		c.token()
	default:
		c.wrongType(path, "true or false")
	}
	return nil
}

// text reads any value as an attribute: a string as it is, null as absent, all
// else as its compact JSON, numbers with the digits they came with.
func (c *cursor) text() (s string, ok bool) {
	switch c.dec.PeekKind() {
	case '"':
		tok := c.token()
		if c.syntax != nil {
			return "", false
		}
		return tok.String(), true
	case 'n':
		c.token()
		return "", false
	}
	raw := c.value()
	if c.syntax != nil {
		return "", false
	}
	raw = raw.Clone()
	if err := raw.Compact(); err != nil {
		c.syntax = err
		return "", false
	}
	return string(raw), true
}

func (c *cursor) token() jsontext.Token {
	if c.syntax != nil {
		return jsontext.Null
	}
	tok, err := c.dec.ReadToken()
	c.syntax = err
	return tok
}

func (c *cursor) value() jsontext.Value {
	if c.syntax != nil {
		return nil
	}
	raw, err := c.dec.ReadValue()
	if err == nil && c.dec.StackDepth()+depth(raw) > maxDepth {
		err = errTooDeep
	}
	c.syntax = err
	return raw
}

// end refuses anything but white space after the message's one value.
func (c *cursor) end() {
	if c.syntax != nil {
		return
	}
	if _, err := c.dec.ReadToken(); err != io.EOF {
		c.syntax = errTrailing
	}
}

func (c *cursor) wrongType(path, want string) {
	kind := c.dec.PeekKind()
	if c.value(); c.syntax == nil {
		c.fail(BadType, "%s: expected %s, found %s", path, want, kindName(kind))
	}
}

var (
	errTooDeep  = fmt.Errorf("nested more than %d levels deep", maxDepth)
	errTrailing = errors.New("more data after the JSON object: one message holds one event")
)

// depth is how many levels of objects and arrays a valid JSON text nests.
func depth(raw jsontext.Value) int {
	if k := raw.Kind(); k != '{' && k != '[' {
		return 0
	}
	level, deepest, quoted := 0, 0, false
	for i := 0; i < len(raw); i++ {
		switch b := raw[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			level++
			deepest = max(deepest, level)
		case b == '}' || b == ']':
			level--
		}
	}
	return deepest
}

// unquoteName returns the name in a valid JSON string, without a copy if it
// holds no escape.
func unquoteName(raw jsontext.Value) []byte {
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	name, _ := jsontext.AppendUnquote(nil, raw) // the error is a lone surrogate, read as U+FFFD
	return name
}

// syntaxDetail words a syntax error for people.
func syntaxDetail(err error) string {
	var syn *jsontext.SyntacticError
	if err == io.EOF {
		return "the message holds no JSON"
	}
	if !errors.As(err, &syn) {
		return err.Error()
	}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Sprintf("the name %q stands twice in one object", excerpt(syn.JSONPointer.LastToken()))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the JSON ends in the middle"
	}
	cause := strings.TrimPrefix(syn.Err.Error(), "jsontext: ")
	return fmt.Sprintf("%s at byte %d", cause, syn.ByteOffset)
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 't', 'f':
		return "a boolean"
	case '{':
		return "an object"
	case '[':
		return "an array"
	case 'n':
		return "null"
	}
	return "something else"
}
