package main

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
)

func TestAlertsMistakes(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"alerts list --state shut", exitUsage, "choose open, acknowledged, resolved or active"},
		{"alerts list --kind storm", exitUsage, "choose crisis, spike, rising or theme"},
		{"alerts list --limit -1", exitUsage, "--limit"},
		{"alerts list --format xml", exitUsage, "choose table, json or csv"},
		{"alerts list --since soon", exitUsage, "--since"},
		{"alerts list extra", exitUsage, "see `earshot alerts list --help`"},
		{"alerts show", exitUsage, "see `earshot alerts show --help`"},
		{"alerts ack", exitUsage, "see `earshot alerts ack --help`"},
		{"alerts ack 3f9a --by " + strings.Repeat("k", 201), exitUsage, "--by names who takes it"},
		{"alerts test --format xml", exitUsage, "choose table, json or csv"},
		{"alerts test", exitUsage, "alerts.webhook_url"},
		{"alerts watch extra", exitUsage, "see `earshot alerts watch --help`"},
		{"alerts list", exitUnreachable, "earshot up"},
		{"alerts show 3f9a", exitUnreachable, "earshot up"},
		{"alerts ack 3f9a", exitUnreachable, "earshot up"},
		{"alerts watch", exitUnreachable, "earshot up"},
	} {
		t.Run(c.args[:min(len(c.args), 40)], func(t *testing.T) {
			code, stdout, stderr := call(t, strings.Fields(c.args)...)
			if code != c.code || stdout != "" {
				t.Errorf("exit code %d, want %d; stdout %q", code, c.code, stdout)
			}
			message := lastLine(stderr)
			if !strings.Contains(message, c.says) {
				t.Errorf("%q does not say %q", stderr, c.says)
			}
		})
	}
}

// lastLine leaves out what is logged before an error.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	return lines[len(lines)-1]
}

// A test is told to the webhook; what it answers decides the exit code.
func TestAlertsTest(t *testing.T) {
	for name, c := range map[string]struct {
		answer int
		code   int
		says   string
	}{
		"accepted": {http.StatusNoContent, exitDone, "accepted"},
		"refused":  {http.StatusForbidden, exitUnreachable, "answered 403"},
	} {
		t.Run(name, func(t *testing.T) {
			heard := make(chan string, 9)
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				heard <- r.Header.Get("X-Earshot-Event")
				w.WriteHeader(c.answer)
			}))
			defer web.Close()
			file := filepath.Join(t.TempDir(), "hook.yaml")
			if err := os.WriteFile(file, []byte("alerts:\n  webhook_url: "+web.URL+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			code, stdout, stderr := call(t, "alerts", "test", "--json", "--config", file)
			var results []told
			if err := json.Unmarshal([]byte(stdout), &results); err != nil || len(results) != 1 {
				t.Fatalf("%v in %q %s", err, stdout, stderr)
			}
			r := results[0]
			if code != c.code || r.Target != "webhook" || r.OK != (c.code == exitDone) || !strings.Contains(r.Detail, c.says) {
				t.Errorf("exit code %d, %+v; expected %d and %q", code, r, c.code, c.says)
			}
			if len(heard) != 1 || <-heard != insight.ChangeTest {
				t.Error("the webhook was not told once of a test")
			}
		})
	}
}

// storeAlerts stores a crisis and a spike as a watcher does.
func storeAlerts(t *testing.T, a *answers) (crisis, spike insight.Alert) {
	t.Helper()
	log, err := clickhouse.OpenAlertLog(clickhouse.At(a.url), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = log.Close() }() // nothing is buffered
	now := answersNow()
	changes := insight.Advance(map[string]insight.Alert{}, []insight.Signal{
		{Kind: insight.KindCrisis, Cell: insight.Cell{Location: "store-001"}, Since: now.Add(-time.Minute), Until: now, Observed: 30, Expected: 0.5, P: 1e-9},
		{Kind: insight.KindSpike, Cell: insight.Cell{Topic: "service.speed", Channel: "review"}, Since: now.Add(-day), Until: now, Observed: 41, Expected: 12, P: 1e-6},
	}, insight.AlertPolicy{Cooldown: time.Hour}, now)
	if err := log.Append(t.Context(), changes, now); err != nil {
		t.Fatal(err)
	}
	return changes[0].Alert, changes[1].Alert
}

func TestAlertsAreListedShownAndTaken(t *testing.T) {
	a := newAnswers(t)
	if got := a.done("alerts", "list"); got != "No alerts.\n" {
		t.Errorf("none: %q", got)
	}
	crisis, spike := storeAlerts(t, a)
	listed := func(args ...string) (alerts []insight.Alert) {
		t.Helper()
		if err := json.Unmarshal([]byte(a.done(append([]string{"alerts", "list", "--json"}, args...)...)), &alerts); err != nil {
			t.Fatal(err)
		}
		return alerts
	}
	if all := listed(); len(all) != 2 {
		t.Errorf("all: %+v", all)
	}
	if one := listed("--kind", "crisis"); len(one) != 1 || one[0].ID != crisis.ID || one[0].Count != 30 {
		t.Errorf("crises: %+v", one)
	}
	if got := a.done("alerts", "list"); !strings.Contains(got, crisis.ID) || !strings.Contains(strings.Join(strings.Fields(got), " "), crisis.Sentence) || strings.Contains(got, "…") {
		t.Errorf("the table cuts what it says:\n%s", got)
	}
	if rows, err := csv.NewReader(strings.NewReader(a.done("alerts", "list", "--format", "csv"))).ReadAll(); err != nil || len(rows) != 3 || rows[0][0] != "id" {
		t.Errorf("CSV: %v %v", rows, err)
	}
	got := a.done("alerts", "ack", crisis.ID, "--by", "kim", "--note", "calling them")
	if !strings.HasPrefix(got, crisis.ID+" acknowledged by kim: ") {
		t.Errorf("taken: %s", got)
	}
	if got = a.done("alerts", "ack", crisis.ID, "--by", "kim"); !strings.HasPrefix(got, crisis.ID+" is acknowledged by kim already: ") {
		t.Errorf("taken twice: %s", got)
	}
	if left := listed("--state", "open"); len(left) != 1 || left[0].ID != spike.ID {
		t.Errorf("still open: %+v", left)
	}
	for _, part := range []string{crisis.ID + ", crisis, acknowledged", "location  store-001", "events    30 from", "taken by  kim at", "calling them", "raised", "acknowledged"} {
		if got := a.done("alerts", "show", crisis.ID[:9]); !strings.Contains(got, part) {
			t.Errorf("shown without %q:\n%s", part, got)
		}
	}
	var story alertStory
	if err := json.Unmarshal([]byte(a.done("alerts", "show", crisis.ID, "--json")), &story); err != nil || story.AckBy != "kim" || len(story.Changes) != 2 {
		t.Errorf("as JSON: %+v %v", story, err)
	}
	log, err := clickhouse.OpenAlertLog(clickhouse.At(a.url), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = log.Close() }() // nothing is buffered
	a.showsWhoWaits(log, crisis, spike)
	over := spike
	over.State = insight.AlertResolved
	over.Version++
	if err := log.Append(t.Context(), []insight.Change{{What: insight.ChangeResolved, Alert: over}}, answersNow()); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := a.run("alerts", "ack", spike.ID, "--by", "kim"); code != exitFailed || !strings.Contains(stderr, "is over") {
		t.Errorf("taken when over: exit code %d, %s", code, stderr)
	}
	for _, command := range []string{"show", "ack"} {
		if code, _, stderr := a.run("alerts", command, "nothing"); code != exitFailed || !strings.Contains(stderr, "earshot alerts list") {
			t.Errorf("%s of none: exit code %d, %s", command, code, stderr)
		}
	}
}

// showsWhoWaits looks at quiet hours: what they hold back is shown, with its end.
func (a *answers) showsWhoWaits(log *clickhouse.AlertLog, crisis, spike insight.Alert) {
	a.t.Helper()
	config := func(more string) string {
		file := filepath.Join(a.t.TempDir(), "quiet.yaml")
		if err := os.WriteFile(file, []byte("alerts:\n  webhook_url: http://127.0.0.1:9/\n  timezone: Europe/Berlin\n  quiet_hours: "+more), 0o600); err != nil {
			a.t.Fatal(err)
		}
		return file
	}
	const line = "waiting   webhook until 2026-07-03T13:00:00Z (alerts.quiet_hours): "
	quiet := config("13:00-15:00\n") // it is 14:00 in Berlin
	for _, c := range []struct {
		id, config string
		waits      bool
	}{
		{spike.ID, quiet, true}, {crisis.ID, quiet, true}, {spike.ID, config("15:00-16:00\n"), false},
		{crisis.ID, config("13:00-15:00\n  crisis_anytime: true\n"), false}, {spike.ID, config("13:00-15:00\n  crisis_anytime: true\n"), true},
	} {
		if got := a.done("alerts", "show", c.id, "--config", c.config); strings.Contains(got, line) != c.waits {
			a.t.Errorf("waits %v:\n%s", c.waits, got)
		}
	}
	var story alertStory
	if err := json.Unmarshal([]byte(a.done("alerts", "show", spike.ID, "--json", "--config", quiet)), &story); err != nil || story.Waiting == nil ||
		len(story.Changes) != 1 || story.Waiting.Targets[0] != "webhook" {
		a.t.Fatalf("as JSON: %+v %v", story, err)
	}
	told := clickhouse.AlertDelivery{ChangeKey: story.Changes[0].Key, Target: "webhook", Outcome: "sent", Attempts: 1, At: answersNow()}
	if err := log.Delivered(a.t.Context(), told); err != nil {
		a.t.Fatal(err)
	}
	if got := a.done("alerts", "show", spike.ID, "--config", quiet); strings.Contains(got, "waiting") {
		a.t.Errorf("told already:\n%s", got)
	}
}
