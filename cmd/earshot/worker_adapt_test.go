package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/internal/telemetry"
	"earshot/pipeline"
	"earshot/pipeline/registry"
	"earshot/sentiment/model"
	"earshot/sinks/clickhouse"
)

// rate stores n rated events whose words say nothing to the shipped model.
func (a *answers) rate(n int, rating func(i int) (word string, stars float64)) {
	a.t.Helper()
	var events []heard
	for range n {
		i := int(a.next) + len(events)
		word, stars := rating(i)
		events = append(events, heard{daysAgo: 0.1,
			event: pipeline.Event{Source: []string{"review", "survey"}[i%2], Text: fmt.Sprintf("unit %d is %s", i, word), Rating: &stars,
				Customer: &pipeline.Customer{ID: fmt.Sprint("c", i)}},
			analysis: pipeline.Analysis{Language: "en", Sentiment: pipeline.Sentiment{Label: pipeline.Neutral}}})
	}
	a.store(events...)
}

// telling has words that go with the stars, noise has not.
func telling(i int) (string, float64) {
	return []string{"amber", "turquoise"}[i%2], []float64{1, 5}[i%2]
}

func noise(i int) (string, float64) {
	r := rand.New(rand.NewPCG(uint64(i), 7))
	return []string{"amber", "turquoise", "grey"}[r.IntN(3)], []float64{1, 3, 5}[r.IntN(3)]
}

func newAdapterRig(t *testing.T) (*answers, *modelAdapter) {
	a := newAnswers(t)
	store, err := clickhouse.OpenModelLog(clickhouse.At(a.url), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() }) // nothing is buffered
	adapter := newModelAdapter(store, config.Analysis{Adapt: time.Hour}, telemetry.New(), slog.New(slog.DiscardHandler))
	adapter.now = answersNow
	return a, adapter
}

func (a *answers) history() (lines []historyLine) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.done("model", "history", "--json")), &lines); err != nil {
		a.t.Fatal(err)
	}
	return lines
}

// What a round of adapting decides.
func TestRoundDecides(t *testing.T) {
	t.Parallel()
	chosen := func(a *answers) { a.done("model", "use", "base", "--by", "kim") }
	later := func(a *answers) { a.ingested = time.Now().Add(24 * time.Hour) }
	for _, c := range []struct {
		name string
		do   func(a *answers)
		want registry.Decision // of the newest line; "" for none by the adapter
	}{
		{"no ratings", func(*answers) {}, ""},
		{"too few", func(a *answers) { a.rate(29, telling) }, ""},
		{"words tell", func(a *answers) { a.rate(200, telling) }, registry.Adopted},
		{"words do not tell", func(a *answers) { a.rate(200, noise) }, registry.Refused},
		{"a person chose since", func(a *answers) { a.rate(200, telling); chosen(a) }, ""},
		{"a person chose, little came", func(a *answers) { chosen(a); later(a); a.rate(149, telling) }, ""},
		{"a person chose, enough came", func(a *answers) { chosen(a); later(a); a.rate(150, telling) }, registry.Adopted},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, adapter := newAdapterRig(t)
			c.do(a)
			for range 2 { // the second has nothing new
				if err := adapter.round(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			var own []historyLine
			for _, l := range a.history() {
				if l.By == adapterName {
					own = append(own, l)
				}
			}
			if c.want == "" {
				if len(own) != 0 {
					t.Errorf("recorded %+v", own)
				}
				return
			}
			if len(own) != 1 || own[0].Decision != c.want {
				t.Fatalf("recorded %+v, want one line: %s", own, c.want)
			}
			checkRound(t, a, own[0])
		})
	}
}

func checkRound(t *testing.T, a *answers, l historyLine) {
	t.Helper()
	better := l.Candidate.Value > l.Current.Value
	if l.Judged < 80 || l.Reason == "" || l.From == nil || l.To == nil || l.Candidate.Low > l.Candidate.Value || l.Candidate.High < l.Candidate.Value-1e-9 {
		t.Errorf("line %+v", l)
	}
	if l.Decision == registry.Refused {
		if l.InPlace || l.Version != "" {
			t.Errorf("a refused candidate: %+v", l)
		}
		return
	}
	if !better || !l.InPlace {
		t.Errorf("adopted: %+v", l)
	}
	var card model.Card
	if err := json.Unmarshal([]byte(a.done("model", "show", l.Version[:6], "--json")), &card); err != nil || card.Version != l.Version || card.Base != l.Parent {
		t.Errorf("card %+v, %v of %+v", card, err, l)
	}
}

// A model goes on from the one in place, by what that has not seen; a rollback leads
// back, and a choice during a round wins.
func TestRoundsAndPeople(t *testing.T) {
	t.Parallel()
	a, adapter := newAdapterRig(t)
	base, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	a.rate(200, telling)
	if err := adapter.round(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := a.history()[0].Version
	a.ingested = answersNow()
	a.rate(200, func(i int) (string, float64) { // now they mean the opposite
		word, stars := telling(i)
		return word, 6 - stars
	})
	if err := adapter.round(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines := a.history()
	if len(lines) != 2 || lines[1].Decision != registry.Adopted || lines[1].Parent != first || lines[1].Rows != 200 {
		t.Fatalf("the second round: %+v", lines)
	}
	for _, want := range []string{first, base.Version} {
		if said := a.done("model", "rollback", "--by", "kim"); !strings.Contains(said, "model "+want+" is in place") {
			t.Errorf("rollback: %q, want %s", said, want)
		}
	}
	if code, _, stderr := a.run("model", "rollback"); code != exitFailed || !strings.Contains(stderr, "none before it") {
		t.Errorf("back from the shipped one: %d, %s", code, stderr)
	}
	m, err := modelOf(t.Context(), &adapter.store.Reader, first)
	if err != nil {
		t.Fatal(err)
	}
	before := len(a.history())
	if err := adapter.adopt(t.Context(), registry.Entry{Version: first, Decision: registry.Adopted}, m, registry.Plan{Current: first}); err == nil {
		t.Error("a candidate went over a person's choice")
	}
	if n := len(a.history()); n != before {
		t.Errorf("%d lines after %d", n, before)
	}
}
