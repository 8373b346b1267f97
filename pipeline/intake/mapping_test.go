package intake

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"earshot/pipeline"
)

// convertText converts the rows of a file.
func convertText(t *testing.T, o Options, name, text string) []Converted {
	t.Helper()
	m, err := NewMapping(o)
	if err != nil {
		t.Fatal(err)
	}
	f := openText(t, name, text, Auto)
	c := NewConverter(m, f.Name, testNow)
	var out []Converted
	for {
		row, err := f.Next()
		if err != nil {
			return out
		}
		out = append(out, c.Convert(row))
	}
}

func TestMapping(t *testing.T) {
	const head = `{"id":"1","source":"review","occurred_at":"2026-07-01T10:00:00Z","text":"x"`
	cases := []struct {
		name    string
		options Options
		file    string
		text    string
		want    string // JSON of the event, or the reject
	}{
		{"a valid row stays as it is", Options{}, "a.jsonl", head + `,"b" : 1}`, head + `,"b" : 1}`},
		{"columns by name, without regard to case", Options{}, "a.csv",
			"ID,Source,Occurred_At,Text,customer.email,Survey.NPS,table\n7,review,2026-07-01,x,a@b.c,9,14\n",
			`{"id":"7","source":"review","occurred_at":"2026-07-01T00:00:00Z","text":"x","survey":{"nps":9},"customer":{"email":"a@b.c"},"attributes":{"table":"14"}}`},
		{"map and set", Options{Map: []string{"text=body,rating=stars", "occurred_at=when,id=no"}, Set: []string{"source=review,attributes.note=a, b"}}, "a.csv",
			"no,body,stars,when,source\n7,fine,+4.50,2026-07-01 10:30:00,zomato\n",
			`{"id":"7","source":"review","occurred_at":"2026-07-01T10:30:00Z","text":"fine","rating":4.5,"attributes":{"note":"a, b","source":"zomato"}}`},
		{"nested columns", Options{Map: []string{"id=no,text=raw.say.it,customer.name=raw.who"}, Set: []string{"source=chat"}, DropUnmapped: true}, "a.jsonl",
			`{"no":12,"raw":{"say":{"it":"hi"},"who":"Ann"},"occurred_at":1783107000,"x":1}`,
			`{"id":"12","source":"chat","occurred_at":"2026-07-03T19:30:00Z","text":"hi","customer":{"name":"Ann"}}`},
		{"objects of the contract are merged", Options{Map: []string{"customer.email=mail,survey.csat=s"}}, "a.jsonl",
			head + `,"customer":{"id":"c","vip":true},"survey":{"nps":9,"csat":1},"mail":"a@b","s":"3","attributes":{"k":1},"k":2}`,
			`{"id":"1","source":"review","occurred_at":"2026-07-01T10:00:00Z","text":"x","survey":{"csat":3,"nps":9},"customer":{"id":"c","email":"a@b"},"attributes":{"k":1,"customer.vip":true,"survey.csat":1}}`},
		{"customer as an id", Options{Map: []string{"customer=who,customer.email=mail"}}, "a.jsonl", head + `,"who":5,"mail":"a@b"}`,
			head + `,"customer":{"id":"5","email":"a@b"}}`},
		{"a scale", Options{Map: []string{"rating=points"}, Set: []string{"rating.min=0,rating.max=10"}}, "a.jsonl", head + `,"points":"7"}`,
			head + `,"rating":{"value":7,"min":0,"max":10}}`},
		{"id prefix", Options{IDPrefix: "shop-"}, "a.jsonl", head + `}`, strings.Replace(head, `"1"`, `"shop-1"`, 1) + `}`},
		{"zone", Options{Timezone: "Europe/Berlin"}, "a.csv", "id,source,text,occurred_at\n1,review,x,2026-07-01 10:30\n",
			`{"id":"1","source":"review","occurred_at":"2026-07-01T10:30:00+02:00","text":"x"}`},
		{"date format", Options{DateFormat: "%d.%m.%Y %H:%M:%S.%f"}, "a.csv", "id,source,text,occurred_at\n1,review,x,01.07.2026 10:30:00.25\n",
			`{"id":"1","source":"review","occurred_at":"2026-07-01T10:30:00.25Z","text":"x"}`},
		{"booleans and times", Options{}, "a.csv", "id,source,text,occurred_at,contact.resolved,contact.opened_at\n1,chat,x,2026-07-01,YES,1783000000123\n",
			`{"id":"1","source":"chat","occurred_at":"2026-07-01T00:00:00Z","text":"x","contact":{"opened_at":"2026-07-02T13:46:40.123Z","resolved":true}}`},
		{"turns in a cell", Options{}, "a.tsv", "id\tsource\toccurred_at\tturns\n1\tchat\t2026-07-01\t[{\"role\":\"customer\",\"text\":\"hi\"}]\n",
			`{"id":"1","source":"chat","occurred_at":"2026-07-01T00:00:00Z","turns":[{"role":"customer","text":"hi"}]}`},

		{"a rating that is no number", Options{}, "a.csv", "source,occurred_at,rating\nreview,2026-07-01,Like\n", "bad_type: rating"},
		{"a comma for the point", Options{}, "a.csv", "source;occurred_at;rating\nreview;2026-07-01;4,5\n", "bad_type: rating"},
		{"a date that is none", Options{}, "a.csv", "source,occurred_at,text\nreview,01.07.2026,x\n", `bad_time: occurred_at: expected RFC 3339`},
		{"everything empty", Options{}, "a.csv", "source,occurred_at,text\nreview,2026-07-01, \n", "no_content"},
		{"customer list", Options{}, "a.jsonl", head + `,"customer":[]}`, "bad_type: customer"},
		{"not an object", Options{}, "a.jsonl", `"x"`, "bad_json"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := convertText(t, c.options, c.file, c.text)
			if len(got) != 1 {
				t.Fatalf("%d rows", len(got))
			}
			if r := got[0].Reject; r != nil {
				if !strings.HasPrefix(r.Error(), c.want) {
					t.Errorf("reject %v, want %s", r, c.want)
				}
			} else if string(got[0].Message.Value) != c.want {
				t.Errorf("got\n%s\nwant\n%s", got[0].Message.Value, c.want)
			}
		})
	}
}

// Equal rows of a file are events of their own, the same ones each time.
// A constant that no event may have is refused at once, instead of making a dead
// letter of every row.
func TestConstantsAreTried(t *testing.T) {
	for set, want := range map[string]string{
		"source=twitter":                `--set source=twitter: source: "twitter" is no channel`,
		"occurred_at=yesterday":         "--set occurred_at=yesterday: occurred_at: expected RFC 3339",
		"survey.nps=11":                 "survey.nps: 11 is not a whole number on 0..10",
		"contact.resolved=maybe":        "expected true or false",
		"turns=x":                       "turns: expected an array",
		"language=english":              "no BCP 47 tag",
		"source=chat,language=de":       "",
		"occurred_at=2026-01-02":        "",
		"rating.max=10,rating.min=0":    "",
		"rating=7":                      "",
		"customer.id=a,attributes.x=no": "",
		"text=Thumbs up":                "",
	} {
		_, err := NewMapping(Options{Set: []string{set}})
		if got := fmt.Sprint(err); want == "" && err != nil || !strings.Contains(got, want) {
			t.Errorf("--set %s: %v, want %q", set, err, want)
		}
	}
}

func TestDerivedIDs(t *testing.T) {
	const text = "source,occurred_at,text\nreview,2026-07-01,x\nreview,2026-07-01,y\nreview,2026-07-01,x\nreview,2026-07-01,x\n"
	var ids []string
	for _, c := range convertText(t, Options{}, "a.csv", text) {
		ids = append(ids, c.Event.ID)
		if e, reject := pipeline.Decode(pipeline.Message{Value: c.Message.Value}, testNow()); reject != nil || e.ID != c.Event.ID {
			t.Errorf("%s reads as %v, %v", c.Message.Value, e, reject)
		}
	}
	if unique := slices.Compact(slices.Sorted(slices.Values(ids))); len(unique) != 4 {
		t.Errorf("ids %q", ids)
	}
	for i, c := range convertText(t, Options{}, "b.csv", text) {
		if c.Event.ID != ids[i] {
			t.Errorf("row %d: %s, before %s", i, c.Event.ID, ids[i])
		}
	}
}

func TestRepeatedIDs(t *testing.T) {
	const row = `{"id":"1","source":"review","occurred_at":"2026-07-01T10:00:00Z","text":"x"}` + "\n"
	got := convertText(t, Options{}, "a.jsonl", row+row)
	if got[0].Repeat || !got[1].Repeat {
		t.Errorf("repeats %v, %v", got[0].Repeat, got[1].Repeat)
	}
	null := strings.Replace(row, `"1"`, `null`, 1)
	got = convertText(t, Options{}, "a.jsonl", null+null)
	if got[0].Event.ID == got[1].Event.ID || got[0].Repeat || got[1].Repeat {
		t.Errorf("rows without an id: %q, %q", got[0].Event.ID, got[1].Event.ID)
	}
}

// A row that the mapping makes invalid must not slip through as it was.
func TestRejectedRowsStayInvalid(t *testing.T) {
	const row = `{"id":"1","source":"review","occurred_at":"2026-07-01T10:00:00Z","text":"x","stars":9}`
	got := convertText(t, Options{Map: []string{"rating=stars"}}, "a.jsonl", row)[0]
	if got.Reject == nil || got.Reject.Reason != pipeline.BadRating {
		t.Fatalf("reject %v", got.Reject)
	}
	if _, reject := pipeline.Decode(pipeline.Message{Value: got.Message.Value}, testNow()); reject == nil {
		t.Errorf("sent as a valid event: %s", got.Message.Value)
	}
}

// The targets are the fields of pipeline.Event, in its order.
func TestTargetsMatchTheEvent(t *testing.T) {
	want := []string{"rating.value", "rating.min", "rating.max"} // the other form of a rating
	var walk func(prefix string, s reflect.Type)
	walk = func(prefix string, s reflect.Type) {
		for i := range s.NumField() {
			f := s.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "attributes" {
				continue
			}
			want = append(want, prefix+name)
			inner := f.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct && inner != reflect.TypeFor[time.Time]() {
				walk(prefix+name+".", inner)
			}
		}
	}
	walk("", reflect.TypeFor[pipeline.Event]())
	var got []string
	for _, x := range targets {
		got = append(got, x.path)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("targets %q\nevent  %q", got, want)
	}
}

func TestDates(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zone data:", err)
	}
	for text, want := range map[string]string{
		"2026-07-03T19:30:00+02:00":  "2026-07-03T19:30:00+02:00",
		"2026-07-03 19:30:00.5-0700": "2026-07-03T19:30:00.5-07:00",
		"2026-07-03 19:30:00 +0000":  "2026-07-03T19:30:00Z",
		"2026-07-03 19:30:00 UTC":    "2026-07-03T19:30:00Z",
		"2026-07-03T19:30:00Z":       "2026-07-03T19:30:00Z",
		"2026-07-03T19:30:00+02":     "2026-07-03T19:30:00+02:00",
		"2026-07-03T19:30":           "2026-07-03T19:30:00+02:00",
		"2026-01-03 19:30:00":        "2026-01-03T19:30:00+01:00",
		" 2026-07-03 ":               "2026-07-03T00:00:00+02:00",
		"1783107000":                 "2026-07-03T21:30:00+02:00",
		"1783107000.25":              "2026-07-03T21:30:00.25+02:00",
		"1783107000250":              "2026-07-03T21:30:00.25+02:00",
		"03.07.2026":                 "",
		"07/03/2026":                 "",
		"20260703":                   "",
		"1783107000.-1":              "",
		"2026-13-01":                 "",
		"yesterday":                  "",
	} {
		d := dates{zone: berlin}
		got, ok := d.parse(text)
		if ok != (want != "") || ok && got.Format(time.RFC3339Nano) != want {
			t.Errorf("parse(%q) = %s, %v; want %s", text, got.Format(time.RFC3339Nano), ok, want)
		}
	}
}

func TestOccurrences(t *testing.T) {
	o := newOccurrences()
	for i := range 20_000 {
		key, _ := json.Marshal(i % 10_000)
		if n := o.count(string(key)); n != 1+i/10_000 {
			t.Fatalf("key %s counted %d times at %d", key, n, i)
		}
	}
}
