package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"earshot/pipeline"
)

// decodeAspects returns nil for what is no list of strings.
func decodeAspects(value json.RawMessage) (aspects []string) {
	if json.Unmarshal(value, &aspects) != nil {
		return nil
	}
	return aspects
}

// rating reads stars, or {value, min, max} of another scale; nil: neither.
func (l *lineMemory) rating(value json.RawMessage) *float64 {
	if l.stars = float64(value[0] - '0'); !digit(value) {
		l.stars = scaled(value)
	}
	if !(l.stars >= 1 && l.stars <= 5) { // an empty scale is no number
		return nil
	}
	return &l.stars
}

// scaled is a rating as stars; 0 if it is none.
func scaled(value json.RawMessage) (stars float64) {
	var scale struct{ Value, Min, Max *float64 }
	switch {
	case json.Unmarshal(value, &stars) == nil: // null is 0
		return stars
	case json.Unmarshal(value, &scale) != nil || scale.Value == nil || scale.Min == nil || scale.Max == nil:
		return 0
	}
	return 1 + 4*(*scale.Value-*scale.Min)/(*scale.Max-*scale.Min)
}

// digit tells the most usual ratings, which need no decoder.
func digit(value json.RawMessage) bool {
	return len(value) == 1 && '0' <= value[0] && value[0] <= '9'
}

// survey reads the answers on their scales and leaves others out.
func survey(value json.RawMessage) *pipeline.Survey {
	var said struct{ CSAT, NPS json.Number }
	if json.Unmarshal(value, &said) != nil {
		return nil
	}
	within := func(n json.Number, low, high int64) *int {
		v, err := n.Int64()
		if err != nil || v < low || v > high {
			return nil
		}
		whole := int(v)
		return &whole
	}
	return &pipeline.Survey{CSAT: within(said.CSAT, 1, 5), NPS: within(said.NPS, 0, 10)}
}

// decodeText reads a string; most have no escapes.
func decodeText(m member, into *string) error {
	if text, ok := unescaped(m.value); ok {
		*into = text
		return nil
	}
	return decodeField(m, into, "a string")
}

// decodeSame reads a string that is often that of the line before; what is none is left
// out.
func decodeSame(m member, before string, into *string) {
	if n := len(m.value); n == len(before)+2 && string(m.value[1:n-1]) == before && m.value[0] == '"' && strings.IndexByte(before, '\\') < 0 {
		*into = before
		return
	}
	_ = decodeText(m, into)
}

// decodedText is a JSON string, "" for null; ok is false for all else.
func decodedText(value json.RawMessage) (text string, ok bool) {
	ok = json.Unmarshal(value, &text) == nil
	return text, ok
}

// unescaped is what a valid JSON string says, if it holds no escapes but the short ones.
func unescaped(value json.RawMessage) (string, bool) {
	if value[0] != '"' {
		return "", false
	}
	value = value[1 : len(value)-1]
	if bytes.IndexByte(value, '\\') < 0 {
		return string(value), true
	}
	var text strings.Builder
	text.Grow(len(value))
	for {
		at := bytes.IndexByte(value, '\\')
		if at < 0 {
			text.Write(value)
			return text.String(), true
		}
		c := shortEscape(value[at+1])
		if c == 0 {
			return "", false
		}
		text.Write(value[:at])
		text.WriteByte(c)
		value = value[at+2:]
	}
}

// shortEscape is the character that a backslash and c stand for; 0: more must be read.
func shortEscape(c byte) byte {
	switch c {
	case '"', '\\', '/':
		return c
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	}
	return 0
}

func decodeField(m member, into any, want string) error {
	if json.Unmarshal(m.value, into) != nil {
		return &pipeline.Reject{Reason: pipeline.BadType, Detail: fmt.Sprintf("%s: expected %s, not %.40s", m.name, want, m.value)}
	}
	return nil
}

// occurredAt is the time in occurred_at, else in ts; zone is that of one without an
// offset.
func occurredAt(members []member, zone *time.Location) (at time.Time) {
	for _, m := range members {
		switch {
		case m.name == "occurred_at":
			at = timeOfDay(m.value, at, zone)
		case m.name == "ts" && at.IsZero():
			at = timeOfDay(m.value, at, zone)
		}
	}
	return at
}

// timeOfDay reads a time; a date alone says nothing of the hour and stays out.
func timeOfDay(value json.RawMessage, otherwise time.Time, zone *time.Location) time.Time {
	if at, ok := zonedTime(value); ok {
		return at
	}
	s, ok := unescaped(value)
	if !ok {
		s, ok = decodedText(value)
	}
	if !ok || len(s) < len("2006-01-02 5:04") {
		return otherwise
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t
		}
	}
	return otherwise
}

// zonedTime reads the most usual form, that of RFC 3339, without a copy.
func zonedTime(value json.RawMessage) (at time.Time, ok bool) {
	n := len(value)
	if n < len(`"2006-01-02T15:04:05Z"`) || value[11] != 'T' {
		return at, false
	}
	if sign := value[n-len(`-07:00"`)]; value[n-2] != 'Z' && sign != '+' && sign != '-' {
		return at, false
	}
	ok = at.UnmarshalText(value[1:n-1]) == nil
	return at, ok
}
