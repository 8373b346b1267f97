package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"earshot/pipeline"
	"earshot/pipeline/followup"
)

// storeCases stores three people who wait and one who does not.
func storeCases(a *answers) {
	angry := tone(pipeline.Negative, "service.speed")
	angry.Intents = []string{followup.ChurnRisk}
	a.store(
		heard{2, pipeline.Event{
			Text: "=HYPERLINK(\"http://evil.example\")\x1b[2J, never again", Location: "store-001", Survey: &pipeline.Survey{NPS: ptr(0)},
			Customer: &pipeline.Customer{ID: "c1", Name: "Ann", Email: "old@x.example", Value: ptr(900.)},
		}, angry},
		heard{1, pipeline.Event{Text: "nice today", Customer: &pipeline.Customer{ID: "c1", Email: "new@x.example", Phone: "+49 30 1"}}, tone(pipeline.Positive)},
		heard{0.2, pipeline.Event{Text: "meh", Location: "store-002", Customer: &pipeline.Customer{ID: "c2", Name: "Ben"}}, tone(pipeline.Negative)},
		heard{1, pipeline.Event{Text: "who knows me", Location: "store-001"}, tone(pipeline.Negative)},
		heard{1, pipeline.Event{
			Text: "solved", Customer: &pipeline.Customer{ID: "c3"},
			Contact: &pipeline.Contact{ThreadID: "t", Resolved: ptr(true)},
		}, tone(pipeline.Negative)},
		heard{40, pipeline.Event{Text: "long ago", Customer: &pipeline.Customer{ID: "c4"}}, tone(pipeline.Negative)},
	)
}

func TestFollowUpsList(t *testing.T) {
	a := newAnswers(t)
	storeCases(a)
	got := a.done("followups", "list")
	want := `PRIO  DUE              CUSTOMER         CONTACT                       LOCATION
84.5  overdue 1 d      Ann              new@x.example                 store-001
      may leave; NPS 0 (detractor); negative: about service.speed
      “=HYPERLINK("http://evil.example") [2J, never again”
25.0  in 19 h          Ben              c2                            store-002
      negative in tone
      “meh”

Anonymous complaints not shown: 1. Nobody can answer them directly; --all shows them.
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := a.done("followups", "list", "--all", "--limit", "1"); !strings.Contains(got, "1 of 3 cases") {
		t.Errorf("limited: %s", got)
	}
	if got := a.done("followups", "list", "--location", "store-002"); strings.Contains(got, "Ann") || !strings.Contains(got, "Ben") {
		t.Errorf("by location: %s", got)
	}
	if got := a.done("followups", "list", "--since", "60d"); !strings.Contains(got, "long ago") {
		t.Errorf("longer: %s", got)
	}
	if got := a.done("followups", "list", "--since", "1h"); got != "Nobody is waiting for an answer.\n" {
		t.Errorf("nobody: %s", got)
	}
	var cases []followup.Case
	if err := json.Unmarshal([]byte(a.done("followups", "list", "--json", "--all")), &cases); err != nil || len(cases) != 3 {
		t.Errorf("%d cases, %v", len(cases), err)
	}
}

func TestFollowUpsExport(t *testing.T) {
	a := newAnswers(t)
	storeCases(a)
	rows, err := csv.NewReader(strings.NewReader(a.done("followups", "export"))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatal(len(rows), err)
	}
	first := map[string]string{}
	for i, name := range rows[0] {
		first[name] = rows[1][i]
	}
	for name, want := range map[string]string{
		"customer_id": "c1", "name": "Ann", "email": "new@x.example", "phone": "'+49 30 1", "nps": "0", "csat": "", "value": "900",
		"text": "'=HYPERLINK(\"http://evil.example\")\x1b[2J, never again", "due_at": "2026-07-02T12:00:00Z", "topics": "service.speed",
		"intents": "churn_risk", "priority": "84.5", "complaints": "1", "sentiment": "negative", "answered_at": "",
	} {
		if first[name] != want {
			t.Errorf("%s is %q, want %q", name, first[name], want)
		}
	}

	path := filepath.Join(t.TempDir(), "cases.jsonl")
	code, stdout, stderr := a.run("followups", "export", "--format", "jsonl", "--all", "--out", path)
	if code != exitDone || stdout != "" || !strings.Contains(stderr, "cases written to "+path+": 3\n") {
		t.Errorf("%d %q %q", code, stdout, stderr)
	}
	data, err := os.ReadFile(path)
	if err != nil || strings.Count(string(data), "\n") != 3 || !strings.Contains(string(data), `"phone":"+49 30 1"`) {
		t.Errorf("%s, %v", data, err)
	}
	if got := a.done("followups", "export", "--bom", "--limit", "1", "--out", "-"); !strings.HasPrefix(got, "\ufeffpriority,") || strings.Count(got, "\r\n") != 2 {
		t.Errorf("%q", got)
	}
	if code, _, stderr := a.run("followups", "export", "--out", filepath.Join(t.TempDir(), "no", "x.csv")); code != exitFailed || strings.Count(stderr, "\n") != 1 {
		t.Errorf("%d %q", code, stderr)
	}
}
