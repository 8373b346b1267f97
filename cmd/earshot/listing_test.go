package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/pflag"
	"pgregory.net/rapid"
)

func TestParseMoment(t *testing.T) {
	now := time.Date(2026, 7, 3, 12, 0, 0, 0, time.FixedZone("", 7200))
	for value, want := range map[string]string{
		"":                          "0001-01-01T00:00:00Z",
		"30d":                       "2026-06-03T10:00:00Z",
		"2w":                        "2026-06-19T10:00:00Z",
		" 12h ":                     "2026-07-02T22:00:00Z",
		"1h30m":                     "2026-07-03T08:30:00Z",
		"0d":                        "2026-07-03T10:00:00Z",
		"2026-01-02":                "2026-01-02T00:00:00Z",
		"2026-01-02T03:04:05+02:00": "2026-01-02T01:04:05Z",
		"2026-01-02T03:04:05.123Z":  "2026-01-02T03:04:05.123Z",
	} {
		got, err := parseMoment("since", value, now)
		if err != nil || got.Format(time.RFC3339Nano) != want || got.Location() != time.UTC {
			t.Errorf("%q: %s, %v; want %s", value, got.Format(time.RFC3339Nano), err, want)
		}
	}
	for _, value := range []string{"soon", "-1d", "-3h", "1.5d", "d", "w", "99999999999999999999d", "40000d", "9999999h", "2026-13-01", "2026-01-02 03:04", "1735689600"} {
		if got, err := parseMoment("since", value, now); err == nil {
			t.Errorf("%q became %s", value, got)
		}
	}
}

func TestBounds(t *testing.T) {
	now := answersNow()
	bounds := func(usual string, args ...string) (since, until time.Time, err error) {
		flags := pflag.NewFlagSet("", pflag.ContinueOnError)
		r := addTimeRange(flags, usual)
		if err := flags.Parse(args); err != nil {
			t.Fatal(err)
		}
		return r.bounds(now)
	}
	since, until, err := bounds("1d")
	if err != nil || !since.Equal(now.Add(-day)) || !until.Equal(now) {
		t.Errorf("%s to %s, %v", since, until, err)
	}
	if since, _, err = bounds("", "--until", "2d"); err != nil || !since.IsZero() {
		t.Errorf("open: %s, %v", since, err)
	}
	if _, _, err = bounds("30d", "--since", "1d", "--until", "1d"); err == nil || !strings.HasPrefix(err.Error(), "--since ") {
		t.Errorf("an empty range: %v", err)
	}
	// Nobody gave a --since that could be wrong.
	if _, _, err = bounds("30d", "--until", "2020-01-02"); err == nil || err.Error() != "--until 2020-01-02T00:00:00Z is before the last 30d, which are meant without --since: give --since, too" {
		t.Errorf("until before the usual since: %v", err)
	}
}

type dish struct {
	Name  string `json:"name"`
	Price string `json:"price"`
}

func dishColumns() []column[dish] {
	return []column[dish]{
		{name: "dish name", flex: true, value: func(d dish) string { return d.Name }},
		{name: "price", right: true, value: func(d dish) string { return d.Price }},
	}
}

func TestPrintListing(t *testing.T) {
	dishes := []dish{{"Soup\x1b[2J of\nthe day 日本", "3"}, {strings.Repeat("long ", 40), "12.50"}, {"=1+1", "-"}}
	for format, want := range map[string]string{
		formatTable: "DISH NAME                                                                  PRICE\n" +
			"Soup [2J of the day 日本                                                       3\n" +
			strings.Repeat("long ", 14) + "lo…  12.50\n" +
			"=1+1                                                                           -\n",
		formatCSV:  "dish_name,price\r\n\"Soup\x1b[2J of\nthe day 日本\",3\r\n\"" + strings.Repeat("long ", 40) + "\",12.50\r\n'=1+1,'-\r\n",
		formatJSON: "[\n  {\n    \"name\": \"Soup\\u001b[2J of\\nthe day 日本\",\n    \"price\": \"3\"\n  },\n  {\n    \"name\": \"" + strings.Repeat("long ", 40) + "\",\n    \"price\": \"12.50\"\n  },\n  {\n    \"name\": \"=1+1\",\n    \"price\": \"-\"\n  }\n]\n",
	} {
		var b bytes.Buffer
		if err := printListing(&b, format, dishColumns(), dishes); err != nil || b.String() != want {
			t.Errorf("%s: %v, got\n%s\nwant\n%s", format, err, b.String(), want)
		}
	}
	var b bytes.Buffer
	if err := printListing(&b, formatJSON, dishColumns(), nil); err != nil || b.String() != "[]\n" {
		t.Errorf("nothing: %q, %v", b.String(), err)
	}
}

func TestFormatFlags(t *testing.T) {
	for _, c := range []struct {
		flags formatFlags
		want  string
	}{
		{formatFlags{format: "table"}, formatTable}, {formatFlags{format: "csv"}, formatCSV}, {formatFlags{format: "json"}, formatJSON},
		{formatFlags{json: true, format: "table"}, formatJSON}, {formatFlags{json: true, format: "json"}, formatJSON},
		{formatFlags{json: true, format: "csv"}, ""}, {formatFlags{format: "xml"}, ""}, {formatFlags{}, ""},
	} {
		if got, err := c.flags.value(); got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%+v: %q, %v", c.flags, got, err)
		}
	}
}

// TestTablesAreSafeAndFit holds for any text in a cell.
func TestTablesAreSafeAndFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		clean := printable(name)
		for _, r := range clean {
			if unicode.IsControl(r) || r == '\u202e' || r == '\u2028' {
				t.Fatalf("%q was printed as %q", name, clean)
			}
		}
		if printable(clean) != clean {
			t.Fatalf("%q changes when it is cleaned again", clean)
		}
		var b bytes.Buffer
		if err := printListing(&b, formatTable, dishColumns(), []dish{{name, "1"}}); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(b.String(), "\n")
		if len(lines) != 3 || text.StringWidthWithoutEscSequences(lines[1]) > tableWidth {
			t.Fatalf("%q", b.String())
		}
	})
}
