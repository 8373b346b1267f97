package pipeline

import (
	"bytes"
	"sync"
	"time"
	"unicode/utf8"
)

// Decode reads the event in a message by the contract (docs/events.md) and
// returns it normalised, or the reason why it is none. now bounds occurred_at.
// The event shares no memory with the message.
func Decode(m Message, now time.Time) (*Event, *Reject) {
	e, reject := decode(&m, now)
	if reject != nil {
		return nil, reject.atSource(&m)
	}
	return e, nil
}

func decode(m *Message, now time.Time) (*Event, *Reject) {
	if reject := checkText(m.Value); reject != nil {
		return nil, reject
	}
	m.Value = bytes.TrimPrefix(m.Value, []byte(byteOrderMark)) // RFC 8259, 8.1: may be ignored
	body, env, reject := openEnvelope(m)
	if reject != nil {
		return nil, reject
	}
	e, reject := decodeEvent(body)
	if reject != nil {
		return nil, reject
	}
	if reject := env.complete(e); reject != nil {
		return nil, reject
	}
	if reject := validate(e, now); reject != nil {
		return nil, reject
	}
	if e.ID == "" {
		if e.ID, reject = DeriveID(body, 1); reject != nil {
			return nil, reject
		}
	}
	return e, nil
}

const byteOrderMark = "\xef\xbb\xbf"

func checkText(value []byte) *Reject {
	switch {
	case len(value) > MaxMessageBytes:
		return rejectf(TooLarge, "%d bytes, at most %d are allowed", len(value), MaxMessageBytes)
	case len(value) == 0:
		return rejectf(BadJSON, "the message is empty: expected a JSON object")
	case !utf8.Valid(value):
		return rejectf(BadEncoding, "not UTF-8 at byte %d", invalidUTF8(value))
	}
	return nil
}

// invalidUTF8 is the index of the first byte that is not UTF-8.
func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(b)
}

// cursors saves the decoder's stacks between messages: they are most of what a
// message would allocate.
var cursors = sync.Pool{New: func() any { return new(cursor) }}

func decodeEvent(body []byte) (*Event, *Reject) {
	c := cursors.Get().(*cursor)
	defer func() {
		c.reset(nil) // hold on to no message
		cursors.Put(c)
	}()
	c.reset(body)
	e := new(Event)
	switch kind := c.dec.PeekKind(); kind {
	case '{':
		c.event(e)
	default:
		if c.value(); c.syntax == nil {
			return nil, rejectf(BadJSON, "expected an object, found %s", kindName(kind))
		}
	}
	c.end()
	if reject := c.result(); reject != nil {
		return nil, reject
	}
	return e, nil
}

// event reads the members of the contract; all others become attributes.
func (c *cursor) event(e *Event) {
	c.object(func(name []byte) {
		switch string(name) {
		case "id":
			e.ID = c.id()
		case "source":
			e.Source = c.string("source")
		case "platform":
			e.Platform = c.string("platform")
		case "occurred_at":
			e.OccurredAt = c.time("occurred_at", BadTime)
		case "title":
			e.Title = c.string("title")
		case "text":
			e.Text = c.string("text")
		case "language":
			e.Language = c.string("language")
		case "rating":
			e.Rating = c.rating(e)
		case "survey":
			e.Survey = c.survey(e)
		case "customer":
			e.Customer = c.customer(e)
		case "location":
			e.Location = c.string("location")
		case "product":
			e.Product = c.string("product")
		case "team":
			e.Team = c.string("team")
		case "agent":
			e.Agent = c.string("agent")
		case "contact":
			e.Contact = c.contact(e)
		case "turns":
			e.Turns = c.turns(e)
		case "attributes":
			c.attributes(e)
		default:
			c.unknown(e, "", name)
		}
	})
}

func (c *cursor) id() string {
	if c.dec.PeekKind() != '"' {
		return c.string("id")
	}
	id := c.string("id")
	if reject := checkID("id", id); reject != nil && c.syntax == nil && c.reject == nil {
		c.reject = reject
	}
	return id
}

// time reads an RFC 3339 time, the zero time for null.
func (c *cursor) time(path string, reason Reason) time.Time {
	if k := c.dec.PeekKind(); k != '"' {
		c.string(path)
		return time.Time{}
	}
	raw := c.value()
	if c.syntax != nil {
		return time.Time{}
	}
	t, ok := parseTime(unquoteName(raw))
	if !ok {
		c.fail(reason, "%s: expected RFC 3339 such as 2026-07-03T19:30:00+02:00, found %q", path, excerpt(string(unquoteName(raw))))
	}
	return t
}

// parseTime reads RFC 3339 strictly: an offset is required, as are the colons.
func parseTime(text []byte) (time.Time, bool) {
	var t time.Time
	if len(text) > 64 || bytes.IndexByte(text, ',') >= 0 || t.UnmarshalText(text) != nil {
		return time.Time{}, false
	}
	return t, true
}

// unknown keeps a member the contract does not know as the attribute
// prefix+name, unless `attributes` holds one of that name.
func (c *cursor) unknown(e *Event, prefix string, name []byte) {
	text, ok := c.text()
	if !ok {
		return
	}
	key := prefix + string(name)
	if _, taken := e.Attributes[key]; !taken {
		setAttribute(e, key, text)
	}
}

func (c *cursor) attributes(e *Event) {
	if c.null() {
		return
	}
	if c.dec.PeekKind() != '{' {
		c.wrongType("attributes", "an object")
		return
	}
	c.object(func(name []byte) {
		if text, ok := c.text(); ok {
			setAttribute(e, string(name), text)
		}
	})
}

func setAttribute(e *Event, key, value string) {
	if e.Attributes == nil {
		e.Attributes = make(map[string]string)
	}
	e.Attributes[key] = value
}
