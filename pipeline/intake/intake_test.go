package intake

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/unicode"
)

func testNow() time.Time { return time.Date(2026, 7, 4, 12, 0, 0, 0, time.UTC) }

// openText opens text as a file of that name.
func openText(t *testing.T, name, text string, format Format) *File {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path, nil, format)
	if err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// listRows writes each row as "line: name=value name=value" or its reject.
func listRows(t *testing.T, r Reader) (rows []string, err error) {
	t.Helper()
	for {
		row, err := r.Next()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		var b strings.Builder
		fmt.Fprintf(&b, "%d:", row.Line)
		for _, f := range row.Fields {
			fmt.Fprintf(&b, " %s=%s%s", f.Name, f.Text, []byte(f.JSON))
		}
		switch {
		case row.Reject != nil:
			fmt.Fprintf(&b, " %s", row.Reject)
		case row.Fields == nil:
			fmt.Fprintf(&b, " raw %s", row.Raw)
		}
		rows = append(rows, b.String())
	}
}

func utf16(t *testing.T, s string) string {
	t.Helper()
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func gzipped(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, s); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReaders(t *testing.T) {
	cases := []struct {
		name, file, text string
		format           Format
		want             []string
	}{
		{"jsonl", "a.jsonl", "{\"a\":1}\n\n  {\"b\":\"x\"}\r\nbroken\n[1]\n", JSONL, []string{`1: a=1`, `3: b="x"`, `4: raw broken`, `5: raw [1]`}},
		{"jsonl without a last line end", "a.ndjson", `{"a":1}`, JSONL, []string{`1: a=1`}},
		{"byte order mark", "a.jsonl", "\ufeff{\"a\":1}\n", JSONL, []string{`1: a=1`}},
		{"duplicate names", "a.jsonl", `{"a":1,"a":2}`, JSONL, []string{`1: raw {"a":1,"a":2}`}},
		{"array", "a.json", "[\n {\"a\":1},\n {\"a\":\n 2}, 3 ]\n", JSON, []string{`2: a=1`, `3: a=2`, `4: raw 3`}},
		{"empty array", "a.json", "[]", JSON, nil},
		{"objects over lines", "a.json", "{\n\"a\":1\n}\n{\n\"a\":2\n}", JSON, []string{`1: a=1`, `4: a=2`}},
		{"jsonl called json", "a.json", "{\"a\":1}\n{\"a\":2}\n", JSONL, []string{`1: a=1`, `2: a=2`}},
		{"gzip", "a.jsonl.gz", gzipped(t, `{"a":1}`), JSONL, []string{`1: a=1`}},
		{"gzip by content", "a.csv", gzipped(t, "a,b\n1,2\n"), CSV, []string{"2: a=1 b=2"}},
		{"csv", "a.csv", "a,b\r\n1,\"x, \"\"y\"\"\"\r\n\r\n2,\r\n", CSV, []string{`2: a=1 b=x, "y"`, `4: a=2 b=`}},
		{"csv over lines", "a.csv", "a,b\n1,\"x\n\ny\"\n2,z\n", CSV, []string{"2: a=1 b=x\n\ny", "5: a=2 b=z"}},
		{"csv with semicolons", "a.csv", "a;b\n1;2,5\n", CSV, []string{"2: a=1 b=2,5"}},
		{"csv header", "a.csv", "a,,a, b \n1,2,3,4\n", CSV, []string{"2: a=1 column_2=2 a_2=3 b=4"}},
		{"csv quote in a bare cell", "a.csv", "a,b\n5\" pipe,x\"y\"\n", CSV, []string{`2: a=5" pipe b=x"y"`}},
		{"csv cells missing", "a.csv", "a,b\n1\n1,2,3\n4,5\n", CSV, []string{"2: bad_row: 1 cells, the header has 2", "3: bad_row: 3 cells, the header has 2", "4: a=4 b=5"}},
		{"csv open quote", "a.csv", "a,b\n1,\"x\n2,y\n3,z\n", CSV, []string{"2: bad_row: the quote opened in column 2 is never closed", "3: a=2 b=y", "4: a=3 b=z"}},
		{"csv open quote before others", "a.csv", "a,b\n1,\"x\n2,\"y\"\n3,z\n", CSV, []string{"2: bad_row: text behind the closing quote of column 2", `3: a=2 b=y`, "4: a=3 b=z"}},
		{"csv text behind a quote", "a.csv", "a,b\n\"1\"x,2\n3,4\n", CSV, []string{"2: bad_row: text behind the closing quote of column 1", "3: a=3 b=4"}},
		{"csv latin-1", "a.csv", "a,b\n1,caf\xe9\n2,ok\n", CSV, []string{"2: bad_encoding: the row is not UTF-8; convert the file, e.g. with iconv -f windows-1252 -t utf-8", "3: a=2 b=ok"}},
		{"tsv", "a.tsv", "a\tb\n1\t\"x\ty\"\n2\t\"open\n", TSV, []string{"2: a=1 b=x\ty", "3: a=2 b=\"open"}},
		{"tsv by content", "a", "a\tb\n1\t2\n", TSV, []string{"2: a=1 b=2"}},
		{"utf-16", "a.csv", utf16(t, "a,b\n1,é\n"), CSV, []string{"2: a=1 b=é"}},
		{"header alone", "a.csv", "a,b\n", CSV, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := openText(t, c.file, c.text, Auto)
			if f.Format != c.format {
				t.Errorf("format %q, want %q", f.Format, c.format)
			}
			got, err := listRows(t, f)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Join(got, "|") != strings.Join(c.want, "|") {
				t.Errorf("rows\n%q\nwant\n%q", got, c.want)
			}
		})
	}
}

func TestReadersStopWhereNothingCanFollow(t *testing.T) {
	cases := []struct{ name, file, text, want string }{
		{"array cut off", "a.json", "[{\"a\":1},\n{\"a\":", "line 2: the JSON ends in the middle"},
		{"array broken", "a.json", "[{\"a\":1},\n{\"a\":x},{}]", "line 2: broken JSON"},
		{"endless value", "a.json", "[{\"a\":\"" + strings.Repeat("x", MaxRowBytes+1<<20), "line 1: a JSON value longer than 9 MiB"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := listRows(t, openText(t, c.file, c.text, Auto))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// A line of a bomb costs no more memory than MaxRowBytes, and the next one is read.
func TestLongLines(t *testing.T) {
	text := gzipped(t, strings.Repeat("x", 24<<20)+"\n{\"a\":1}\n")
	rows, err := listRows(t, openText(t, "bomb.jsonl.gz", text, Auto))
	if err != nil || len(rows) != 2 || rows[0] != "1: too_large: the row is longer than 9 MiB" || rows[1] != "2: a=1" {
		t.Errorf("%.300q, %v", rows, err)
	}
	rows, err = listRows(t, openText(t, "bomb.csv.gz", gzipped(t, "a\n\""+strings.Repeat("x\n", 200_000)), Auto))
	if err != nil || len(rows) != 200_000 || !strings.Contains(rows[0], "never closed") {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "a,b\n\"x\ny\",2\n", "a\n\"\n\"\n\"", "a,b\n1,\"x\n2,\"y\"\n3\n", "a;\"b\"\n\"\"\"\";\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Open("-", strings.NewReader(text), CSV)
		if err != nil {
			return
		}
		last := 0
		for {
			row, err := file.Next()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Skip(err) // a broken gzip stream
			}
			if row.Line <= last {
				t.Fatalf("line %d after %d", row.Line, last)
			}
			if (row.Reject == nil) == (row.Fields == nil) {
				t.Fatalf("row %+v", row)
			}
			last = row.Line
		}
	})
}
