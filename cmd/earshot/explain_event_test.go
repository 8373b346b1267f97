package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/registry"
	"earshot/sentiment/model"
	"earshot/sinks/clickhouse"
)

// A stored event is explained by the version that scored it, which is neither the
// shipped one nor the configured one, and comes out as it is stored.
func TestExplainEvent(t *testing.T) {
	t.Parallel()
	a, adapter := newAdapterRig(t)
	version, artefact := smallModel(t, "teal")
	if err := adapter.store.Append(t.Context(), registry.Entry{Decision: registry.PutInPlace, Version: version, By: "kim"}, artefact); err != nil {
		t.Fatal(err)
	}
	m, err := model.Read(artefact)
	if err != nil {
		t.Fatal(err)
	}
	analyzer, err := pipeline.NewTextAnalyzer(pipeline.AnalyzerOptions{Pack: "restaurant", Model: m})
	if err != nil {
		t.Fatal(err)
	}
	lunch := time.Date(2026, 7, 3, 12, 30, 0, 0, time.FixedZone("", 2*3600)) // 10:30 in UTC
	for _, e := range []pipeline.Event{
		{ID: "said", Text: "Teal, and we waited an hour for cold fries.", Title: "Slow", Source: "review", OccurredAt: lunch},
		{ID: "named", Text: "ok", Language: "en", Source: "survey", OccurredAt: lunch.UTC()},
		{ID: "talk", Source: "chat", OccurredAt: lunch, Turns: []pipeline.Turn{{Role: "agent", Text: "How may I help?"}, {Role: "customer", Text: "I want a refund!"}}},
	} {
		a.write(pipeline.Record{Outcome: pipeline.OutcomeEvent, Event: &e, Analysis: analyzer.Analyze(&e)})
		var x explanation
		if err := json.Unmarshal([]byte(a.done("explain", "--event", e.ID, "--json")), &x); err != nil {
			t.Fatal(err)
		}
		if x.Stored == nil || !x.Stored.Same || !strings.HasPrefix(x.Model, "learned@"+version+" ") {
			t.Errorf("%s: stored %+v, explained by %s", e.ID, x.Stored, x.Model)
		}
		if said := a.done("explain", "--event", e.ID); !strings.Contains(said, "the same, bit for bit") {
			t.Errorf("%s:\n%s", e.ID, said)
		}
	}
	if said := a.done("explain", "--event", "said", "--model", "base"); !strings.Contains(said, "score, confidence, model differ") {
		t.Errorf("by another model:\n%s", said)
	}
	a.exec("ALTER TABLE models UPDATE artefact = '' WHERE true SETTINGS mutations_sync = 1")
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"explain --event said", exitFailed, "event said was scored by " + version},
		{"explain --event nobody", exitUsage, clickhouse.ErrNoEvent.Error()},
		{"explain --event said --pack general --model " + "base", exitDone, ""},
		{"explain --event said some text", exitUsage, "leave the text"},
		{"explain --event said --rating 3", exitUsage, "leave the text"},
	} {
		if code, _, stderr := a.run(strings.Fields(c.args)...); code != c.code || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: exit code %d, %q", c.args, code, stderr)
		}
	}
	if err := (&storedExplanation{EventID: "x", Differs: []string{"topics"}}).differs(); err == nil || err.(*exitError).code != exitCheckFailed {
		t.Errorf("an explanation of something else: %v", err)
	}
}
