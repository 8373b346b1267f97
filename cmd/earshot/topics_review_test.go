package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/creack/pty"

	"earshot/sinks/clickhouse"
)

// reviewTexts are texts about slow service, found and missed, and others.
func reviewTexts(t *testing.T) []heard {
	t.Helper()
	var texts []string
	for i := range 30 {
		texts = append(texts, fmt.Sprintf("Table %d: the service was painfully slow.", i), fmt.Sprintf("Table %d: lovely pasta.", i),
			fmt.Sprintf("Table %d: we grew old before anybody came.", i))
	}
	return scored(t, texts...)
}

// answering runs a command with answers on standard input.
func (a *answers) answering(input string, args ...string) (code int, stdout, stderr string) {
	a.t.Helper()
	var out, errs bytes.Buffer
	p := &program{stdin: strings.NewReader(input), stdout: &out, stderr: &errs, now: answersNow}
	code = p.run(a.t.Context(), append(args, "--data", a.t.TempDir(), "--clickhouse", a.url))
	return code, out.String(), errs.String()
}

func TestTopicsReviewByHand(t *testing.T) {
	a := newAnswers(t)
	a.store(reviewTexts(t)...)
	review := []string{"topics", "review", "--topic", "service.speed", "--sample", "8", "--by", "kim"}
	code, out, stderr := a.answering("y\nwhat\nn\nb\nskip\ny\nq\n", review...)
	if code != exitDone || !strings.Contains(out, "1/8") || !strings.Contains(out, "«") || !strings.Contains(out, "3 answers stored, 2 of 8 judged") {
		t.Fatalf("exit %d\n%s%s", code, out, stderr)
	}
	// One was answered twice: the last answer counts.
	shares := a.shares()
	if n := shares[0].TaggedReviewed + shares[0].UntaggedReviewed; n != 2 {
		t.Errorf("%d answers in %+v", n, shares)
	}
	// The next sitting asks for what is missing, nothing twice; the end of the input ends it.
	code, out, _ = a.answering(strings.Repeat("y\n", 6), review...)
	if code != exitDone || !strings.Contains(out, "6/6") || !strings.Contains(out, "6 answers stored, 8 of 8 judged") {
		t.Errorf("exit %d\n%s", code, out)
	}
	if code, _, stderr = a.answering("", review...); code != exitFailed || !strings.Contains(stderr, "the sample of service.speed is complete, 8 answers") {
		t.Errorf("exit %d %s", code, stderr)
	}
	code, out, _ = a.answering("q\n", "topics", "review", "--sample", "8")
	if code != exitDone || strings.Contains(out, "speak of service.speed") {
		t.Errorf("another topic should be next: exit %d\n%s", code, out)
	}
	if code, out, _ = a.answering("q\n", "topics", "review", "--topic", "service", "--blind"); code != exitDone || strings.Contains(out, "«") {
		t.Errorf("blind: exit %d\n%s", code, out)
	}
}

func (a *answers) shares() (shares []clickhouse.TopicShare) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.done("topics", "review", "--report", "--json")), &shares); err != nil {
		a.t.Fatal(err)
	}
	return shares
}

// A sample goes out, is labelled elsewhere, and comes back: the corrected share
// is in the reports and covers the truth.
func TestTopicsReviewByFile(t *testing.T) {
	a := newAnswers(t)
	a.store(reviewTexts(t)...)
	if out := a.done("topics", "review", "--report"); !strings.Contains(out, "Nobody has reviewed a topic yet") {
		t.Error(out)
	}
	file := filepath.Join(t.TempDir(), "sample.csv")
	a.done("topics", "review", "--topic", "service.speed", "--sample", "40", "--export", file)
	label(t, file, func(text string) string {
		if strings.Contains(text, "slow") || strings.Contains(text, "grew old") {
			return "y"
		}
		return "n"
	})
	code, _, stderr := a.run("topics", "review", "--import", file, "--by", "kim")
	if code != exitDone || !strings.Contains(stderr, "40 answers stored, 0 rows without one") {
		t.Fatalf("exit %d %s", code, stderr)
	}
	s := a.shares()[0]
	if s.TaggedReviewed != 20 || s.TaggedYes != 20 || s.UntaggedReviewed != 20 || s.Texts != 90 || s.TaggedTexts != 30 {
		t.Errorf("%+v", s)
	}
	if s.Corrected == nil || s.Corrected.Low > 2./3 || s.Corrected.High < 2./3 || s.Recall.Low > .5 || s.Recall.High < .5 {
		t.Errorf("%+v, %+v", s.Corrected, s.Recall)
	}
	if out := a.done("report", "--since", "30d"); !strings.Contains(out, "Topics, by reviews") || !regexp.MustCompile(`service\.speed +33\.3 %`).MatchString(out) {
		t.Error(out)
	}
	var r report
	if err := json.Unmarshal([]byte(a.done("report", "--json")), &r); err != nil || len(r.Shares) != 1 || *r.Shares[0].Corrected != *s.Corrected {
		t.Errorf("%v, %+v", err, r.Shares)
	}
}

// label fills the column answer of an exported sample.
func label(t *testing.T, file string, answer func(text string) string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		row[7] = answer(row[5])
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A person on a terminal presses single keys.
func TestTopicsReviewOnTerminal(t *testing.T) {
	a := newAnswers(t)
	a.store(reviewTexts(t)...)
	control, terminal, err := pty.Open()
	if err != nil {
		t.Skipf("no terminal to be had: %v", err)
	}
	defer control.Close()
	done := make(chan int)
	go func() {
		p := &program{stdin: terminal, stdout: terminal, stderr: io.Discard, now: answersNow}
		code := p.run(context.Background(), []string{"topics", "review", "--topic", "service.speed", "--sample", "6", "--by", "kim", "--data", t.TempDir(), "--clickhouse", a.url})
		_ = terminal.Close() // so that the reader below ends
		done <- code
	}()
	var screen strings.Builder
	keys := []string{"y", "N", "s", "q"}
	chunk := make([]byte, 4096)
	for {
		n, err := control.Read(chunk)
		screen.Write(chunk[:n])
		if strings.Count(screen.String(), "y/n/s/b/q") > 4-len(keys) && len(keys) > 0 {
			if _, err := control.WriteString(keys[0]); err != nil {
				t.Fatal(err)
			}
			keys = keys[1:]
		}
		if err != nil {
			break
		}
	}
	if code := <-done; code != exitDone || !strings.Contains(screen.String(), "3 answers stored, 2 of 6 judged") {
		t.Errorf("exit %d\n%s", code, screen.String())
	}
}

func TestTopicsReviewMistakes(t *testing.T) {
	dir := writeFiles(t, map[string]string{
		"noheader.csv": "a,b\n1,2\n", "answer.csv": "topic,event_id,answer\nx,e1,y\nx,e2,perhaps\n", "noid.csv": "topic,event_id,answer\nx,,y\n", "empty.csv": "",
	})
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"--report --export x", exitUsage, "exclude each other"},
		{"--sample 1", exitUsage, "choose 2 to 10000"},
		{"--tagged-share 2", exitUsage, "choose 0 to 1"},
		{"--tagged-share NaN", exitUsage, "choose 0 to 1"},
		{"--source pigeon", exitUsage, "--source"},
		{"--since soon", exitUsage, "--since"},
		{"extra", exitUsage, "see `earshot topics review --help`"},
		{"", exitUnreachable, "earshot up"},
		{"--report", exitUnreachable, "earshot up"},
	} {
		code, out, stderr := call(t, append([]string{"topics", "review"}, strings.Fields(c.args)...)...)
		if code != c.code || !strings.Contains(out+stderr, c.says) {
			t.Errorf("topics review %s: exit %d, expected %d and %q\n%s", c.args, code, c.code, c.says, stderr)
		}
	}
	a := newAnswers(t)
	for file, says := range map[string]string{
		"noheader.csv": "noheader.csv:1: expected the columns event_id, answer and topic", "empty.csv": "empty.csv:1: expected a header",
		"answer.csv": `answer.csv:3: answer "perhaps": expected y, n, s or nothing`, "noid.csv": "noid.csv:2: an answer without event_id or topic",
	} {
		if code, _, stderr := a.run("topics", "review", "--import", filepath.Join(dir, file)); code != exitCheckFailed || !strings.Contains(stderr, says) {
			t.Errorf("%s: exit %d %s", file, code, stderr)
		}
	}
	unknown := filepath.Join(writeFiles(t, map[string]string{"x.csv": "topic,event_id,answer\nx,e1,y\n"}), "x.csv")
	if code, _, stderr := a.run("topics", "review", "--import", unknown); code != exitCheckFailed || !strings.Contains(stderr, "nothing was imported") {
		t.Errorf("exit %d %s", code, stderr)
	}
	if code, _, stderr := a.run("topics", "review"); code != exitFailed || !strings.Contains(stderr, "no topics in that period") {
		t.Errorf("exit %d %s", code, stderr)
	}
}

// The taxonomy in force is recorded once, and can be shown and compared later.
func TestTopicsHistory(t *testing.T) {
	a := newAnswers(t)
	if out := a.done("topics", "history", "--json"); out != "[]\n" {
		t.Error(out)
	}
	a.store(scored(t, "slow service")...)
	conn, err := clickhouse.Open(clickhouse.At(a.url))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }() // nothing is buffered
	code, pack, _ := call(t, "topics", "export")
	if code != exitDone {
		t.Fatal(code)
	}
	var entries []clickhouse.Taxonomy
	if err := json.Unmarshal([]byte(a.done("topics", "history", "--json")), &entries); err != nil || len(entries) != 1 || entries[0].PutInForceAt != nil {
		t.Fatalf("%v %+v", err, entries)
	}
	version := entries[0].Version
	if _, err := clickhouse.RecordTaxonomy(t.Context(), conn, version, []byte(pack), answersNow()); err != nil {
		t.Fatal(err)
	}
	if out := a.done("topics", "history"); !strings.Contains(out, version+"  2026-07-03 12:00       1  2026-07-02") {
		t.Error(out)
	}
	if out := a.done("topics", "show", "--version", version); out != pack {
		t.Error("another text than was recorded")
	}
	if out := a.done("topics", "show", "service.speed", "--version", "restaurant"); !strings.Contains(out, "# topic") {
		t.Error(out)
	}
	if code, _, stderr := a.run("topics", "diff", version, "restaurant", "--exit-code"); code != exitDone || !strings.Contains(stderr, "0 differences") {
		t.Errorf("exit %d %s", code, stderr)
	}
	if code, _, stderr := a.run("topics", "show", "--version", "hotel@1"); code != exitUsage || !strings.Contains(stderr, "no version") {
		t.Errorf("exit %d %s", code, stderr)
	}
}
