package pipeline

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// decodeNow is the clock of the decoding tests.
func decodeNow() time.Time { return time.Date(2026, 7, 4, 12, 0, 0, 0, time.UTC) }

func decodeText(text string) (*Event, *Reject) {
	return Decode(Message{Value: []byte(text)}, decodeNow())
}

func mustDecode(t *testing.T, m Message) *Event {
	t.Helper()
	e, reject := Decode(m, decodeNow())
	if reject != nil {
		t.Fatalf("Decode(%s) = %v", excerpt(string(m.Value)), reject)
	}
	return e
}

func ptr[T any](v T) *T { return &v }

func berlin(hour int) time.Time {
	return time.Date(2026, 7, 3, hour, 30, 0, 0, time.FixedZone("", 2*3600))
}

// sameEvent compares events; times must agree in instant and in offset.
func sameEvent() cmp.Option {
	return cmp.Comparer(func(a, b time.Time) bool {
		_, offA := a.Zone()
		_, offB := b.Zone()
		return a.Equal(b) && offA == offB
	})
}

func TestDecodeEveryField(t *testing.T) {
	got := mustDecode(t, Message{Value: []byte(`{
		"id": "e-1", "source": "chat", "platform": "zendesk", "occurred_at": "2026-07-03T19:30:00+02:00",
		"title": "Caf\u00e9", "text": "cold \"soup\"\n", "language": "en-us", "rating": {"value": 7, "min": 0, "max": 10},
		"survey": {"csat": 2, "nps": 0, "ces": 7.0, "question": "How was it?"},
		"customer": {"id": "c-1", "name": "Ann", "email": "ann@example.com", "phone": "+49 30 1", "segment": "gold", "value": 1250.5, "vip": true},
		"location": "store-012", "product": "soup", "team": "night", "agent": "a-7",
		"contact": {"thread_id": "t-9", "direction": "inbound", "opened_at": "2026-07-03T19:30:00+02:00",
			"first_response_at": "2026-07-03T20:30:00+02:00", "resolved_at": null, "resolved": false},
		"turns": [{"role": "customer", "text": "hello", "at": "2026-07-03T19:30:00+02:00"}, {"role": "bot", "text": "hi", "mood": "gay"}],
		"attributes": {"table": 14, "vegan": false, "note": "window", "gone": null},
		"order": {"no": [1, 2.50]}, "table": 99
	}`)})
	opened, answered := berlin(19), berlin(20)
	want := &Event{
		ID: "e-1", Source: "chat", Platform: "zendesk", OccurredAt: berlin(19),
		Title: "Café", Text: "cold \"soup\"\n", Language: "en-US", Rating: ptr(3.8),
		Survey: &Survey{CSAT: ptr(2), NPS: ptr(0), CES: ptr(7), Question: "How was it?"},
		Customer: &Customer{ID: "c-1", Name: "Ann", Email: "ann@example.com", Phone: "+49 30 1",
			Segment: "gold", Value: ptr(1250.5)},
		Location: "store-012", Product: "soup", Team: "night", Agent: "a-7",
		Contact: &Contact{ThreadID: "t-9", Direction: "inbound", OpenedAt: &opened,
			FirstResponseAt: &answered, Resolved: ptr(false)},
		Turns: []Turn{{Role: "customer", Text: "hello", At: &opened}, {Role: "bot", Text: "hi"}},
		Attributes: map[string]string{"table": "14", "vegan": "false", "note": "window",
			"order": `{"no":[1,2.50]}`, "customer.vip": "true", "turns.1.mood": "gay"},
	}
	if diff := cmp.Diff(want, got, sameEvent()); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeAccepts(t *testing.T) {
	const head = `{"id":"1","source":"review","occurred_at":"2026-07-03T19:30:00Z",`
	cases := []struct {
		name, text string
		check      func(*Event) bool
	}{
		{"customer is an id", head + `"rating":1,"customer":"c-9"}`, func(e *Event) bool { return e.Customer.ID == "c-9" }},
		{"nulls are absent", head + `"text":"x","rating":null,"survey":null,"customer":null,"contact":null,"turns":null,"attributes":null,"location":null,"y":null}`,
			func(e *Event) bool {
				return e.Rating == nil && e.Survey == nil && e.Customer == nil && e.Contact == nil && e.Turns == nil && e.Attributes == nil
			}},
		{"rating alone", head + `"rating":4.5}`, func(e *Event) bool { return *e.Rating == 4.5 }},
		{"nps alone", head + `"survey":{"nps":0}}`, func(e *Event) bool { return *e.Survey.NPS == 0 }},
		{"customer turn alone", head + `"turns":[{"role":"agent","text":"hi"},{"role":"customer","text":"bye"}]}`, func(e *Event) bool { return len(e.Turns) == 2 }},
		{"lone surrogate", head + `"text":"half \ud83d emoji"}`, func(e *Event) bool { return e.Text == "half \uFFFD emoji" }},
		{"surrogate pair", head + `"text":"\ud83d\ude00"}`, func(e *Event) bool { return e.Text == "😀" }},
		{"escaped NUL in text", head + `"text":"a\u0000b"}`, func(e *Event) bool { return e.Text == "a\x00b" }},
		{"escaped name", head + `"te\u0078t":"x"}`, func(e *Event) bool { return e.Text == "x" }},
		{"attributes win, first", head + `"text":"x","attributes":{"k":"a"},"k":"b"}`, func(e *Event) bool { return e.Attributes["k"] == "a" }},
		{"attributes win, last", head + `"text":"x","k":"b","attributes":{"k":"a"}}`, func(e *Event) bool { return e.Attributes["k"] == "a" }},
		{"unregistered language", head + `"text":"x","language":"zz-Qq"}`, func(e *Event) bool { return e.Language == "zz-Qq" }},
		{"white space around", " \n" + head + `"text":"x"}` + "\r\n", func(e *Event) bool { return e.Text == "x" }},
		{"widest rating range", head + `"rating":{"value":0,"min":-1.7e308,"max":1.7e308}}`, func(e *Event) bool { return *e.Rating == 3 }},
		{"specversion in the text", head + `"text":"x","note":"\"specversion\""}`, func(e *Event) bool { return e.Text == "x" }},
		{"specversion as a field", head + `"text":"x","specversion":"2"}`, func(e *Event) bool { return e.Attributes["specversion"] == "2" }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if e := mustDecode(t, Message{Value: []byte(c.text)}); !c.check(e) {
				t.Errorf("Decode(%s) = %+v", c.text, e)
			}
		})
	}
}

func TestDecodeDerivesID(t *testing.T) {
	a := mustDecode(t, Message{Value: []byte(`{"source":"review","occurred_at":"2026-07-03T19:30:00Z","rating":4,"text":"é"}`)})
	b := mustDecode(t, Message{Value: []byte("{ \"text\" : \"\\u00e9\", \"rating\":4.0,\n\"occurred_at\":\"2026-07-03T19:30:00Z\",\"source\":\"review\" }")})
	c := mustDecode(t, Message{Value: []byte(`{"source":"review","occurred_at":"2026-07-03T19:30:00Z","rating":3,"text":"é"}`)})
	if a.ID != b.ID {
		t.Errorf("order and white space changed the id: %s, %s", a.ID, b.ID)
	}
	if a.ID == c.ID {
		t.Error("another rating left the id as it was")
	}
	// From the definition, by hand: printf '%s' CANONICAL | sha256sum | cut -c1-32.
	if want := "sha256:ecc73fe6174f5a48d0866c119a3dd5ad"; a.ID != want {
		t.Errorf("id = %s, want %s", a.ID, want)
	}
	second, reject := DeriveID([]byte(`{"a":1}`), 2)
	first, _ := DeriveID([]byte(`{"a":1}`), 1)
	if reject != nil || first == second {
		t.Errorf("first and second occurrence: %s, %s, %v", first, second, reject)
	}
}

func TestDecodeCloudEvents(t *testing.T) {
	const data = `{"source":"review","text":"x"}`
	want := Event{ID: "ce-1", Source: "review", Text: "x", OccurredAt: time.Date(2026, 7, 3, 19, 30, 0, 0, time.UTC),
		Attributes: map[string]string{"ce_source": "/shop", "ce_type": "feedback.created"}}
	binary := []Header{{"content-type", []byte("application/json")}, {"ce_specversion", []byte("1.0")}, {"ce_id", []byte("ce-1")},
		{"ce_source", []byte("/shop")}, {"ce_type", []byte("feedback.created")}, {"ce_time", []byte("2026-07-03T19:30:00Z")}}
	const context = `{"specversion":"1.0","id":"ce-1","source":"/shop","type":"feedback.created","time":"2026-07-03T19:30:00Z",`
	cases := map[string]Message{
		"binary":            {Value: []byte(data), Headers: binary},
		"structured":        {Value: []byte(context + `"data":` + data + `}`)},
		"structured base64": {Value: []byte(context + `"data_base64":"eyJzb3VyY2UiOiJyZXZpZXciLCJ0ZXh0IjoieCJ9"}`)},
	}
	for name, m := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, *mustDecode(t, m), sameEvent()); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("the event's own id and time win", func(t *testing.T) {
		own := `{"id":"own","occurred_at":"2026-07-01T00:00:00Z","source":"review","text":"x"}`
		e := mustDecode(t, Message{Value: []byte(own), Headers: binary})
		if e.ID != "own" || e.OccurredAt.Day() != 1 {
			t.Errorf("id %s, occurred_at %s", e.ID, e.OccurredAt)
		}
	})
}

// An event written as JSON and read again is the same event.
func TestDecodeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawEvent(t)
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		got, reject := Decode(Message{Value: text}, decodeNow())
		if reject != nil {
			t.Fatalf("%v: %s", reject, text)
		}
		if diff := cmp.Diff(&e, got, sameEvent()); diff != "" {
			t.Fatalf("%s\n%s", text, diff)
		}
	})
}

func drawEvent(t *rapid.T) Event {
	text := func(label string) string { return rapid.String().Draw(t, label) }
	at := func(label string) time.Time {
		seconds := rapid.Int64Range(1_200_000_000, decodeNow().Unix()).Draw(t, label)
		minutes := rapid.IntRange(-14*60, 14*60).Draw(t, label+" offset")
		return time.Unix(seconds, rapid.Int64Range(0, 999_999_999).Draw(t, label+" ns")).In(time.FixedZone("", minutes*60))
	}
	opened := at("opened_at")
	e := Event{
		ID:         rapid.StringMatching(`[!-~]{1,128}`).Draw(t, "id"),
		Source:     rapid.SampledFrom(Channels).Draw(t, "source"),
		Platform:   text("platform"),
		OccurredAt: at("occurred_at"),
		Title:      text("title"), Text: "x" + text("text"),
		Language: rapid.SampledFrom([]string{"", "en", "pt-BR", "zh-Hant"}).Draw(t, "language"),
		Rating:   ptr(rapid.Float64Range(1, 5).Draw(t, "rating")),
		Survey:   &Survey{CSAT: ptr(rapid.IntRange(1, 5).Draw(t, "csat")), NPS: ptr(rapid.IntRange(0, 10).Draw(t, "nps")), Question: text("question")},
		Customer: &Customer{ID: text("customer"), Name: text("name"), Value: ptr(rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64).Draw(t, "value"))},
		Location: text("location"), Agent: text("agent"),
		Contact:    &Contact{ThreadID: text("thread"), Direction: rapid.SampledFrom([]string{"", "inbound", "outbound"}).Draw(t, "direction"), OpenedAt: &opened, Resolved: ptr(rapid.Bool().Draw(t, "resolved"))},
		Turns:      []Turn{{Role: rapid.SampledFrom([]string{"customer", "agent", "bot"}).Draw(t, "role"), Text: text("turn"), At: &opened}},
		Attributes: rapid.MapOfN(rapid.String(), rapid.String(), 1, 3).Draw(t, "attributes"),
	}
	return e
}
