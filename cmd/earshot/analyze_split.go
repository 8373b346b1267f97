package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"earshot/pipeline"
)

// member is a field of an input object, its value as it was written.
type member struct {
	name  string
	value json.RawMessage
}

// splitObject appends the fields of the one JSON object in data, in order.
func splitObject(dst []member, data []byte) ([]member, error) {
	if members, ok := splitFlat(dst, data); ok {
		return members, nil
	}
	if json.Valid(data) {
		if body := bytes.TrimLeft(data, jsonSpace); body[0] == '{' {
			return splitValid(dst, body)
		}
	}
	return splitAny(dst, data)
}

const jsonSpace = " \t\r\n"

// splitValid reads an object that is known to be well-formed.
func splitValid(dst []member, data []byte) ([]member, error) {
	for i := skipSpace(data, 1); data[i] != '}'; {
		end := stringEnd(data, i)
		m := member{name: fieldName(data[i+1 : end-1])}
		if bytes.IndexByte(data[i:end], '\\') >= 0 {
			var err error
			if m.name, err = escapedName(data[i:end]); err != nil {
				return dst, &pipeline.Reject{Reason: pipeline.BadJSON, Detail: "expected one JSON object: " + err.Error()}
			}
		}
		i = skipSpace(data, skipSpace(data, end)+1) // the colon
		end = valueEnd(data, i)
		m.value = data[i:end:end]
		dst = append(dst, m)
		if i = skipSpace(data, end); data[i] == ',' {
			i = skipSpace(data, i+1)
		}
	}
	return dst, nil
}

func escapedName(quoted []byte) (name string, err error) {
	err = json.Unmarshal(quoted, &name)
	return name, err
}

// fieldName spares the usual names a copy.
func fieldName(name []byte) string {
	switch string(name) {
	case "id":
		return "id"
	case "source":
		return "source"
	case "text":
		return "text"
	case "title":
		return "title"
	case "rating":
		return "rating"
	case "ts":
		return "ts"
	case "occurred_at":
		return "occurred_at"
	case "language":
		return "language"
	case "location":
		return "location"
	case "aspects":
		return "aspects"
	}
	return string(name)
}

func skipSpace(data []byte, i int) int {
	for data[i] == ' ' || data[i] == '\t' || data[i] == '\r' || data[i] == '\n' {
		i++
	}
	return i
}

// stringEnd is where the string that starts at i ends.
func stringEnd(data []byte, i int) int {
	for i++; ; i++ {
		i += bytes.IndexByte(data[i:], '"')
		slashes := 0
		for data[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i + 1
		}
	}
}

// valueEnd is where the value that starts at i ends.
func valueEnd(data []byte, i int) int {
	switch data[i] {
	case '"':
		return stringEnd(data, i)
	case '{', '[':
		depth := 0
		for ; ; i++ {
			switch data[i] {
			case '"':
				i = stringEnd(data, i) - 1
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
	}
	for !bytes.ContainsRune([]byte(",} \t\r\n"), rune(data[i])) {
		i++
	}
	return i
}

// splitAny reads what may be no object, or more, and says what is wrong with it.
func splitAny(dst []member, data []byte) ([]member, error) {
	bad := func(err error) error {
		return &pipeline.Reject{Reason: pipeline.BadJSON, Detail: "expected one JSON object: " + err.Error()}
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	switch t, err := dec.Token(); {
	case err != nil:
		return nil, bad(err)
	case t != json.Delim('{'):
		return nil, bad(fmt.Errorf("found %.40q", data))
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, bad(err)
		}
		m := member{name: name.(string)} // a field's name is always a string
		if err := dec.Decode(&m.value); err != nil {
			return nil, bad(err)
		}
		dst = append(dst, m)
	}
	if _, err := dec.Token(); err != nil {
		return nil, bad(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, bad(errors.New("more follows after it"))
	}
	return dst, nil
}
