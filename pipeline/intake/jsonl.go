package intake

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"

	"earshot/pipeline"
)

// jsonLines reads one JSON object a line; empty lines are passed over.
type jsonLines struct{ lines *lines }

func (j *jsonLines) Next() (Row, error) {
	for {
		l, err := j.lines.next()
		if err != nil {
			return Row{}, err
		}
		if l.tooLong {
			return tooLongRow(l.number), nil
		}
		if text := bytes.TrimSpace(l.text); len(text) > 0 {
			return jsonRow(l.number, text), nil
		}
	}
}

func tooLongRow(number int) Row {
	return rowReject(number, nil, pipeline.TooLarge,
		fmt.Sprintf("the row is longer than %d MiB", MaxRowBytes>>20))
}

// jsonRow splits the text of one object into its members. Text that is no such
// object gets no fields; pipeline.Decode words the reason.
func jsonRow(number int, text []byte) Row {
	row := Row{Line: number, Raw: text}
	if fields, err := members(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))); err == nil && len(fields) > 0 {
		row.Fields = fields
	}
	return row
}

// members lists the members of an object.
func members(text []byte) ([]Field, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowInvalidUTF8(true))
	fields := make([]Field, 0, 16)
	if tok, err := dec.ReadToken(); err != nil || tok.Kind() != '{' {
		return nil, fmt.Errorf("not an object: %w", err)
	}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		f := Field{Name: name.String()}
		if f.JSON, err = dec.ReadValue(); err != nil {
			return nil, err
		}
		fields = append(fields, f)
	}
	_, err := dec.ReadToken()
	return fields, err
}
