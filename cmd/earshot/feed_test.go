package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"earshot/internal/embedded"
	"earshot/pipeline"
	"earshot/pipeline/kafka"
)

// runCommand runs one command line and returns its exit code and streams.
func runFeed(t *testing.T, ctx context.Context, stdin io.Reader, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	p := &program{stdin: stdin, stdout: &out, stderr: &errs, now: func() time.Time { return time.Date(2026, 7, 4, 12, 0, 0, 0, time.UTC) }}
	code = p.run(ctx, append([]string{"feed", "--data", t.TempDir()}, args...))
	return code, out.String(), errs.String()
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const feedCSV = "date,stars,body,shop,mail\n" +
	"2026-07-01,5,Lovely,store-1,ann@example.com\n" +
	"2026-07-02,9,Nine stars,store-1,\n" +
	"2026-07-02,4,\"Two\nlines\",store-2,\n" +
	"2026-07-01,5,Lovely,store-1,ann@example.com\n" +
	"2026-07-03,\"broken,store-3,\n"

func feedCSVArgs(path string) []string {
	return []string{path, "--map", "occurred_at=date,rating=stars,text=body,location=shop,customer.email=mail", "--set", "source=review"}
}

// startKafka starts the embedded broker for one test.
func startKafka(t *testing.T) (addr string) {
	t.Helper()
	broker, err := embedded.StartBroker(embedded.BrokerOptions{Dir: t.TempDir(), Listen: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { broker.Close() })
	return broker.Addr()
}

// topicMessages reads all messages of the events topic.
func eventMessages(t *testing.T, addr string) []pipeline.Message {
	t.Helper()
	source := kafka.NewSource(kafka.Options{Cluster: kafka.Cluster{Brokers: []string{addr}}, MaxWait: 50 * time.Millisecond})
	defer source.Close()
	partitions, err := source.Partitions(t.Context(), "feedback.events")
	if err != nil {
		t.Fatal(err)
	}
	var all []pipeline.Message
	for _, partition := range partitions {
		tp := pipeline.TopicPartition{Topic: "feedback.events", Partition: partition}
		next, end, err := source.Bounds(t.Context(), tp)
		if err != nil {
			t.Fatal(err)
		}
		for next < end {
			chunk, err := source.Fetch(t.Context(), tp, next)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range chunk.Messages {
				next = m.Offset + m.Span
				all = append(all, m)
			}
		}
	}
	return all
}

func TestFeedSendsEveryRow(t *testing.T) {
	addr := startKafka(t)
	path := writeFile(t, "reviews.csv", feedCSV)
	code, stdout, stderr := runFeed(t, t.Context(), nil, append(feedCSVArgs(path), "--kafka", addr)...)
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	for _, want := range []string{"5 rows: 5 sent, 2 invalid", "bad_rating   1, the first: line 3: rating: 9", "bad_row      1, the first: line 7", "deadletters list"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("summary lacks %q:\n%s", want, stdout)
		}
	}
	now := time.Date(2026, 7, 4, 12, 0, 0, 0, time.UTC)
	ids, dead := map[string]string{}, map[string]string{}
	for _, m := range eventMessages(t, addr) {
		e, reject := pipeline.Decode(m, now)
		if reject != nil {
			dead[string(m.Value)] = fmt.Sprint(m.Headers[1].Key, "=", string(m.Headers[1].Value))
			continue
		}
		if string(m.Key) != e.ID {
			t.Errorf("key %s of event %s", m.Key, e.ID)
		}
		ids[e.ID] = e.Text
	}
	if len(ids) != 3 {
		t.Errorf("3 events expected, two of them alike: %v", ids)
	}
	if dead["2026-07-02,9,Nine stars,store-1,"] != "earshot-line=3" || dead["2026-07-03,\"broken,store-3,"] != "earshot-line=7" {
		t.Errorf("the invalid rows should arrive as they were: %q", dead)
	}

	// The same file again: the same ids.
	if code, _, stderr := runFeed(t, t.Context(), nil, append(feedCSVArgs(path), "--kafka", addr, "--skip-invalid")...); code != exitDone {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	again := eventMessages(t, addr)
	if len(again) != 5+3 {
		t.Errorf("%d messages after feeding twice, the second time without the invalid", len(again))
	}
	for _, m := range again {
		if e, reject := pipeline.Decode(m, now); reject == nil && ids[e.ID] != e.Text {
			t.Errorf("feeding again made a new event: %s", m.Value)
		}
	}
}

func TestFeedStopsAndGoesOn(t *testing.T) {
	addr := startKafka(t)
	var rows strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&rows, `{"source":"chat","occurred_at":"2026-07-01T10:00:00Z","text":"number %d"}`+"\n", i)
	}
	path := writeFile(t, "chat.jsonl", rows.String())
	ctx, cancel := context.WithTimeout(t.Context(), 600*time.Millisecond)
	defer cancel()
	code, _, stderr := runFeed(t, ctx, nil, path, "--kafka", addr, "--rate", "1000/s")
	if code != exitFailed || !strings.Contains(stderr, "feed the same again to go on") {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	first := len(eventMessages(t, addr))
	if first == 0 || first > 1500 {
		t.Errorf("%d rows sent in 0.6 s at 1000/s", first)
	}
	if code, _, stderr := runFeed(t, t.Context(), nil, path, "--kafka", addr); code != exitDone {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	ids := map[string]bool{}
	all := eventMessages(t, addr)
	for _, m := range all {
		ids[string(m.Key)] = true
	}
	if len(ids) != 2000 || len(all) != 2000+first {
		t.Errorf("%d ids in %d messages", len(ids), len(all))
	}
}

func TestFeedSendsAPipeAsItComes(t *testing.T) {
	addr := startKafka(t)
	r, w := io.Pipe()
	done := make(chan int, 1)
	go func() {
		code, _, _ := runFeed(t, t.Context(), r, "-", "--format", "jsonl", "--map", "text=said", "--kafka", addr)
		done <- code
	}()
	fmt.Fprintln(w, `{"id":"one","source":"chat","occurred_at":"2026-07-01T10:00:00Z","said":"hello"}`)
	deadline := time.Now().Add(10 * time.Second)
	for len(eventMessages(t, addr)) == 0 && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	if n := len(eventMessages(t, addr)); n != 1 {
		t.Errorf("%d messages while the pipe is open", n)
	}
	w.Close()
	if code := <-done; code != exitDone {
		t.Errorf("exit %d", code)
	}
}

func TestFeedDryRun(t *testing.T) {
	path := writeFile(t, "reviews.csv", feedCSV)
	code, stdout, stderr := runFeed(t, t.Context(), nil, append(feedCSVArgs(path), "--dry-run")...)
	if code != exitDone {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	for _, want := range []string{`"text": "Lovely"`, ":3: bad_rating", ":7: bad_row: the quote opened in column 2 is never closed", "nothing was sent"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("dry run lacks %q:\n%s", want, stdout)
		}
	}
	_, stdout, _ = runFeed(t, t.Context(), nil, append(feedCSVArgs(path), "--dry-run", "--json")...)
	for text := range strings.Lines(stdout) {
		var line map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &line); err != nil || len(line) != 1 {
			t.Errorf("%v: %s", err, text)
		}
	}
}

func TestFeedUsage(t *testing.T) {
	good := writeFile(t, "good.csv", feedCSV)
	notGzip := writeFile(t, "x.jsonl.gz", "{}\n")
	var cut bytes.Buffer
	z := gzip.NewWriter(&cut)
	for i := range 5000 {
		fmt.Fprintf(z, `{"id":"%d","source":"chat","occurred_at":"2026-07-01T10:00:00Z","text":"hello %d"}`+"\n", i, i*i)
	}
	z.Close()
	cutFile := writeFile(t, "cut.jsonl.gz", cut.String()[:cut.Len()/2])
	cases := []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no file", nil, exitUsage, "name the files"},
		{"missing file", []string{"/none/x.csv"}, exitUsage, "/none/x.csv: no such file"},
		{"directory", []string{t.TempDir()}, exitUsage, "is a directory"},
		{"empty", []string{writeFile(t, "e.csv", "")}, exitUsage, "the file is empty"},
		{"blank", []string{writeFile(t, "e.jsonl", " \n\n")}, exitUsage, "the file is empty"},
		{"not gzip", []string{notGzip}, exitUsage, "not compressed"},
		{"broken gzip", []string{writeFile(t, "b.csv.gz", "\x1f\x8bnothing of the kind")}, exitUsage, "the gzip is damaged; copy the file again"},
		{"cut gzip", []string{cutFile, "--dry-run"}, exitFailed, "cut.jsonl.gz: the gzip is cut off; copy the file again"},
		{"workbook", []string{writeFile(t, "b.xlsx", "PK\x03\x04....")}, exitUsage, "save the sheet as CSV"},
		{"unknown format", []string{writeFile(t, "b.txt", "hello\nworld\n")}, exitUsage, "--format jsonl, json, csv or tsv"},
		{"wrong --format", []string{good, "--format", "xml"}, exitUsage, "choose jsonl, json, csv, tsv"},
		{"wrong column", []string{good, "--map", "text=bdy"}, exitUsage, `no column "bdy", did you mean "body"? Columns: date, stars`},
		{"wrong field", []string{good, "--map", "ratng=stars"}, exitUsage, `did you mean "rating"`},
		{"not a pair", []string{good, "--map", "text"}, exitUsage, "expected field=column"},
		{"twice", []string{good, "--map", "text=body", "--set", "text=x"}, exitUsage, "text is given twice"},
		{"one id for all", []string{good, "--set", "id=1"}, exitUsage, "one event"},
		{"date format", []string{good, "--date-format", "%Q"}, exitUsage, "%Q is not known"},
		{"no date in it", []string{good, "--date-format", "YYYY-MM-DD"}, exitUsage, "holds no date"},
		{"zone", []string{good, "--timezone", "Mars/Base"}, exitUsage, "no time zone"},
		{"header alone", []string{writeFile(t, "h.csv", "a,b\n"), "--map", "text=c"}, exitUsage, `no column "c"`},
		{"rate", []string{good, "--rate", "fast"}, exitUsage, "rows a second"},
		{"unknown flag", []string{good, "--mapp", "x"}, exitUsage, "unknown flag"},
		{"no Kafka", []string{good}, exitUnreachable, "no Kafka address"},
		{"unreachable Kafka", []string{good, "--kafka", "127.0.0.1:1"}, exitUnreachable, "127.0.0.1:1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			code, _, stderr := runFeed(t, t.Context(), nil, c.args...)
			if code != c.code || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("exit %d, want %d with %q:\n%s", code, c.code, c.want, stderr)
			}
		})
	}
}
