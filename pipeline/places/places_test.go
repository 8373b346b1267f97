package places

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"earshot/pipeline"
	"earshot/sentiment/topic"
)

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const asYAML = `# two stores
store-1:
  timezone: Europe/Berlin
  hours: Mon-Fri 11:00-22:00, Sat-Sun 10:00-23:30
  closed: [2026-12-25, 2027-01-01]
store-2: {timezone: Asia/Tokyo}
bar: {hours: daily 18:00-02:00}
`

const asCSV = "\ufefflocation,timezone,hours,closed\n" +
	"store-1,Europe/Berlin,\"Mon-Fri 11:00-22:00, Sat-Sun 10:00-23:30\",2026-12-25;2027-01-01\n" +
	"store-2,Asia/Tokyo,,\n" +
	"bar,,daily 18:00-02:00,\n"

func TestRead(t *testing.T) {
	fromYAML, err := Read(write(t, "locations.yaml", asYAML), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	fromCSV, err := Read(write(t, "locations.CSV", asCSV), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fromYAML, fromCSV) {
		t.Errorf("YAML and CSV differ:\n%v\n%v", fromYAML, fromCSV)
	}
	for location, zone := range map[string]string{"store-1": "Europe/Berlin", "store-2": "Asia/Tokyo", "bar": "UTC", "unknown": "UTC"} {
		if got := fromYAML.ZoneOf(location).String(); got != zone {
			t.Errorf("%s: zone %s, want %s", location, got, zone)
		}
	}
	for at, want := range map[string]topic.Opening{
		"2026-12-24T12:00": 0, "2026-12-25T12:00": topic.Closed, "2026-12-26T10:30": topic.FirstHour, "2027-01-01T12:00": topic.Closed,
	} {
		local, err := time.Parse("2006-01-02T15:04", at)
		if err != nil {
			t.Fatal(err)
		}
		if got := fromYAML.OpeningAt("store-1", local); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}

func TestWithoutFile(t *testing.T) {
	p, err := Read("", time.UTC)
	if err != nil || p.ByID != nil || p.Zone != time.UTC {
		t.Errorf("%v, %v", p, err)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ name, file, content, want string }{
		{"empty", "l.yaml", "", "l.yaml:1: no location"},
		{"a list", "l.yaml", "- a\n- b\n", "l.yaml:1: expected locations"},
		{"broken", "l.yaml", "a: [", "l.yaml"},
		{"no mapping", "l.yaml", "a: Europe/Berlin\n", "l.yaml:1: a: expected timezone"},
		{"unknown key", "l.yaml", "a:\n  timezone: UTC\n  zone: UTC\n", `l.yaml:3: a: unknown key "zone"`},
		{"zone", "l.yaml", "a:\n  timezone: Europe/Nowhere\n", "l.yaml:2: a: \"Europe/Nowhere\" is no time zone"},
		{"local zone", "l.yaml", "a:\n  timezone: Local\n", "l.yaml:2"},
		{"hours", "l.yaml", "a:\n  timezone: UTC\n  hours: Mon 25:00-26:00\n", "l.yaml:3: a: hours"},
		{"date", "l.yaml", "a:\n  hours: daily 24h\n  closed: [25.12.2026]\n", "l.yaml:3: a: closed: \"25.12.2026\" is no date"},
		{"closed without hours", "l.yaml", "a:\n  timezone: UTC\n  closed: [2026-12-25]\n", "no effect without hours"},
		{"nothing", "l.yaml", "a: {}\n", "neither timezone nor hours"},
		{"twice", "l.yaml", "a: {timezone: UTC}\nb: {timezone: UTC}\na: {timezone: UTC}\n", `l.yaml:3: the location "a" is in line 1 already`},
		{"column", "l.csv", "location,zone\n", `l.csv:1: unknown column "zone"`},
		{"no location", "l.csv", "timezone\nUTC\n", "l.csv:1: no column location"},
		{"row", "l.csv", "location,timezone\na,UTC\nb,Mars/Base\n", "l.csv:3: b:"},
		{"no id", "l.csv", "location,timezone\n,UTC\n", "l.csv:2: a location without a name"},
		{"short row", "l.csv", "location,timezone\na\n", "l.csv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(write(t, c.file, c.content), time.UTC)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	if _, err := Read("/nowhere.yaml", time.UTC); err == nil || !strings.Contains(err.Error(), "/nowhere.yaml") {
		t.Errorf("missing file: %v", err)
	}
}

func TestParseHours(t *testing.T) {
	h, err := ParseHours("Mon-Thu 11:00-15:00 17:30-22:00, Fri/Sat 9:00-01:30,sun closed")
	if err != nil {
		t.Fatal(err)
	}
	lunch, late := []pipeline.Span{{From: 660, To: 900}, {From: 1050, To: 1320}}, []pipeline.Span{{From: 540, To: 1530}}
	want := [7][]pipeline.Span{nil, lunch, lunch, lunch, lunch, late, late}
	if !reflect.DeepEqual(h.Week, want) {
		t.Errorf("%v, want %v", h.Week, want)
	}
	for s, want := range map[string][7]bool{
		"Sat-Mon 8:00-24:00": {true, true, false, false, false, false, true},
		"daily 24h":          {true, true, true, true, true, true, true},
		"tue 00:00-00:30":    {false, false, true, false, false, false, false},
	} {
		h, err := ParseHours(s)
		if err != nil {
			t.Errorf("%q: %v", s, err)
			continue
		}
		for day := range want {
			if got := len(h.Week[day]) > 0; got != want[day] {
				t.Errorf("%q: weekday %d open %v", s, day, got)
			}
		}
	}
}

func TestParseHoursRefuses(t *testing.T) {
	for s, want := range map[string]string{
		"":                                 "expected weekdays and times",
		"Mon":                              "expected weekdays and times",
		"Mon 11:00-22:00,":                 "expected weekdays and times",
		"Monday 11:00-22:00":               "no weekday",
		"Mon-Fri-Sun 11:00-22:00":          "no weekday",
		"Mon 11-22":                        "no time of opening",
		"Mon 11:00":                        "no time of opening",
		"Mon 11:00-24:01":                  "no time of opening",
		"Mon 24:00-02:00":                  "no time of opening",
		"Mon 11:60-22:00":                  "no time of opening",
		"Mon +1:00-22:00":                  "no time of opening",
		"Mon 11:00-11:00":                  "24h",
		"Mon 11:00-22:00, Mon 23:00-24:00": "named twice",
		"Mon-Wed 8:00-9:00, Tue closed":    "named twice",
		"Mon 11:00-15:00 14:00-22:00":      "before the time in front of it ends",
		"Mon 24h closed":                   "no time of opening",
	} {
		if _, err := ParseHours(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", s, err, want)
		}
	}
}

// FuzzParseHours: whatever is written, there is an error or hours that make sense.
func FuzzParseHours(f *testing.F) {
	for _, s := range []string{"Mon-Fri 11:00-22:00, Sat-Sun 10:00-23:30", "daily 24h", "sun closed", "Fri/Sat 9:00-01:30", "a-b c", ",", "Mon 1:00-0:59"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseHours(s)
		if err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Error("an error without words")
			}
			return
		}
		for _, spans := range h.Week {
			end := 0
			for _, span := range spans {
				if span.From < end || span.To <= span.From || span.From >= pipeline.MinutesOfDay || span.To > 2*pipeline.MinutesOfDay {
					t.Errorf("%q: %v", s, spans)
				}
				end = span.To
			}
		}
	})
}
