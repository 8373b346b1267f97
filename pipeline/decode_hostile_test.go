package pipeline

import (
	"strings"
	"testing"
	"unicode/utf8"

	"earshot/internal/hostile"
)

// hostileMessage is a message of the corpus as Kafka would hand it out.
func hostileMessage(h hostile.Message) Message {
	m := Message{Value: []byte(h.Value)}
	for _, header := range h.Headers {
		m.Headers = append(m.Headers, Header{Key: header[0], Value: []byte(header[1])})
	}
	return m
}

func TestDecodeHostile(t *testing.T) {
	for _, h := range hostile.Messages(decodeNow()) {
		t.Run(h.Name, func(t *testing.T) {
			e, reject := Decode(hostileMessage(h), decodeNow())
			checkVerdict(t, e, reject)
			got, detail := hostile.Event, ""
			if reject != nil {
				got, detail = string(reject.Reason), reject.Detail
			}
			if got != h.Outcome {
				t.Errorf("%s (%s), want %s", got, detail, h.Outcome)
			}
		})
	}
}

// checkVerdict holds for whatever was decoded.
func checkVerdict(t *testing.T, e *Event, reject *Reject) {
	t.Helper()
	if (e == nil) == (reject == nil) {
		t.Fatalf("event %v and reject %v", e, reject)
	}
	if reject != nil {
		if reject.Detail == "" || !utf8.ValidString(reject.Detail) || len(reject.Detail) > 600 {
			t.Fatalf("detail %q", reject.Detail)
		}
		return
	}
	texts := []string{e.ID, e.Source, e.Platform, e.Title, e.Text, e.Language, e.Location, e.Product, e.Team, e.Agent}
	if e.Customer != nil {
		texts = append(texts, e.Customer.ID, e.Customer.Name, e.Customer.Email, e.Customer.Phone, e.Customer.Segment)
	}
	for name, value := range e.Attributes {
		texts = append(texts, name, value)
	}
	for _, turn := range e.Turns {
		texts = append(texts, turn.Text)
	}
	for _, text := range texts {
		if !utf8.ValidString(text) {
			t.Fatalf("not UTF-8: %.100q", text)
		}
	}
	if e.ID == "" || e.OccurredAt.IsZero() || e.Rating != nil && !(*e.Rating >= 1 && *e.Rating <= 5) {
		t.Fatalf("not normalised: %+v", e)
	}
}

// Two events that differ in the last digit of a long number are two.
func TestDeriveIDKeepsTheDigits(t *testing.T) {
	id := func(payload string) string {
		id, reject := DeriveID([]byte(payload), 1)
		if reject != nil {
			t.Fatal(reject)
		}
		return id
	}
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{`{"order":12345678901234567890}`, `{"order":12345678901234567891}`, false},
		{`{"a":1,"b":2.50}`, ` { "b" : 2.5 , "a" : 1 } `, true},
		{`{"a":1e2}`, `{"a":100.0}`, true},
		{`{"a":"é"}`, `{"a":"\u00e9"}`, true},
		{`{"a":1}`, `{"a":"1"}`, false},
	} {
		if (id(c.a) == id(c.b)) != c.same {
			t.Errorf("%s and %s: the same id is %v", c.a, c.b, !c.same)
		}
	}
}

// FuzzDecodeHeaders reads an event under any headers.
func FuzzDecodeHeaders(f *testing.F) {
	for _, h := range hostile.Messages(decodeNow()) {
		if len(h.Headers) > 0 && len(h.Headers) < 8 {
			for _, header := range h.Headers {
				f.Add([]byte(h.Value), header[0], []byte(header[1]), "ce_specversion", []byte("1.0"))
			}
		}
	}
	f.Add([]byte(benchmarkEvent), "ce_id", []byte("a"), "ce_time", []byte("2026-07-03T19:30:00Z"))
	f.Add([]byte("row"), HeaderFeedReason, []byte("bad_row: broken"), HeaderReplayOf, []byte("t/0/1"))
	f.Fuzz(func(t *testing.T, value []byte, name1 string, value1 []byte, name2 string, value2 []byte) {
		m := Message{Value: value, Headers: []Header{{name1, value1}, {name2, value2}}}
		e, reject := Decode(m, decodeNow())
		checkVerdict(t, e, reject)
		again := Replay(m)
		e2, _ := Decode(Message{Value: again.Value, Headers: again.Headers}, decodeNow())
		if e != nil && (e2 == nil || e2.ID != e.ID) {
			t.Fatalf("replayed as %+v, was %+v", e2, e)
		}
	})
}

// FuzzDecodeEnvelope puts anything into a structured CloudEvent.
func FuzzDecodeEnvelope(f *testing.F) {
	f.Add(`{"source":"review","text":"x"}`, `"id":"1","time":"2026-07-03T19:30:00Z"`)
	f.Add(`null`, `"data_base64":"e30="`)
	f.Fuzz(func(t *testing.T, data, members string) {
		for _, value := range []string{
			`{"specversion":"1.0","data":` + data + `,` + members + `}`,
			`{` + members + `,"data":` + data + `,"specversion":"1.0"}`,
		} {
			e, reject := Decode(Message{Value: []byte(value)}, decodeNow())
			checkVerdict(t, e, reject)
			if e != nil && strings.TrimSpace(data) == "" {
				t.Fatalf("%q became an event", value)
			}
		}
	})
}
