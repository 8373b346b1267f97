package topic

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
)

// withoutJSONEscapes writes out what JSON may escape and the YAML reader does not know:
// \/ and pairs such as \ud83d\ude21. Lines stay where they are. Files that are no JSON
// come back as they are.
func withoutJSONEscapes(data []byte) []byte {
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n\ufeff"), []byte("{")) || !bytes.ContainsRune(data, '\\') || !json.Valid(bytes.TrimPrefix(data, []byte("\ufeff"))) {
		return data
	}
	out := make([]byte, 0, len(data))
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' || i+1 == len(data) {
			out = append(out, data[i])
			continue
		}
		switch r := utf16.DecodeRune(escapedUnit(data[i:]), escapedUnit(data[min(i+6, len(data)):])); {
		case r != '\ufffd':
			out, i = append(out, string(r)...), i+11
		case data[i+1] == '/':
			out, i = append(out, '/'), i+1
		default:
			out, i = append(out, data[i], data[i+1]), i+1
		}
	}
	return out
}

// escapedUnit is the UTF-16 unit that data begins with, as \uXXXX; -1 if there is none.
func escapedUnit(data []byte) rune {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(data[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}
