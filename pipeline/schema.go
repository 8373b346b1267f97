package pipeline

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"time"
)

// EventSchema is the JSON Schema (2020-12) of an event, generated from Event and
// the rules beside it. What it accepts, Decode accepts, but for what a schema
// cannot say: limits in bytes, times against the clock, the ends of a rating's
// scale. docs/schema/event.schema.json is its copy.
func EventSchema() []byte {
	s := eventSchema()
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.ID = "urn:earshot:schema:event"
	return indented(s)
}

// schema is the part of JSON Schema that the contract needs, in the order it is
// written.
type schema struct {
	Schema      string     `json:"$schema,omitempty"`
	ID          string     `json:"$id,omitempty"`
	Title       string     `json:"title,omitempty"`
	Description string     `json:"description,omitempty"`
	Type        any        `json:"type,omitempty"` // a name or a list of names
	Const       string     `json:"const,omitempty"`
	Enum        []any      `json:"enum,omitempty"`
	Format      string     `json:"format,omitempty"`
	Pattern     string     `json:"pattern,omitempty"`
	MinLength   int        `json:"minLength,omitempty"`
	MaxLength   int        `json:"maxLength,omitempty"`
	Minimum     *float64   `json:"minimum,omitempty"`
	Maximum     *float64   `json:"maximum,omitempty"`
	Required    []string   `json:"required,omitempty"`
	Properties  properties `json:"properties,omitempty"`
	Items       *schema    `json:"items,omitempty"`
	Contains    *schema    `json:"contains,omitempty"`
	OneOf       []*schema  `json:"oneOf,omitempty"`
	AnyOf       []*schema  `json:"anyOf,omitempty"`
	Examples    []any      `json:"examples,omitempty"`
}

// properties keeps the members in the order of the Go struct.
type properties []property

type property struct {
	name   string
	schema *schema
}

func (p properties) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, member := range p {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(member.name)
		if err != nil {
			return nil, err
		}
		value, err := marshal(member.schema)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// eventSchema reflects Event and adds what the contract demands as a whole.
func eventSchema() *schema {
	s := structSchema("", reflect.TypeFor[Event]())
	s.Title = "Feedback event"
	s.Description = "One piece of customer feedback. Members that are not listed are kept as attributes."
	s.Required = []string{"source", "occurred_at"}
	s.AnyOf = contentSchemas()
	return s
}

// structSchema is the schema of a struct whose fields lie under prefix.
func structSchema(prefix string, t reflect.Type) *schema {
	s := &schema{Type: "object"}
	rules := schemaRules()
	for i := range t.NumField() {
		field := t.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		path := prefix + name
		p := typeSchema(path+".", field.Type)
		if rule, ok := rules[path]; ok {
			rule(p)
		}
		s.Properties = append(s.Properties, property{name, p})
	}
	return s
}

// typeSchema is the schema of a field's type. null means absent everywhere.
func typeSchema(prefix string, t reflect.Type) *schema {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return &schema{Type: []string{"string", "null"}, Format: "date-time", Pattern: timePattern}
	case t.Kind() == reflect.Struct:
		s := structSchema(prefix, t)
		s.Type = []string{"object", "null"}
		return s
	case t.Kind() == reflect.Slice:
		items := structSchema(prefix, t.Elem())
		return &schema{Type: []string{"array", "null"}, Items: items}
	case t.Kind() == reflect.Map:
		return &schema{Type: []string{"object", "null"}}
	}
	return &schema{Type: []string{jsonType(t.Kind()), "null"}}
}

func jsonType(k reflect.Kind) string {
	switch k {
	case reflect.Int:
		return "integer"
	case reflect.Float64:
		return "number"
	case reflect.Bool:
		return "boolean"
	}
	return "string"
}

// marshal writes JSON without escaping <, > and &.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(out.Bytes()), err
}

// indented writes a generated document for people.
func indented(v any) []byte {
	text, err := marshal(v)
	var out bytes.Buffer
	if err == nil {
		err = json.Indent(&out, text, "", "  ")
	}
	if err != nil {
		panic("schema: " + err.Error()) // only if a type here cannot be JSON
	}
	out.WriteByte('\n')
	return out.Bytes()
}
