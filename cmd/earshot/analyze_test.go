package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"earshot/cmd/earshot/config"
)

var update = flag.Bool("update", false, "write the golden files anew")

// runWith executes one command line on the given standard input.
func runWith(t *testing.T, stdin io.Reader, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	for _, variable := range config.Variables() {
		t.Setenv(variable, "")
	}
	t.Chdir(t.TempDir()) // no configuration file
	var out, diag bytes.Buffer
	p := &program{stdin: stdin, stdout: &out, stderr: &diag}
	code = p.run(context.Background(), args)
	return out.String(), diag.String(), code
}

func TestAnalyzeGolden(t *testing.T) {
	dir, err := filepath.Abs("testdata/analyze")
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join(dir, "golden.jsonl")
	input, err := os.ReadFile(filepath.Join(dir, "input.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	got, diag, code := runWith(t, bytes.NewReader(input), "analyze", "--pack", "restaurant")
	if code != exitFailed || !strings.Contains(diag, "2 of 10 lines") {
		t.Errorf("exit %d, %q", code, diag)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	// The pack's hash changes with every phrase; the golden file leaves it out.
	if diff := cmp.Diff(withoutHash(string(want)), withoutHash(got)); diff != "" {
		t.Errorf("run with -update if this is meant:\n%s", diff)
	}
	for l := range strings.SplitSeq(strings.TrimSpace(got), "\n") {
		if !json.Valid([]byte(l)) {
			t.Errorf("not JSON: %s", l)
		}
	}
}

func withoutHash(s string) string {
	parts := strings.Split(s, "restaurant@")
	for i := 1; i < len(parts); i++ {
		_, after, _ := strings.Cut(parts[i], `"`)
		parts[i] = `"` + after
	}
	return strings.Join(parts, "restaurant@")
}

func TestAnalyzeKeepsTheOrderOfManyLines(t *testing.T) {
	var in strings.Builder
	const lines = 5000
	for i := range lines {
		fmt.Fprintf(&in, `{"n":%d,"text":"%s"}`+"\n", i, strings.Repeat("slow service ", i%50))
	}
	got, diag, code := runWith(t, strings.NewReader(in.String()), "analyze")
	if code != exitDone {
		t.Fatal(diag)
	}
	answers := strings.Split(strings.TrimSpace(got), "\n")
	if len(answers) != lines {
		t.Fatalf("%d answers to %d lines", len(answers), lines)
	}
	for i, a := range answers {
		if !strings.HasPrefix(a, fmt.Sprintf(`{"n":%d,`, i)) {
			t.Fatalf("answer %d is %.60s", i, a)
		}
	}
}

func TestAnalyzeText(t *testing.T) {
	got, _, code := runWith(t, strings.NewReader("slow service\r\n\n\xff bad\nlast"), "analyze", "--text")
	var texts []string
	for l := range strings.SplitSeq(strings.TrimSpace(got), "\n") {
		var o struct{ Text string }
		if err := json.Unmarshal([]byte(l), &o); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, o.Text)
	}
	if diff := cmp.Diff([]string{"slow service", "", "\ufffd bad", "last"}, texts); diff != "" || code != exitDone {
		t.Errorf("exit %d\n%s", code, diff)
	}
}

func TestAnalyzeBadLines(t *testing.T) {
	cases := map[string]string{
		"[1]":                      "bad_json",
		`{"text":"a"} x`:           "bad_json",
		`{"text":"a"`:              "bad_json",
		`{"text":`:                 "bad_json",
		"{\"text\":\"\xff\"}":      "bad_encoding",
		`{"turns":"a"}`:            "bad_type",
		strings.Repeat("{[", 1000): "bad_json",
		`{"text":"` + strings.Repeat("a", maxLine) + `"}`: "too_large",
	}
	for in, want := range cases {
		t.Run(want, func(t *testing.T) {
			got, diag, code := runWith(t, strings.NewReader(`{"text":"ok"}`+"\n"+in+"\n"+`{"text":"ok"}`), "analyze")
			lines := strings.Split(strings.TrimSpace(got), "\n")
			if len(lines) != 3 || !strings.Contains(lines[1], `{"error":{"reason":"`+want+`"`) || !strings.Contains(lines[1], `"line":2`) {
				t.Errorf("%.200q", lines)
			}
			if code != exitFailed || !strings.Contains(diag, "1 of 3 lines") {
				t.Errorf("exit %d, %q", code, diag)
			}
		})
	}
}

func TestAnalyzeUsage(t *testing.T) {
	for name, args := range map[string][]string{
		"missing file":  {"analyze", "/nowhere/x.jsonl"},
		"folder":        {"analyze", "/"},
		"unknown pack":  {"analyze", "--pack", "zoo"},
		"unknown zone":  {"analyze", "--timezone", "Mars/Base"},
		"missing packs": {"analyze", "--packs", "/nowhere"},
		"unknown flag":  {"analyze", "--frob"},
		"no text":       {"explain", " "},
		"text twice":    {"explain", "a", "--text", "b"},
		"no time":       {"explain", "a", "--at", "noon"},
	} {
		t.Run(name, func(t *testing.T) {
			out, diag, code := runWith(t, strings.NewReader(""), args...)
			if code != exitUsage || out != "" || strings.Count(diag, "\n") != 1 {
				t.Errorf("exit %d, stdout %q, stderr %q", code, out, diag)
			}
		})
	}
}

// closedPipe is a standard output that nobody reads any more.
type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }

// endless is a standard input that never ends.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	return copy(b, strings.Repeat("{\"text\":\"slow\"}\n", 16)), nil
}

func TestAnalyzeEndsQuietlyWithItsReader(t *testing.T) {
	var diag bytes.Buffer
	p := &program{stdin: endless{}, stdout: closedPipe{}, stderr: &diag}
	if code := p.run(context.Background(), []string{"analyze"}); code != exitDone || diag.Len() > 0 {
		t.Errorf("exit %d, %q", code, diag.String())
	}
}

func TestAnalyzeStops(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("ctrl-C"))
	p := &program{stdin: endless{}, stdout: io.Discard, stderr: io.Discard}
	if code := p.run(ctx, []string{"analyze"}); code != exitFailed {
		t.Errorf("exit %d", code)
	}
	// A reader that is cut off says so itself: the writer may see no more than its end.
	s := lineStream{in: endless{}}
	if err := s.read(ctx, make(chan *chunk), make(chan *chunk)); !isInterrupted(err) {
		t.Errorf("read: %v", err)
	}
}

func isInterrupted(err error) bool {
	var exit *exitError
	return errors.As(err, &exit) && exit.code == exitFailed
}

// A line given by hand is answered before the next one comes.
func TestAnalyzeAnswersAtOnce(t *testing.T) {
	in, send := io.Pipe()
	receive, out := io.Pipe()
	p := &program{stdin: in, stdout: out, stderr: io.Discard}
	done := make(chan int, 1)
	go func() {
		done <- p.run(context.Background(), []string{"analyze"})
		_ = out.Close()
	}()
	answers := json.NewDecoder(receive)
	for i := range 3 {
		if _, err := fmt.Fprintf(send, `{"n":%d,"text":"slow"}`+"\n", i); err != nil {
			t.Fatal(err)
		}
		var o struct{ N int }
		if err := answers.Decode(&o); err != nil || o.N != i {
			t.Fatalf("%+v %v", o, err)
		}
	}
	_ = send.Close()
	if code := <-done; code != exitDone {
		t.Errorf("exit %d", code)
	}
}

func TestExplain(t *testing.T) {
	const text = "service was painfully slow at lunch time, and the loyalty card was rejected"
	got, diag, code := runWith(t, strings.NewReader(""), "explain", text)
	if code != exitDone {
		t.Fatal(diag)
	}
	for _, want := range []string{"painfully", "lexicon -2.4", "service.speed", "rule general/service.speed/service", "peak_hours",
		"slow service at peak hours", "service.speed negative + peak_hours", "loyalty card", "vader@3.3.2 lexicon@"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	asJSON, _, _ := runWith(t, strings.NewReader(text+"\n"), "explain", "--json")
	analysed, _, _ := runWith(t, strings.NewReader(text), "analyze", "--text")
	var x, a map[string]any
	if err := errors.Join(json.Unmarshal([]byte(asJSON), &x), json.Unmarshal([]byte(analysed), &a)); err != nil {
		t.Fatal(err)
	}
	for key := range a {
		if diff := cmp.Diff(a[key], x[key]); diff != "" {
			t.Errorf("explain and analyze differ in %s:\n%s", key, diff)
		}
	}
}
