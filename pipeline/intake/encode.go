package intake

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// encode writes the event, fields in the order of the contract.
func (b *builder) encode(idPrefix string) []byte {
	b.rescaled()
	if id := (Field{JSON: b.values[0]}); id.JSON.Kind() == '"' { // targets[0] is id
		s, _ := id.scalar()
		b.values[0] = quote(idPrefix + s)
	}
	var out bytes.Buffer
	out.WriteByte('{')
	open := "" // the object being written
	for i, v := range b.values {
		parent, name, nested := strings.Cut(targets[i].path, ".")
		if !nested {
			parent, name = "", parent
		}
		if v == nil || nested && b.values[targetIndex(parent, false)] != nil {
			continue // where the parent came whole, decoding says whether it may
		}
		if open != parent {
			b.enter(&out, open, parent)
			open = parent
		}
		member(&out, name, v)
	}
	b.enter(&out, open, "")
	if len(b.attributes) > 0 {
		b.enter(&out, "", "attributes")
		for _, a := range b.attributes {
			member(&out, a.name, a.value)
		}
		out.WriteByte('}')
	}
	out.WriteByte('}')
	return out.Bytes()
}

// enter closes the nested object being written, if any, and opens the next.
func (b *builder) enter(out *bytes.Buffer, from, to string) {
	if from != "" {
		out.WriteByte('}')
	}
	if to != "" {
		member(out, to, nil)
		out.WriteByte('{')
	}
}

// rescaled makes a plain rating the value of a scale that is given for it.
func (b *builder) rescaled() {
	rating, value := targetIndex("rating", false), targetIndex("rating.value", false)
	scale := b.values[targetIndex("rating.max", false)]
	if scale != nil && b.values[rating].Kind() == '0' && b.values[value] == nil {
		b.values[rating], b.values[value] = nil, b.values[rating]
	}
}

func member(out *bytes.Buffer, name string, v jsontext.Value) {
	comma(out)
	out.Write(quote(name))
	out.WriteByte(':')
	out.Write(v)
}

// comma separates from the member before, if there is one.
func comma(out *bytes.Buffer) {
	if b := out.Bytes(); b[len(b)-1] != '{' {
		out.WriteByte(',')
	}
}
