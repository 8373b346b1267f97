// Package labelled reads labelled feedback: JSONL, one object a line, for
// training and measuring. The fields are text, label (positive, neutral,
// negative or null), rating (1..5 or null) and topics; others are passed over.
package labelled

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"

	"earshot/pipeline"
)

// Row is one labelled text.
type Row struct {
	Line   int
	Text   string         `json:"text"`
	Label  pipeline.Label `json:"label"`
	Rating *float64       `json:"rating"`
	Topics []Topic        `json:"topics"`
	Lang   string         `json:"lang"`
	Set    string         `json:"set"`
}

// Topic is a topic that a person found in the text.
type Topic struct {
	Topic     string `json:"topic"`
	Sentiment string `json:"sentiment"`
}

// Truth is the row's class: its label, else its stars (4 and more positive, 2
// and fewer negative). ok is false if it has neither.
func (r Row) Truth() (label pipeline.Label, ok bool) {
	switch {
	case r.Label != "":
		return r.Label, true
	case r.Rating == nil:
		return "", false
	case *r.Rating >= 4:
		return pipeline.Positive, true
	case *r.Rating <= 2:
		return pipeline.Negative, true
	}
	return pipeline.Neutral, true
}

const maxLine = 16 << 20

// Read yields the rows of r, which may be gzipped. The error of a row names its
// line; reading goes on after a bad row, not after an error of the stream.
func Read(r io.Reader) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		br := bufio.NewReader(r)
		var in io.Reader = br
		if head, _ := br.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
			zr, err := gzip.NewReader(br)
			if err != nil {
				yield(Row{}, fmt.Errorf("gzip: %w", err))
				return
			}
			defer zr.Close()
			in = zr
		}
		sc := bufio.NewScanner(in)
		sc.Buffer(nil, maxLine)
		line := 0
		for sc.Scan() {
			line++
			if len(bytes.TrimSpace(sc.Bytes())) == 0 {
				continue
			}
			if !yield(parse(sc.Bytes(), line)) {
				return
			}
		}
		if err := sc.Err(); err != nil {
			yield(Row{}, fmt.Errorf("line %d: %w", line+1, err))
		}
	}
}

func parse(data []byte, line int) (Row, error) {
	row := Row{Line: line}
	if !utf8.Valid(data) {
		return row, fmt.Errorf("line %d: not UTF-8", line)
	}
	if err := json.Unmarshal(data, &row); err != nil {
		return row, fmt.Errorf("line %d: %w", line, err)
	}
	switch row.Label {
	case "", pipeline.Positive, pipeline.Neutral, pipeline.Negative:
		return row, nil
	}
	return row, fmt.Errorf("line %d: label %q, want positive, neutral, negative or null", line, row.Label)
}
