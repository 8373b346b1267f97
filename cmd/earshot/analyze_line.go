package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"earshot/pipeline"
)

// lineAnalyzer turns an input line into an output line.
type lineAnalyzer struct {
	analyzer *pipeline.TextAnalyzer
	places   *pipeline.Places // whose zones are those of times without an offset
	plain    bool             // a line is a text, not JSON
	memory   *lineMemory      // of one goroutine; nil: none
}

// lineMemory is what one line leaves to the next.
type lineMemory struct {
	members []member
	event   pipeline.Event
	answer  pipeline.Answer
	stars   float64
}

// isAnswered tells the fields that an answer sets; the input's are left out.
func isAnswered(name string) bool {
	switch name {
	case "sentiment", "vader", "language", "topics", "contexts", "tags", "intents", "effort", "conversation", "model", "joint", "truncated":
		return true
	}
	return false
}

// lineError is what stands in the place of a line that cannot be analysed.
type lineError struct {
	Reason pipeline.Reason `json:"reason"`
	Detail string          `json:"detail"`
	Line   int             `json:"line"`
	File   string          `json:"file,omitempty"`
}

// appendLine appends the answer to l; ok is false if it is an error. A blank
// JSON line has no answer.
func (a lineAnalyzer) appendLine(dst []byte, l line, file string) (out []byte, ok bool) {
	if l.number == 1 {
		l.text = bytes.TrimPrefix(l.text, []byte("\ufeff"))
	}
	if !a.plain && !l.tooLong && len(bytes.TrimSpace(l.text)) == 0 {
		return dst, true
	}
	if a.memory == nil {
		a.memory = new(lineMemory)
	}
	members, err := a.members(l)
	if err == nil {
		dst, err = a.answer(dst, members)
	}
	if err == nil {
		return dst, true
	}
	var reject *pipeline.Reject
	if !errors.As(err, &reject) {
		return dst, true
	}
	e := lineError{Reason: reject.Reason, Detail: reject.Detail, Line: l.number}
	if file != "-" {
		e.File = file
	}
	return append(appendJSON(dst, map[string]lineError{"error": e}), '\n'), false
}

func (a lineAnalyzer) members(l line) ([]member, error) {
	switch {
	case l.tooLong:
		return nil, &pipeline.Reject{Reason: pipeline.TooLarge, Detail: fmt.Sprintf("the line is longer than %d bytes", maxLine)}
	case a.plain:
		text := strings.ToValidUTF8(string(l.text), "\ufffd")
		return []member{{"text", appendJSON(nil, text)}}, nil
	case !utf8.Valid(l.text):
		return nil, &pipeline.Reject{Reason: pipeline.BadEncoding, Detail: "the line is not valid UTF-8"}
	}
	if a.memory == nil {
		return splitObject(nil, l.text)
	}
	members, err := splitObject(a.memory.members[:0], l.text)
	a.memory.members = members
	return members, err
}

// answer appends the object with the analysis added.
func (a lineAnalyzer) answer(dst []byte, members []member) ([]byte, error) {
	e, aspects, asked, err := a.event(members)
	if err != nil {
		return dst, err
	}
	out := &a.memory.answer
	a.analyzer.Answer(out, e, pipeline.Question{Aspects: aspects})
	dst = append(dst, '{')
	for _, m := range members {
		if isAnswered(m.name) || asked && m.name == "aspects" {
			continue
		}
		dst = append(appendText(dst, m.name), ':')
		dst = append(append(dst, m.value...), ',')
	}
	if asked {
		dst = append(appendAspects(append(dst, `"aspects":`...), out.Aspects), ',')
	}
	return append(appendAnalysis(dst, &out.Analysis), '\n'), nil
}

// event reads what an analysis looks at. It is no full event: nothing is
// required, and a time, channel or language that cannot be read is left out.
func (a lineAnalyzer) event(members []member) (e *pipeline.Event, aspects []string, asked bool, err error) {
	memory := a.memory
	if memory == nil {
		memory = new(lineMemory)
	}
	e = &memory.event
	source, location := e.Source, e.Location // of the line before, whose memory serves again
	*e = pipeline.Event{}
	for _, m := range members {
		switch m.name {
		case "text":
			err = decodeText(m, &e.Text)
		case "title":
			err = decodeText(m, &e.Title)
		case "turns":
			err = decodeField(m, &e.Turns, "a list of {role, text}")
		case "rating":
			e.Rating = memory.rating(m.value)
		case "survey":
			e.Survey = survey(m.value)
		case "language":
			_ = json.Unmarshal(m.value, &e.Language)
		case "source":
			decodeSame(m, source, &e.Source)
		case "location":
			decodeSame(m, location, &e.Location)
		case "aspects":
			aspects = decodeAspects(m.value)
			asked = aspects != nil
		}
		if err != nil {
			return nil, nil, false, err
		}
	}
	e.OccurredAt = occurredAt(members, a.places.ZoneOf(e.Location))
	return e, aspects, asked, nil
}

// appendJSON appends v without escaping <, > and &.
func appendJSON(dst []byte, v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // plain data always encodes
	}
	return append(dst, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}
