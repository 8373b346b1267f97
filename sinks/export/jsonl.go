package export

import (
	"bufio"
	"encoding/json"
	"io"
)

// JSONL writes one JSON value a line.
type JSONL struct {
	w   *bufio.Writer
	enc *json.Encoder
}

// NewJSONL returns a writer on w; Flush ends it.
func NewJSONL(w io.Writer) *JSONL {
	buffered := bufio.NewWriter(w)
	enc := json.NewEncoder(buffered)
	enc.SetEscapeHTML(false)
	return &JSONL{w: buffered, enc: enc}
}

// Write adds v as one line.
func (j *JSONL) Write(v any) error { return j.enc.Encode(v) }

// Flush writes what is buffered.
func (j *JSONL) Flush() error { return j.w.Flush() }
