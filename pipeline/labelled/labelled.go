// Package labelled reads labelled feedback: JSONL, one object a line, for
// training and measuring. The fields are text, label (positive, neutral,
// negative or null), rating (1..5 or null), csat (1..5), nps (0..10), both of which may
// stand in survey, lang and topics; others are passed over.
package labelled

import (
	"bufio"
	"bytes"
	"cmp"
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
	CSAT   *int           `json:"csat"`
	NPS    *int           `json:"nps"`
	Survey Survey         `json:"survey"`
	Topics []Topic        `json:"topics"`
	Lang   string         `json:"lang"`
	Set    string         `json:"set"`
}

// Topic is a topic that a person found in the text.
type Topic struct {
	Topic     string `json:"topic"`
	Sentiment string `json:"sentiment"`
}

// Survey holds answers as an event has them. What is no object has none.
type Survey struct {
	CSAT *int `json:"csat"`
	NPS  *int `json:"nps"`
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *Survey) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '{' {
		return nil
	}
	type answers Survey
	return json.Unmarshal(data, (*answers)(s))
}

// Truth is the row's class: its label, else that of its rating (pipeline.Rating), for
// which its own stars, CSAT and NPS go before those of its survey. ok is false if it
// has none of them.
func (r Row) Truth() (label pipeline.Label, ok bool) {
	if r.Label != "" {
		return r.Label, true
	}
	return pipeline.Rating{Stars: r.Rating, CSAT: cmp.Or(r.CSAT, r.Survey.CSAT), NPS: cmp.Or(r.NPS, r.Survey.NPS)}.Label()
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
	default:
		return row, fmt.Errorf("line %d: label %q, want positive, neutral, negative or null", line, row.Label)
	}
	for _, a := range []struct {
		name      string
		answer    *int
		low, high int
	}{{"csat", row.CSAT, 1, 5}, {"csat", row.Survey.CSAT, 1, 5}, {"nps", row.NPS, 0, 10}, {"nps", row.Survey.NPS, 0, 10}} {
		if a.answer != nil && (*a.answer < a.low || *a.answer > a.high) {
			return row, fmt.Errorf("line %d: %s %d, want %d..%d", line, a.name, *a.answer, a.low, a.high)
		}
	}
	return row, nil
}
