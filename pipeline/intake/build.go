package intake

import (
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// find looks a column up by its name: as it is written, then without regard to
// case, then as a path into nested objects (raw.metadata). index is the column
// it was found in.
func (r *Row) find(name string) (f Field, index int, ok bool) {
	for i := range r.Fields {
		if r.Fields[i].Name == name {
			return r.Fields[i], i, true
		}
	}
	for i := range r.Fields {
		if r.Fields[i].JSON == nil && strings.EqualFold(r.Fields[i].Name, name) {
			return r.Fields[i], i, true
		}
	}
	head, rest, nested := strings.Cut(name, ".")
	if !nested {
		return Field{}, -1, false
	}
	for i := range r.Fields {
		if r.Fields[i].Name != head || r.Fields[i].JSON.Kind() != '{' {
			continue
		}
		inner, err := members(r.Fields[i].JSON)
		if err != nil {
			break
		}
		f, _, ok := (&Row{Fields: inner}).find(rest)
		return f, -1, ok // its column is kept: other members are not mapped
	}
	return Field{}, -1, false
}

// builder collects the fields of one event.
type builder struct {
	values     []jsontext.Value // by index in targets; nil is absent
	attributes []attribute
	taken      map[string]struct{} // names of the attributes
}

type attribute struct {
	name  string
	value jsontext.Value
}

// event maps the row's fields to the JSON of an event without id derivation.
func (m *Mapping) event(row *Row) []byte {
	b := &builder{values: make([]jsontext.Value, len(targets))}
	used := make([]bool, len(row.Fields))
	for _, r := range m.columns {
		f, i, ok := row.find(r.from)
		if i >= 0 {
			used[i] = true
		}
		if ok {
			b.put(m, r.target, f)
		}
	}
	for _, r := range m.consts {
		b.put(m, r.target, Field{Text: r.from})
	}
	for i, f := range row.Fields {
		if f.Name == "attributes" && f.JSON.Kind() == '{' && !used[i] {
			used[i] = true
			b.explicit(f)
		}
	}
	for i, f := range row.Fields {
		if !used[i] {
			b.unmapped(m, f)
		}
	}
	return b.encode(m.idPrefix)
}

// put fills a target that a rule names.
func (b *builder) put(m *Mapping, path string, f Field) {
	if name, ok := strings.CutPrefix(path, attributePrefix); ok {
		b.attribute(name, f)
		return
	}
	i := targetIndex(whole(path, f), false)
	if b.values[i] == nil {
		b.values[i] = m.value(targets[i].kind, f)
	}
}

// whole names the member that a scalar given for a whole object means.
func whole(path string, f Field) string {
	if _, scalar := f.scalar(); scalar && strings.EqualFold(path, "customer") {
		return "customer.id"
	}
	return path
}

// explicit takes the members of an event's own attributes; they go before
// columns of the same name.
func (b *builder) explicit(f Field) {
	inner, _ := members(f.JSON) // valid: it was split off a valid object
	for _, member := range inner {
		b.attribute(member.Name, member)
	}
}

// unmapped takes a column that is named like a field of the contract for that
// field, unless a rule filled it; any other is an attribute.
func (b *builder) unmapped(m *Mapping, f Field) {
	if name, ok := strings.CutPrefix(f.Name, attributePrefix); ok {
		b.attribute(name, f)
		return
	}
	i := targetIndex(whole(f.Name, f), f.JSON == nil)
	switch {
	case i >= 0 && b.values[i] == nil && f.JSON.Kind() == '{' && hasParts(f.Name):
		inner, _ := members(f.JSON)
		for _, member := range inner {
			member.Name = f.Name + "." + member.Name
			b.unmapped(m, member)
		}
	case i >= 0 && b.values[i] == nil:
		b.values[i] = m.value(targets[i].kind, f)
	case !m.drop:
		b.attribute(f.Name, f)
	}
}

// hasParts reports whether a field is an object whose members are targets.
func hasParts(name string) bool {
	return name == "rating" || name == "survey" || name == "customer" || name == "contact"
}

func (b *builder) attribute(name string, f Field) {
	if _, taken := b.taken[name]; taken || absent(f) {
		return
	}
	if b.taken == nil {
		b.taken = make(map[string]struct{})
	}
	b.taken[name] = struct{}{}
	v := f.JSON
	if v == nil {
		v = quote(f.Text)
	}
	b.attributes = append(b.attributes, attribute{name, v})
}

// absent: an empty cell, an empty string and null say nothing.
func absent(f Field) bool {
	if f.JSON == nil {
		return strings.TrimSpace(f.Text) == ""
	}
	return f.JSON.Kind() == 'n' || string(f.JSON) == `""`
}

// value converts a field to the kind of its target. What does not convert is
// kept as it is: decoding the event then says what was expected.
func (m *Mapping) value(k kind, f Field) jsontext.Value {
	if absent(f) {
		return nil
	}
	s, scalar := f.scalar()
	if !scalar {
		return f.JSON
	}
	switch k {
	case number:
		if n, ok := jsonNumber(strings.TrimSpace(s)); ok {
			return n
		}
	case boolean:
		switch strings.ToLower(strings.TrimSpace(s)) {
		case "true", "yes", "1":
			return jsontext.Value("true")
		case "false", "no", "0":
			return jsontext.Value("false")
		}
	case instant:
		if t, ok := m.dates.parse(s); ok {
			return quote(t.Format(time.RFC3339Nano))
		}
	case raw:
		if v := jsontext.Value(strings.TrimSpace(s)); f.JSON == nil && v.IsValid() {
			return v
		}
	}
	if f.JSON == nil {
		s = strings.TrimSpace(s)
	}
	return quote(s)
}

// scalar is the text of a cell, string, number or boolean.
func (f *Field) scalar() (string, bool) {
	if f.JSON == nil {
		return f.Text, true
	}
	switch f.JSON.Kind() {
	case '"':
		s, _ := jsontext.AppendUnquote(nil, f.JSON) // a lone surrogate becomes U+FFFD
		return string(s), true
	case '0', 't', 'f':
		return string(f.JSON), true
	}
	return "", false
}

// jsonNumber writes a decimal number as JSON has it: 05, +4 and .5 are mended,
// 1,5 and NaN are not numbers.
func jsonNumber(s string) (jsontext.Value, bool) {
	if v := jsontext.Value(s); v.IsValid() {
		return v, v.Kind() == '0'
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.Trim(s, "+-.0123456789") != "" {
		return nil, false
	}
	return strconv.AppendFloat(nil, f, 'f', -1, 64), true
}

func quote(s string) jsontext.Value {
	v, _ := jsontext.AppendQuote(make([]byte, 0, len(s)+len(s)/8+2), s) // callers pass UTF-8
	return v
}
