package pipeline

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// envelope is what a CloudEvents 1.0 envelope says of the event in it.
type envelope struct {
	id, time string
	// other context attributes: source, type, subject and extensions, each kept
	// as the attribute ce_<name>.
	context map[string]string
}

// openEnvelope finds the event's own JSON: the record value, or the data of a
// structured CloudEvent. In Kafka's binary mode the context attributes are in
// headers ce_*. Without an envelope the second result is nil.
func openEnvelope(m *Message) ([]byte, *envelope, *Reject) {
	if env := binaryEnvelope(m.Headers); env != nil {
		return m.Value, env, nil
	}
	if !bytes.Contains(m.Value, []byte(`"specversion"`)) {
		return m.Value, nil, nil
	}
	return structuredEnvelope(m.Value)
}

func binaryEnvelope(headers []Header) *envelope {
	var env *envelope
	for _, h := range headers {
		if h.Key == "ce_specversion" {
			env = new(envelope)
		}
	}
	if env == nil {
		return nil
	}
	for _, h := range headers {
		name, ok := strings.CutPrefix(h.Key, "ce_")
		if ok && utf8.ValidString(name) && utf8.Valid(h.Value) {
			env.set(name, string(h.Value))
		}
	}
	return env
}

// structuredEnvelope opens value if it is an object with the members specversion
// and data (or data_base64); else it is an event that merely mentions the word.
func structuredEnvelope(value []byte) ([]byte, *envelope, *Reject) {
	var c cursor
	c.reset(value)
	if c.dec.PeekKind() != '{' {
		return value, nil, nil
	}
	env := new(envelope)
	var data jsontext.Value
	var encoded string
	var versioned bool
	c.object(func(name []byte) {
		switch string(name) {
		case "specversion":
			versioned = c.string("specversion") != ""
		case "data":
			data = c.value()
		case "data_base64":
			encoded = c.string("data_base64")
		default:
			if text, ok := c.text(); ok {
				env.set(string(name), text)
			}
		}
	})
	c.end()
	if c.syntax != nil {
		return nil, nil, c.result()
	}
	if !versioned || data == nil && encoded == "" {
		return value, nil, nil
	}
	if data != nil {
		return data, env, nil
	}
	decoded, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, nil, rejectf(BadEncoding, "data_base64: not base64")
	}
	if reject := checkText(decoded); reject != nil {
		return nil, nil, reject
	}
	return decoded, env, nil
}

func (env *envelope) set(name, value string) {
	switch name {
	case "id":
		env.id = value
	case "time":
		env.time = value
	case "specversion", "datacontenttype", "dataschema":
	default:
		if env.context == nil {
			env.context = make(map[string]string)
		}
		env.context["ce_"+name] = value
	}
}

// complete fills what the event does not say itself.
func (env *envelope) complete(e *Event) *Reject {
	if env == nil {
		return nil
	}
	if e.ID == "" && env.id != "" {
		if reject := checkID("id of the CloudEvent", env.id); reject != nil {
			return reject
		}
		e.ID = env.id
	}
	if e.OccurredAt.IsZero() && env.time != "" {
		at, ok := parseTime([]byte(env.time))
		if !ok {
			return rejectf(BadTime, "time of the CloudEvent: expected RFC 3339, found %q", excerpt(env.time))
		}
		e.OccurredAt = at
	}
	for key, value := range env.context {
		if _, taken := e.Attributes[key]; !taken {
			setAttribute(e, key, value)
		}
	}
	return nil
}
