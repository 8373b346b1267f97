package intake

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"earshot/internal/hostile"
	"earshot/pipeline"
)

func TestZipBomb(t *testing.T) {
	const limit = 1 << 20
	for name, c := range map[string]struct {
		text string
		bomb bool
	}{
		"of noughts":      {strings.Repeat("0", 8*limit), true},
		"of lines":        {strings.Repeat("{}\n", 3*limit), true},
		"small":           {strings.Repeat("0", limit), false},
		"of lively lines": {strings.Repeat("{\"text\":\"The same words over and over again, as many say them\"}\n", 1000) + randomText(2*limit), false},
	} {
		var packed atomic.Int64
		z, err := newGunzip(&countingReader{r: strings.NewReader(gzipped(t, c.text)), n: &packed}, &packed, limit)
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, z)
		if errors.Is(err, errBomb) != c.bomb || !c.bomb && (err != nil || n != int64(len(c.text))) {
			t.Errorf("%s: %d of %d bytes, %v", name, n, len(c.text), err)
		}
	}
}

// randomText is text that does not pack well.
func randomText(n int) string {
	random := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(strconv.FormatUint(random.Uint64(), 36))
		b.WriteByte(' ')
	}
	return b.String()
}

func TestHostileFiles(t *testing.T) {
	json := gzipped(t, `{"a":1}`+"\n")
	cut := gzipped(t, strings.Repeat("{\"a\":1,\"b\":\"some text\"}\n", 1000))
	flipped := []byte(cut)
	flipped[len(flipped)-6] ^= 1 // of the checksum
	utf16 := func(s string) string {
		var b strings.Builder
		b.WriteString("\xff\xfe")
		for _, r := range s {
			b.WriteString(string([]byte{byte(r), 0}))
		}
		return b.String()
	}
	deep := strings.Repeat(`{"a":`, 20_000)
	for _, c := range []struct {
		name, file, text string
		rows             int // that come before the end or the error
		rejected         int // of them
		problem          string
	}{
		{"gzip cut off", "a.jsonl.gz", cut[:len(cut)-20], -1, 0, "cut off"},
		{"gzip cut in its head", "a.jsonl.gz", json[:5], 0, 0, "cut off"},
		{"gzip with a wrong checksum", "a.jsonl.gz", string(flipped), -1, 0, "damaged"},
		{"gzip with rubbish behind it", "a.jsonl.gz", json + "rubbish, and more of it", 1, 0, "behind the gzip"},
		{"gzip of several members", "a.jsonl.gz", json + json + json, 3, 0, ""},
		{"gzip of gzip", "a.csv.gz", gzipped(t, json), 0, 0, "not UTF-8"},
		{"gzip of nothing", "a.jsonl.gz", gzipped(t, ""), 0, 0, "empty"},
		{"deep JSON lines", "a.jsonl", deep + "\n{\"a\":1}\n", 2, 0, ""},
		{"deep JSON", "a.json", "[{\"a\":1}," + deep, 1, 0, "depth"},
		{"JSON cut off", "a.json", `[{"a":1},{"a":`, 1, 0, "cut off"},
		{"JSON of half a row", "a.json", `[{"a":1} {"a":2}]`, 1, 0, "broken JSON"},
		{"quote that never closes", "a.csv", "a,b\n1,\"x\n2,3\n", 2, 1, ""},
		{"text behind a quote", "a.csv", "a,b\n\"1\"x,2\n3,4\n", 2, 1, ""},
		{"NUL", "a.csv", "a,b\n1,\x00\n", 1, 0, ""},
		{"ragged", "a.csv", "a,b\n1\n1,2,3\n1,2\n", 3, 2, ""},
		{"long line", "a.csv", "a,b\n" + strings.Repeat("x", MaxRowBytes+10) + "\n1,2\n", 2, 1, ""},
		{"10,000 quotes", "a.csv", "a\n" + strings.Repeat(`"`, 10_001) + "\n1\n", 2, 1, ""},
		{"many lines within quotes", "a.csv", "a\n\"" + strings.Repeat("x\"\"y\n", 1500) + "\"\n1\n", 2, 0, ""},
		{"100,000 columns", "a.csv", strings.Repeat("a,", 100_000) + "\n" + strings.Repeat("1,", 100_000) + "\n", 1, 0, ""},
		{"bare carriage returns", "a.csv", "a,b\r1,2\r", 0, 0, ""},
		{"UTF-16", "a.csv", utf16("a,b\n1,2\n"), 1, 0, ""},
		{"UTF-16 cut in half", "a.csv", utf16("a,b\n1,2\n") + "x", -1, 0, ""},
		{"UTF-16 without its mark", "a.csv", utf16("a,b\n1,2\n")[2:], -1, 0, ""},
		{"invalid UTF-8", "a.csv", "a,b\n\xc0\xaf,2\n1,2\n", 2, 1, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, rejected, err := drain(c.file, c.text)
			if c.problem == "" && err != nil || c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) {
				t.Errorf("error %v, want one with %q", err, c.problem)
			}
			if c.rows >= 0 && (rows != c.rows || rejected != c.rejected) {
				t.Errorf("%d rows, %d of them rejected; want %d and %d", rows, rejected, c.rows, c.rejected)
			}
		})
	}
}

// drain opens a text as a file of that name and converts all its rows.
func drain(name, text string) (rows, rejected int, err error) {
	m, err := NewMapping(Options{})
	if err != nil {
		return 0, 0, err
	}
	f := &File{Name: name, closer: io.NopCloser(nil)}
	if err := f.start(name, strings.NewReader(text)); err != nil {
		return 0, 0, err
	}
	convert := NewConverter(m, name, time.Now)
	for {
		row, err := f.Next()
		if err == io.EOF {
			return rows, rejected, nil
		}
		if err != nil {
			return rows, rejected, err
		}
		rows++
		if row.Reject != nil {
			rejected++
		}
		if rows < 100 {
			convert.Convert(row)
		}
	}
}

// 100,000 members are converted in a moment: what a row costs grows with its
// length, not with the square of it.
func TestManyAttributes(t *testing.T) {
	for _, h := range hostile.Messages(time.Now()) {
		if h.Name != "90,000 members" {
			continue
		}
		m, err := NewMapping(Options{Set: []string{"platform=google"}})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		out := NewConverter(m, "x", time.Now).Convert(jsonRow(1, []byte(h.Value)))
		if out.Reject != nil || len(out.Event.Attributes) != 90_000 || time.Since(began) > 20*time.Second {
			t.Errorf("%v, after %v", out.Reject, time.Since(began))
		}
	}
}

// checkRows reads a file to its end and converts every row.
func checkRows(t *testing.T, f *File, o Options) {
	m, err := NewMapping(o)
	if err != nil {
		return
	}
	now := time.Date(2026, 7, 4, 0, 0, 0, 0, time.UTC)
	convert := NewConverter(m, "fuzz", func() time.Time { return now })
	last := 0
	for {
		row, err := f.Next()
		if err != nil {
			if _, again := f.Next(); !errors.Is(again, err) {
				t.Fatalf("after %v came %v", err, again)
			}
			return
		}
		if row.Line < last {
			t.Fatalf("line %d after %d", row.Line, last)
		}
		last = row.Line
		out := convert.Convert(row)
		if (out.Event == nil) == (out.Reject == nil) {
			t.Fatalf("event %v and reject %v", out.Event, out.Reject)
		}
		if out.Reject != nil {
			if out.Reject.Detail == "" || !utf8.ValidString(out.Reject.Detail) {
				t.Fatalf("detail %q", out.Reject.Detail)
			}
			continue
		}
		// What feed takes for an event, the worker takes for the same.
		e, reject := pipeline.Decode(pipeline.Message{Value: out.Message.Value}, now)
		if reject != nil || e.ID != out.Event.ID {
			t.Fatalf("feed has id %s, the worker %v, %v: %q", out.Event.ID, e, reject, out.Message.Value)
		}
	}
}

func addHostile(f *testing.F) {
	for _, h := range hostile.Messages(time.Date(2026, 7, 4, 0, 0, 0, 0, time.UTC)) {
		if len(h.Value) < 2048 {
			f.Add([]byte(h.Value))
			f.Add([]byte("[" + h.Value + ",\n" + h.Value + "]"))
		}
	}
}

func fuzzFormat(f *testing.F, format Format) {
	addHostile(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Open("-", bytes.NewReader(text), format)
		if err == nil {
			checkRows(t, file, Options{})
		}
	})
}

func FuzzJSONLines(f *testing.F)  { fuzzFormat(f, JSONL) }
func FuzzJSONStream(f *testing.F) { fuzzFormat(f, JSON) }

// FuzzOpen lets the format be told: gzip, UTF-16, marks and all.
func FuzzOpen(f *testing.F) {
	for _, seed := range []string{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "\xff\xfea\x00", "\xef\xbb\xbfa,b\n1,2", "PK\x03\x04", "a\tb\n\"1\t2", " \n "} {
		f.Add([]byte(seed))
	}
	fuzzFormat(f, Auto)
}

// FuzzMapping maps the columns of anything by any rules.
func FuzzMapping(f *testing.F) {
	for _, seed := range [][4]string{
		{"text=review,rating=stars", "source=review", "", "a,review,stars,occurred_at\n1,fine,4,2026-07-01"},
		{"attributes.city=raw.city,customer=who", "platform=x,source=chat", "%d.%m.%Y", `{"raw":{"city":"x"},"who":7,"text":"hi","occurred_at":"01.07.2026"}`},
		{"rating.value=a", "rating.min=0,rating.max=10", "2006", "a\n5"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, rules, consts, dates, text string) {
		file, err := Open("-", strings.NewReader(text), Auto)
		if err != nil {
			return
		}
		checkRows(t, file, Options{Map: []string{rules}, Set: []string{consts}, DateFormat: dates})
	})
}
