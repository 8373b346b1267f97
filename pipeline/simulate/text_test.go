package simulate

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTextsAreMany(t *testing.T) {
	chain := newChain(t, Options{Seed: 4})
	distinct, worded := map[string]bool{}, 0
	for e := range chain.Events {
		texts := []string{e.Text}
		for _, turn := range e.Turns {
			texts = append(texts, turn.Text)
		}
		for _, text := range texts {
			if strings.ContainsAny(text, "{}") || !utf8.ValidString(text) {
				t.Fatalf("%s: %q", e.ID, text)
			}
		}
		if e.Text != "" {
			worded++
			distinct[e.Text] = true
		}
	}
	if len(distinct) < 30_000 || float64(len(distinct)) < 0.6*float64(worded) {
		t.Errorf("%d distinct texts of %d", len(distinct), worded)
	}
}

// Unhappy guests give low scores: the survey answers must tell complaints and praise apart.
func TestScoresFollowExperience(t *testing.T) {
	chain := newChain(t, Options{Seed: 6, Events: 20_000})
	var sum, n [2]float64 // NPS of complaints and of praise
	chain.live(func(m *message) bool {
		s := m.event.Survey
		if s == nil || s.NPS == nil || len(m.visit.mentions) == 0 {
			return true
		}
		side := 1
		if m.visit.complaints() == len(m.visit.mentions) {
			side = 0
		}
		sum[side] += float64(*s.NPS)
		n[side]++
		return true
	})
	if bad, good := sum[0]/n[0], sum[1]/n[1]; math.IsNaN(bad) || bad > 4.5 || good < 8 {
		t.Errorf("mean NPS answer %.1f after complaints, %.1f after praise", bad, good)
	}
}

func TestThreadsAreConsistent(t *testing.T) {
	chain := newChain(t, Options{Seed: 8, Events: 20_000})
	threads := map[string]bool{}
	answered := 0
	for e := range chain.Events {
		c := e.Contact
		if c == nil {
			continue
		}
		threads[c.ThreadID] = true
		if c.OpenedAt == nil || c.OpenedAt.After(e.OccurredAt) {
			t.Fatalf("%s: opened %v, event of %v", e.ID, c.OpenedAt, e.OccurredAt)
		}
		if c.FirstResponseAt != nil {
			answered++
			if c.FirstResponseAt.Before(*c.OpenedAt) {
				t.Fatalf("%s: answered before it was opened", e.ID)
			}
		}
		if c.ResolvedAt != nil && (c.FirstResponseAt == nil || c.ResolvedAt.Before(*c.FirstResponseAt) || c.Resolved == nil || !*c.Resolved) {
			t.Fatalf("%s: resolved without an answer: %+v", e.ID, c)
		}
	}
	if truth := chain.Truth(); len(threads) != truth.Threads || answered < truth.Answered || truth.Answered < truth.Resolved || truth.Resolved == 0 {
		t.Errorf("%d threads, %d answered events; truth %d, %d, %d", len(threads), answered, truth.Threads, truth.Answered, truth.Resolved)
	}
}

func TestGrammarRefuses(t *testing.T) {
	for _, line := range []string{"an {open brace", "an {unknown rule}"} {
		g := &grammar{names: map[string]int{}}
		if _, err := g.compile(line); err == nil {
			t.Errorf("%q compiled", line)
		}
	}
	g := &grammar{names: map[string]int{}}
	if err := g.collect("[a]\nx\n[a]\n", map[int][]string{}); err == nil {
		t.Error("rule defined twice accepted")
	}
}
