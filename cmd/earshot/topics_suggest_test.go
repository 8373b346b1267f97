package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/pipeline"
	"earshot/pipeline/insight"
	"earshot/pipeline/simulate"
)

func TestTopicsSuggestMistakes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.jsonl")
	if err := os.WriteFile(file, []byte(`{"text": "the menu"}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"--min-count 2 " + file, exitUsage, "--min-count is at least 3"},
		{"--yaml --json " + file, exitUsage, "--yaml writes a pack"},
		{"--map text=body", exitUsage, "name the files, too"},
		{"--location x " + file, exitUsage, "--location picks among stored feedback"},
		{"--map body " + file, exitUsage, "expected FIELD=COLUMN"},
		{"--map rating=stars " + file, exitUsage, "expected FIELD=COLUMN"},
		{"--recent soon " + file, exitUsage, `--recent "soon"`},
		{"--since 7d --recent 8d", exitUnreachable, "earshot up"},
		{"--pack nothing " + file, exitUsage, "no pack is called nothing"},
		{"-", exitUsage, "name a file"},
		{"missing.jsonl", exitUsage, "missing.jsonl: no such file"},
		{"", exitUnreachable, "earshot up"},
	} {
		t.Run(c.args, func(t *testing.T) {
			code, stdout, stderr := call(t, append([]string{"topics", "suggest"}, strings.Fields(c.args)...)...)
			if message := lastLine(stderr); code != c.code || stdout != "" || !strings.Contains(message, c.says) {
				t.Errorf("exit code %d, want %d; stdout %q; %q does not say %q", code, c.code, stdout, message, c.says)
			}
		})
	}
}

// plantedStream is a simulated chain's feedback over four weeks, with texts about a
// QR code menu in its last days.
func plantedStream(t *testing.T, planted int) []*pipeline.Event {
	t.Helper()
	end := answersNow()
	chain, err := simulate.New(simulate.Options{Seed: 11, Start: end.AddDate(0, 0, -28), Days: 28, Events: 4000, Locations: 8})
	if err != nil {
		t.Fatal(err)
	}
	var events []*pipeline.Event
	for e := range chain.Events {
		if e.OccurredAt.Before(end) {
			events = append(events, &e)
		}
	}
	before, after := []string{"Hated", "Could not read", "Nobody explained", "My phone will not open"}, []string{"at the table", "in the dark", "without my glasses", "by the door"}
	for i := range planted {
		events = append(events, &pipeline.Event{
			ID: fmt.Sprintf("planted-%d", i), Source: "review", OccurredAt: end.Add(-time.Duration(1+3*i) * time.Hour),
			Text: fmt.Sprintf("%s the QR code menu %s, and it took ages.", before[i%4], after[i/4%4]),
		})
	}
	return events
}

func plantedFile(t *testing.T) string {
	t.Helper()
	var lines strings.Builder
	enc := json.NewEncoder(&lines)
	for _, e := range plantedStream(t, 40) {
		if err := enc.Encode(e); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "chain.jsonl")
	if err := os.WriteFile(path, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A new phrase in one text of a hundred is named first within the days in which it
// came up; without a recent part it is one of many.
func TestTopicsSuggestNamesTheNewFirst(t *testing.T) {
	code, stdout, stderr := call(t, "topics", "suggest", plantedFile(t), "--recent", "7d", "--json", "--pack", "restaurant")
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	var rows []themeRow
	if err := json.Unmarshal([]byte(stdout), &rows); err != nil {
		t.Fatal(err)
	}
	first := rows[0]
	if first.Name != "qr code menu" || !first.New || first.Count != 40 || first.Before != 0 || first.Lift < 10 || first.Q > 0.001 {
		t.Errorf("first is %s: %+v", first.Name, first)
	}
	for _, row := range rows[1:] {
		if row.New {
			t.Errorf("%s is called new, too: %+v", row.Name, row.Growth)
		}
	}
	if !strings.Contains(stderr, "are recent, from 2026-06-26") || !strings.Contains(stderr, "English texts") {
		t.Error(stderr)
	}
}

// The pack that --yaml writes stands beside the others, passes lint and its own
// examples, and covers the theme from then on.
func TestTopicsSuggestWritesAPack(t *testing.T) {
	file, packs := plantedFile(t), t.TempDir()
	code, draft, stderr := call(t, "topics", "suggest", file, "--recent", "7d", "--yaml", "--pack", "restaurant", "--limit", "10")
	if code != exitDone || !strings.Contains(draft, "  themes.qr_code_menu:") {
		t.Fatalf("exit code %d: %s%s", code, draft, stderr)
	}
	if err := os.WriteFile(filepath.Join(packs, "themes.yaml"), []byte(draft), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"topics", "lint"}, {"topics", "test"}} {
		if code, stdout, stderr := call(t, append(args, "--packs", packs, "--pack", "themes")...); code != exitDone {
			t.Errorf("%v: exit code %d: %s%s", args, code, stdout, stderr)
		}
	}
	code, stdout, _ := call(t, "topics", "suggest", file, "--packs", packs, "--pack", "themes", "--format", "csv", "--limit", "0")
	if code != exitDone || strings.Contains(stdout, "qr code menu") || !strings.HasPrefix(stdout, "theme,count,negative") {
		t.Errorf("the theme is not covered by its pack:\n%s", stdout)
	}
	code, _, stderr = call(t, "topics", "suggest", file, "--yaml", "--packs", packs, "--pack", "themes")
	if code != exitUsage || !strings.Contains(stderr, "--name") {
		t.Errorf("a second pack of the same name: exit code %d, %s", code, stderr)
	}
}

func TestTopicsSuggestReadsColumns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	text := "review_body,when,lang\n" + strings.Repeat("\"The parking garage was closed, sadly\",2026-05-01,en\n", 6) + "Der Parkplatz war leider geschlossen und niemand half uns,2026-05-02,de\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := call(t, "topics", "suggest", path, "--map", "text=review_body,occurred_at=when", "--map", "language=lang", "--pack", "none")
	if code != exitDone || !strings.Contains(stdout, "parking garage") || !strings.Contains(stderr, "6 English texts") || !strings.Contains(stderr, "left out: 1") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	code, stdout, _ = call(t, "topics", "suggest", path)
	if code != exitDone || !strings.HasPrefix(stdout, "No theme stands out") {
		t.Errorf("without a text column: exit code %d, %q", code, stdout)
	}
}

func TestCellTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"2026-05-01": "2026-04-30T22:00:00Z", "2026-05-01T12:00:00Z": "2026-05-01T12:00:00Z", "2026-05-01 12:00:00": "2026-05-01T10:00:00Z",
		"1777629600": "2026-05-01T10:00:00Z", "1777629600000": "2026-05-01T10:00:00Z", "soon": "", "": "", "-5": "",
	} {
		at, ok := cellTime(text, berlin)
		if got := at.UTC().Format(time.RFC3339); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %s, %t", text, got, ok)
		}
	}
}

func TestRecentFrom(t *testing.T) {
	until := answersNow()
	since := until.AddDate(0, 0, -28)
	for _, c := range []struct {
		flag  string
		since time.Time
		want  time.Time
		ok    bool
	}{
		{"", since, until.AddDate(0, 0, -7), true},
		{"", time.Time{}, time.Time{}, true},
		{"3d", since, until.AddDate(0, 0, -3), true},
		{"28d", since, time.Time{}, false},
		{"0d", since, time.Time{}, false},
	} {
		got, err := recentFrom(c.flag, c.since, until)
		if (err == nil) != c.ok || c.ok && !got.Equal(c.want) {
			t.Errorf("%+v: %s, %v", c, got, err)
		}
	}
}

func TestTopicsSuggestAsksTheStore(t *testing.T) {
	a := newAnswers(t)
	var feedback []heard
	for _, e := range plantedStream(t, 40) {
		analysis := pipeline.Analysis{Sentiment: pipeline.Sentiment{Label: pipeline.Neutral}, Language: "en"}
		feedback = append(feedback, heard{daysAgo: answersNow().Sub(e.OccurredAt).Hours() / 24, event: *e, analysis: analysis})
	}
	a.store(feedback...)
	out := a.done("topics", "suggest", "--since", "28d", "--recent", "7d", "--pack", "restaurant", "--format", "csv")
	if lines := strings.Split(out, "\n"); len(lines) < 3 || !strings.HasPrefix(lines[1], "qr code menu,40,") || !strings.Contains(lines[1], "new") {
		t.Errorf("%s", out)
	}
	if out = a.done("topics", "suggest", "--since", "28d", "--location", "nowhere"); !strings.HasPrefix(out, "No theme stands out") {
		t.Errorf("%s", out)
	}
	_, _, stderr := a.run("topics", "suggest", "--since", "28d", "--max-texts", "1000")
	if !strings.Contains(stderr, "one in ") {
		t.Errorf("a sample is not told of: %s", stderr)
	}
}

// The watcher tells of a new theme once, whatever its wording is called next time.
func TestNewThemeRaisesAnAlert(t *testing.T) {
	a := newAnswers(t)
	var feedback []heard
	for _, e := range plantedStream(t, 40) {
		analysis := pipeline.Analysis{Sentiment: pipeline.Sentiment{Label: pipeline.Negative}, Language: "en"}
		feedback = append(feedback, heard{daysAgo: answersNow().Sub(e.OccurredAt).Hours() / 24, event: *e, analysis: analysis})
	}
	a.store(feedback...)
	ctx, stop := context.WithCancel(t.Context())
	cfg := config.Default()
	cfg.ClickHouse.URL, cfg.Analysis.Pack, cfg.Alerts.Interval = a.url, "restaurant", time.Second
	done := make(chan error, 1)
	p := &program{now: answersNow}
	go func() { done <- p.watchAlerts(ctx, cfg, slog.New(slog.DiscardHandler)) }()
	deadline := time.Now().Add(2 * time.Minute)
	var out string
	for !strings.Contains(out, "qr code menu") && time.Now().Before(deadline) {
		time.Sleep(200 * time.Millisecond)
		out = a.done("alerts", "list", "--kind", "theme", "--format", "csv")
	}
	stop()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if !strings.Contains(out, `qr code menu`) || !strings.Contains(out, "in 40 comments") || strings.Count(out, "\n") != 2 {
		t.Errorf("%s", out)
	}
}

func TestKnownThemeKeepsItsName(t *testing.T) {
	found := make(chan []newTheme, 1)
	w := &alertWatcher{newThemes: found, known: map[string]insight.Alert{}}
	if got := w.themes(); got != nil {
		t.Errorf("before any look: %+v", got)
	}
	theme := newTheme{Theme: insight.Theme{Name: "qr code menu", Count: 40}, wordings: []string{"qr code menu", "qr code"}, growth: insight.Growth{P: 1e-9, Q: 1e-7}}
	found <- []newTheme{theme}
	first := w.themes()
	if len(first) != 1 || first[0].Cell.Topic != "qr code menu" || first[0].Q != 1e-7 {
		t.Fatalf("%+v", first)
	}
	w.known["theme|qr code||"] = insight.Alert{}
	if again := w.themes(); len(again) != 1 || again[0].Cell.Topic != "qr code" { // not stored yet
		t.Errorf("%+v", again)
	}
}
