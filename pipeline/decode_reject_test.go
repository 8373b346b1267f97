package pipeline

import (
	"strings"
	"testing"
	"unicode/utf8"

	"earshot/internal/hostile"
)

// rejectCase is one bad message, with a part of the detail people read.
type rejectCase struct {
	name, text string
	reason     Reason
	detail     string
}

// event wraps members into an otherwise valid event.
func withMembers(members string) string {
	return `{"id":"1","source":"review","occurred_at":"2026-07-03T19:30:00Z","text":"x",` + members + `}`
}

func rejectCases() []rejectCase {
	return []rejectCase{
		{"empty", "", BadJSON, "empty"},
		{"white space", "  \n", BadJSON, "no JSON"},
		{"plain text", "hello", BadJSON, "invalid character 'h'"},
		{"number", "12", BadJSON, "expected an object, found a number"},
		{"null", "null", BadJSON, "found null"},
		{"array", `[{"text":"x"}]`, BadJSON, "found an array"},
		{"cut off", `{"text":"x`, BadJSON, "ends in the middle"},
		{"two objects", `{"text":"x"} {"text":"y"}`, BadJSON, "more data"},
		{"trailing comma", `{"text":"x",}`, BadJSON, "invalid character"},
		{"single quotes", `{'text':'x'}`, BadJSON, "invalid character"},
		{"NaN", withMembers(`"rating":NaN`), BadJSON, "invalid character 'N'"},
		{"raw newline in a string", "{\"text\":\"a\nb\"}", BadJSON, "invalid character '\\n'"},
		{"raw NUL", "{\"text\":\"a\x00b\"}", BadJSON, "invalid character '\\x00'"},
		{"duplicate name", `{"text":"x","text":"y"}`, BadJSON, `"text" stands twice`},
		{"duplicate name by escape", `{"text":"x","te\u0078t":"y"}`, BadJSON, `"text" stands twice`},
		{"duplicate name inside", withMembers(`"order":{"a":1,"a":2}`), BadJSON, `"a" stands twice`},
		{"too deep", withMembers(`"a":` + strings.Repeat("[", 33) + strings.Repeat("]", 33)), BadJSON, "more than 32 levels"},
		{"very deep", `{"a":` + strings.Repeat("[", 200_000), BadJSON, ""},
		{"broken behind a bad field", `{"rating":9,"text":`, BadJSON, "ends in the middle"},

		{"Latin-1", "{\"text\":\"caf\xe9\"}", BadEncoding, "byte 12"},
		{"UTF-16", "\xff\xfe{\x00}\x00", BadEncoding, "byte 0"},
		{"surrogate in UTF-8", "{\"text\":\"\xed\xa0\x80\"}", BadEncoding, "byte 9"},
		{"over 1 MiB", `{"text":"` + strings.Repeat("x", MaxMessageBytes) + `"}`, TooLarge, "at most 1048576"},

		{"id number", `{"id":7,"text":"x"}`, BadType, "id: expected a string, found a number"},
		{"text array", `{"text":["x"]}`, BadType, "text: expected a string, found an array"},
		{"location object", withMembers(`"location":{}`), BadType, "location: expected a string, found an object"},
		{"rating string", withMembers(`"rating":"5"`), BadType, "rating: expected a number or {value, min, max}, found a string"},
		{"rating.value string", withMembers(`"rating":{"value":"5","min":0,"max":9}`), BadType, "rating.value: expected a number"},
		{"survey array", withMembers(`"survey":[]`), BadType, "survey: expected an object, found an array"},
		{"nps string", withMembers(`"survey":{"nps":"9"}`), BadType, "survey.nps: expected a number, found a string"},
		{"customer number", withMembers(`"customer":7`), BadType, "customer: expected a string id or an object, found a number"},
		{"customer.value string", withMembers(`"customer":{"value":"9"}`), BadType, "customer.value"},
		{"resolved string", withMembers(`"contact":{"resolved":"yes"}`), BadType, "contact.resolved: expected true or false"},
		{"occurred_at number", `{"source":"review","occurred_at":1783107000,"text":"x"}`, BadType, "occurred_at: expected a string"},
		{"turns object", withMembers(`"turns":{}`), BadType, "turns: expected an array"},
		{"turn string", withMembers(`"turns":["hi"]`), BadType, "turns.0: expected an object"},
		{"turn text number", withMembers(`"turns":[{"role":"bot","text":1}]`), BadType, "turns.0.text"},
		{"attributes list", withMembers(`"attributes":[1]`), BadType, "attributes: expected an object"},

		{"id empty", `{"id":"","source":"review","occurred_at":"2026-07-03T19:30:00Z","text":"x"}`, BadID, "empty"},
		{"id too long", `{"id":"` + strings.Repeat("x", 129) + `","source":"review","occurred_at":"2026-07-03T19:30:00Z","text":"x"}`, BadID, "129 bytes"},
		{"id with control", `{"id":"a\u0000b","source":"review","occurred_at":"2026-07-03T19:30:00Z","text":"x"}`, BadID, "control"},

		{"source missing", `{"occurred_at":"2026-07-03T19:30:00Z","text":"x"}`, BadSource, "missing"},
		{"source near", `{"source":"Reviews","occurred_at":"2026-07-03T19:30:00Z","text":"x"}`, BadSource, `did you mean "review"?`},
		{"source hyphen", `{"source":"in-person","occurred_at":"2026-07-03T19:30:00Z","text":"x"}`, BadSource, `did you mean "in_person"?`},
		{"source far", `{"source":"carrier pigeon","occurred_at":"2026-07-03T19:30:00Z","text":"x"}`, BadSource, "one of survey, review"},

		{"time missing", `{"source":"review","text":"x"}`, BadTime, "missing"},
		{"time empty", `{"source":"review","occurred_at":"","text":"x"}`, BadTime, "RFC 3339"},
		{"time without offset", `{"source":"review","occurred_at":"2026-07-03T19:30:00","text":"x"}`, BadTime, "RFC 3339"},
		{"time with a space", `{"source":"review","occurred_at":"2026-07-03 19:30:00Z","text":"x"}`, BadTime, "RFC 3339"},
		{"time offset without colon", `{"source":"review","occurred_at":"2026-07-03T19:30:00+0200","text":"x"}`, BadTime, "RFC 3339"},
		{"time with a comma", `{"source":"review","occurred_at":"2026-07-03T19:30:00,5Z","text":"x"}`, BadTime, "RFC 3339"},
		{"date only", `{"source":"review","occurred_at":"2026-07-03","text":"x"}`, BadTime, "RFC 3339"},
		{"no such day", `{"source":"review","occurred_at":"2026-02-30T19:30:00Z","text":"x"}`, BadTime, "RFC 3339"},
		{"future", `{"source":"review","occurred_at":"2026-07-05T12:00:01Z","text":"x"}`, BadTime, "future"},
		{"past", `{"source":"review","occurred_at":"2006-07-04T11:59:59Z","text":"x"}`, BadTime, "20 years"},

		{"rating 0", withMembers(`"rating":0`), BadRating, "0 is not on 1..5"},
		{"rating 5.1", withMembers(`"rating":5.1`), BadRating, "5.1"},
		{"rating huge", withMembers(`"rating":1e999`), BadRating, "1e999"},
		{"rating inverted", withMembers(`"rating":{"value":3,"min":5,"max":1}`), BadRating, "not below"},
		{"rating outside", withMembers(`"rating":{"value":11,"min":0,"max":10}`), BadRating, "0..10"},
		{"rating without max", withMembers(`"rating":{"value":3,"min":1}`), BadRating, "all needed"},
		{"rating infinite max", withMembers(`"rating":{"value":3,"min":1,"max":1e400}`), BadRating, "rating.max"},

		{"csat 6", withMembers(`"survey":{"csat":6}`), BadSurvey, "1..5"},
		{"nps half", withMembers(`"survey":{"nps":9.5}`), BadSurvey, "whole number"},
		{"nps -1", withMembers(`"survey":{"nps":-1}`), BadSurvey, "0..10"},
		{"ces 0", withMembers(`"survey":{"ces":0}`), BadSurvey, "1..7"},
		{"ces huge", withMembers(`"survey":{"ces":1e300}`), BadSurvey, "1..7"},

		{"direction", withMembers(`"contact":{"direction":"in"}`), BadContact, "neither inbound nor outbound"},
		{"opened_at", withMembers(`"contact":{"opened_at":"yesterday"}`), BadContact, "contact.opened_at"},
		{"resolved_at in 2099", withMembers(`"contact":{"resolved_at":"2099-01-01T00:00:00Z"}`), BadContact, "future"},
		{"role missing", withMembers(`"turns":[{"role":"bot"},{"text":"hi"}]`), BadTurns, "turns.1.role: missing"},
		{"role unknown", withMembers(`"turns":[{"role":"user","text":"hi"}]`), BadTurns, `"user"`},
		{"turn time", withMembers(`"turns":[{"role":"bot","at":"10:30"}]`), BadTurns, "turns.0.at"},
		{"language", withMembers(`"language":"English"`), BadLanguage, "English"},
		{"language with a space", withMembers(`"language":"en US"`), BadLanguage, "BCP 47"},

		{"nothing said", `{"id":"1","source":"review","occurred_at":"2026-07-03T19:30:00Z"}`, NoContent, "neither"},
		{"blank text", `{"id":"1","source":"review","occurred_at":"2026-07-03T19:30:00Z","text":" \n\u00a0"}`, NoContent, "neither"},
		{"title alone", `{"id":"1","source":"review","occurred_at":"2026-07-03T19:30:00Z","title":"x"}`, NoContent, "neither"},
		{"empty survey", `{"id":"1","source":"survey","occurred_at":"2026-07-03T19:30:00Z","survey":{"question":"?"}}`, NoContent, "neither"},
		{"agent alone", `{"id":"1","source":"chat","occurred_at":"2026-07-03T19:30:00Z","turns":[{"role":"agent","text":"hi"}]}`, NoContent, "neither"},

		{"CloudEvent without data", `{"specversion":"1.0","id":"1","type":"t","source":"review"}`, BadTime, "missing"},
		{"CloudEvent with text data", `{"specversion":"1.0","id":"1","data":"hello"}`, BadJSON, "expected an object"},
		{"CloudEvent bad base64", `{"specversion":"1.0","id":"1","data_base64":"%"}`, BadEncoding, "base64"},
		{"CloudEvent bad time", `{"specversion":"1.0","id":"1","time":"now","data":{"source":"review","text":"x"}}`, BadTime, "CloudEvent"},
		{"CloudEvent bad id", `{"specversion":"1.0","id":"` + strings.Repeat("x", 200) + `","data":{"source":"review","text":"x"}}`, BadID, "CloudEvent"},
	}
}

func TestDecodeRejects(t *testing.T) {
	for _, c := range rejectCases() {
		t.Run(c.name, func(t *testing.T) {
			e, reject := decodeText(c.text)
			if reject == nil {
				t.Fatalf("accepted as %+v, want %s", e, c.reason)
			}
			if reject.Reason != c.reason || !strings.Contains(reject.Detail, c.detail) {
				t.Errorf("got %v, want %s with %q", reject, c.reason, c.detail)
			}
			if len(reject.Detail) > 400 || !utf8.ValidString(reject.Detail) {
				t.Errorf("detail of %d bytes: %s", len(reject.Detail), reject.Detail)
			}
		})
	}
}

// Each reason that Decode gives is met by a case above.
func TestRejectCasesCoverReasons(t *testing.T) {
	seen := map[Reason]bool{}
	for _, c := range rejectCases() {
		seen[c.reason] = true
	}
	for _, r := range Reasons {
		if !seen[r] && r != AnalysisFailed && r != BadRow && r != Refused {
			t.Errorf("no case for %s", r)
		}
	}
}

// A row that feed sent as it was keeps the reason that feed found.
func TestDecodeKeepsTheReasonOfFeed(t *testing.T) {
	const row = "2026-07-02,9,Nine stars"
	for header, want := range map[string]string{
		"bad_rating: rating: 9 is not on 1..5": "bad_rating: rating: 9 is not on 1..5",
		"bad_mood: made up":                    "bad_json: ",
		"\xff":                                 "bad_json: ",
	} {
		m := Message{Value: []byte(row), Headers: []Header{{Key: HeaderFeedReason, Value: []byte(header)}}}
		if _, reject := Decode(m, decodeNow()); reject == nil || !strings.HasPrefix(reject.Error(), want) {
			t.Errorf("%q: %v, want %s", header, reject, want)
		}
	}
	m := Message{Value: []byte(benchmarkEvent), Headers: []Header{{Key: HeaderFeedReason, Value: []byte("bad_json: x")}}}
	if _, reject := Decode(m, decodeNow()); reject != nil {
		t.Errorf("a valid event is one whatever a header says: %v", reject)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(benchmarkEvent))
	for _, c := range rejectCases() {
		if len(c.text) < 4096 {
			f.Add([]byte(c.text))
		}
	}
	f.Add([]byte(withMembers(`"text2":"\ud800\udc00\ud800","n":-0.0e-0,"b":[true,null,{"":""}]`)))
	f.Add([]byte(`{"specversion":"1.0","id":"1","time":"2026-07-03T19:30:00Z","data":{"source":"chat","rating":{"value":1e-400,"min":-0,"max":1}}}`))
	for _, h := range hostile.Messages(decodeNow()) {
		if len(h.Value) < 4096 {
			f.Add([]byte(h.Value))
		}
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		e, reject := Decode(Message{Value: value}, decodeNow())
		checkVerdict(t, e, reject)
		if again, reject := Decode(Message{Value: value}, decodeNow()); e != nil && (reject != nil || again.ID != e.ID) {
			t.Fatalf("second reading: %v, ids %q %q", reject, e.ID, again.ID)
		}
	})
}
