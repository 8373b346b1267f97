package followup

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func now() time.Time { return time.Date(2026, 7, 3, 12, 0, 0, 0, time.UTC) }

func policy() Policy {
	return Policy{SLA: 24 * time.Hour, Window: 30 * 24 * time.Hour, Praise: []string{"friendly staff"}}
}

func ptr[T any](v T) *T { return &v }

func hoursAgo(n int) time.Time { return now().Add(-time.Duration(n) * time.Hour) }

func TestReasonsAreInPlainWords(t *testing.T) {
	for _, c := range []struct {
		name string
		c    Candidate
		want []string
	}{
		{"detractor", Candidate{NPS: ptr(uint8(2))}, []string{"NPS 2 (detractor)"}},
		{"passive", Candidate{NPS: ptr(uint8(7))}, []string{}},
		{"CSAT", Candidate{CSAT: ptr(uint8(1))}, []string{"CSAT 1 of 5"}},
		{"stars", Candidate{Rating: ptr(float32(1.5))}, []string{"1.5 of 5 stars"}},
		{"whole stars", Candidate{Rating: ptr(float32(2))}, []string{"2 of 5 stars"}},
		{"good stars", Candidate{Rating: ptr(float32(4))}, []string{}},
		{"effort", Candidate{CES: ptr(uint8(1))}, []string{"hard effort (CES 1 of 7)"}},
		{"easy", Candidate{CES: ptr(uint8(6))}, []string{}},
		{"tag", Candidate{Sentiment: "negative", Tags: []string{"slow service at peak hours"}}, []string{"negative: slow service at peak hours"}},
		{"tag of praise", Candidate{Sentiment: "negative", Tags: []string{"friendly staff", "cold food"}}, []string{"negative: cold food"}},
		{"praise alone", Candidate{Sentiment: "negative", Tags: []string{"friendly staff"}, Topics: []string{"food.taste"}}, []string{"negative about food.taste"}},
		{"topic", Candidate{Sentiment: "negative", Topics: []string{"food.taste"}}, []string{"negative about food.taste"}},
		{"tone", Candidate{Sentiment: "negative"}, []string{"negative in tone"}},
		{"risks by weight", Candidate{Intents: []string{RefundRequest, "question", LegalOrSafety}}, []string{"legal or safety matter", "wants a refund"}},
		{"leaving and boss", Candidate{Intents: []string{EscalationRequest, ChurnRisk}}, []string{"may leave", "asks for someone in charge"}},
		{"repeated", Candidate{Complaints: 3}, []string{"3 open complaints"}},
		{"segment", Candidate{Segment: "VIP guest"}, []string{"segment VIP guest"}},
		{"plain segment", Candidate{Segment: "new"}, []string{}},
		{"answered", Candidate{NPS: ptr(uint8(2)), AnsweredAt: ptr(hoursAgo(1))}, []string{"NPS 2 (detractor)", "answered, but not solved"}},
		{"late", Candidate{OccurredAt: hoursAgo(100)}, []string{"overdue by 3 days"}},
		{"late by hours", Candidate{OccurredAt: hoursAgo(26)}, []string{"overdue by 2 h"}},
		{"soon", Candidate{OccurredAt: hoursAgo(23)}, []string{"due in 1 h"}},
		{"waiting since before it was repeated", Candidate{OccurredAt: hoursAgo(1), OpenedAt: ptr(hoursAgo(27))}, []string{"overdue by 3 h"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.c.OccurredAt.IsZero() {
				c.c.OccurredAt = hoursAgo(1)
			}
			cases := Rank([]Candidate{c.c}, policy(), now())
			if len(cases) != 1 || !slices.Equal(cases[0].Reasons, c.want) {
				t.Errorf("got %q, want %q", cases[0].Reasons, c.want)
			}
		})
	}
}

func TestDue(t *testing.T) {
	for _, c := range []struct {
		occurred time.Time
		opened   *time.Time
		want     time.Time
	}{
		{hoursAgo(5), nil, hoursAgo(-19)},
		{hoursAgo(5), ptr(hoursAgo(8)), hoursAgo(-16)},
		{hoursAgo(5), ptr(hoursAgo(2)), hoursAgo(-19)}, // opened after it was said: a clock error
	} {
		if got := Rank([]Candidate{{OccurredAt: c.occurred, OpenedAt: c.opened}}, policy(), now())[0].DueAt; !got.Equal(c.want) {
			t.Errorf("due %s, want %s", got, c.want)
		}
	}
}

func TestOrder(t *testing.T) {
	base := Candidate{CustomerID: "c", OccurredAt: hoursAgo(2), Sentiment: "negative", Score: -.5}
	with := func(change func(*Candidate)) Candidate {
		c := base
		change(&c)
		return c
	}
	// Each one is more urgent than the next.
	ranked := []Candidate{
		with(func(c *Candidate) { c.EventID, c.Intents, c.NPS = "legal", []string{LegalOrSafety}, ptr(uint8(0)) }),
		with(func(c *Candidate) { c.EventID, c.Complaints, c.NPS = "repeated", 4, ptr(uint8(1)) }),
		with(func(c *Candidate) { c.EventID, c.NPS, c.Value = "valuable", ptr(uint8(1)), ptr(900.) }),
		with(func(c *Candidate) { c.EventID, c.NPS, c.Value = "detractor", ptr(uint8(1)), ptr(9.) }),
		with(func(c *Candidate) { c.EventID, c.OccurredAt = "overdue", hoursAgo(40) }),
		with(func(c *Candidate) { c.EventID = "mild" }),
		with(func(c *Candidate) { c.EventID, c.AnsweredAt = "answered", ptr(hoursAgo(1)) }),
		with(func(c *Candidate) { c.EventID, c.CustomerID, c.Intents = "anonymous", "", []string{LegalOrSafety} }),
	}
	shuffled := slices.Clone(ranked)
	slices.Reverse(shuffled)
	cases := Rank(shuffled, policy(), now())
	for i := range cases {
		if cases[i].EventID != ranked[i].EventID {
			t.Errorf("place %d: %s (%.1f), want %s", i, cases[i].EventID, cases[i].Priority, ranked[i].EventID)
		}
	}
}

func TestWindow(t *testing.T) {
	old := Candidate{OccurredAt: now().Add(-31 * 24 * time.Hour)}
	if got := Rank([]Candidate{old}, policy(), now()); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	if got := Rank([]Candidate{old}, Policy{SLA: time.Hour}, now()); len(got) != 1 {
		t.Error("a policy without a window left it out")
	}
}

func drawCandidate(t *rapid.T) Candidate {
	small := func(low, high int, name string) *uint8 {
		if !rapid.Bool().Draw(t, "has "+name) {
			return nil
		}
		return ptr(uint8(rapid.IntRange(low, high).Draw(t, name)))
	}
	c := Candidate{
		EventID:    rapid.StringMatching(`[a-z]{4}`).Draw(t, "id"),
		CustomerID: rapid.SampledFrom([]string{"", "c"}).Draw(t, "customer"),
		OccurredAt: now().Add(time.Duration(rapid.IntRange(-900, 20).Draw(t, "hours")) * time.Hour),
		NPS:        small(0, 10, "nps"), CSAT: small(1, 5, "csat"), CES: small(1, 7, "ces"),
		Sentiment:  rapid.SampledFrom([]string{"positive", "neutral", "negative", "unknown"}).Draw(t, "sentiment"),
		Score:      rapid.Float32Range(-1, 1).Draw(t, "score"),
		Complaints: rapid.Uint64Range(0, 90).Draw(t, "complaints"),
		Intents:    rapid.SliceOf(rapid.SampledFrom(append(RiskyIntents(), "question"))).Draw(t, "intents"),
	}
	if rapid.Bool().Draw(t, "has value") {
		c.Value = ptr(rapid.Float64Range(-10, 1e6).Draw(t, "value"))
	}
	if rapid.Bool().Draw(t, "answered") {
		c.AnsweredAt = ptr(now())
	}
	return c
}

func TestRankProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cands := rapid.SliceOfN(rapid.Custom(drawCandidate), 0, 12).Draw(t, "candidates")
		cases := Rank(cands, policy(), now())
		for i, c := range cases {
			if !(c.Priority >= 0 && c.Priority <= 100) || c.Reasons == nil || slices.Contains(c.Reasons, "") {
				t.Fatalf("%+v", c)
			}
			if i > 0 && c.Reachable() == cases[i-1].Reachable() && c.Priority > cases[i-1].Priority {
				t.Fatalf("%d ranks below %d", i-1, i)
			}
			if i > 0 && c.Reachable() && !cases[i-1].Reachable() {
				t.Fatal("somebody who can be reached comes after somebody who cannot")
			}
		}
		// The order does not hang on that of the candidates.
		again := Rank(rapid.Permutation(cands).Draw(t, "permutation"), policy(), now())
		if diff := cmp.Diff(orderOf(cases), orderOf(again)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// orderOf writes out what decides the order: equal candidates may swap.
func orderOf(cases []Case) []string {
	var lines []string
	for _, c := range cases {
		lines = append(lines, fmt.Sprint(c.Reachable(), c.Priority, c.DueAt, c.EventID, strings.Join(c.Reasons, ";")))
	}
	return lines
}

// TestMoreReasonsNeverLower holds for each single thing that gets worse.
func TestMoreReasonsNeverLower(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCandidate(t)
		c.OccurredAt = hoursAgo(2)
		worse := c
		rapid.SampledFrom([]func(){
			func() { worse.NPS = ptr(uint8(0)) },
			func() { worse.CSAT = ptr(uint8(1)) },
			func() { worse.CES = ptr(uint8(1)) },
			func() { worse.Rating = ptr(float32(1)) },
			func() { worse.Complaints += 2 },
			func() { worse.Intents = append(slices.Clone(c.Intents), LegalOrSafety) },
			func() { worse.OccurredAt = hoursAgo(60) },
			func() { worse.AnsweredAt = nil },
		}).Draw(t, "change")()
		before, after := Rank([]Candidate{c}, policy(), now())[0], Rank([]Candidate{worse}, policy(), now())[0]
		if after.Priority < before.Priority {
			t.Fatalf("%.1f fell to %.1f\n%v\n%v", before.Priority, after.Priority, before.Reasons, after.Reasons)
		}
	})
}
