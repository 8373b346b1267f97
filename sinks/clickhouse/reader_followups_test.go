package clickhouse

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/followup"
)

// said is one event of a scenario, hours after its beginning.
type said struct {
	hour     int
	customer string
	words    string
	label    pipeline.Label
	contact  *pipeline.Contact
	nps      *int
	intents  []string
	email    string
	name     string
}

func hourOf(n int) *time.Time { t := fixtureStart().Add(time.Duration(n) * time.Hour); return &t }

func thread(opened int) *pipeline.Contact {
	return &pipeline.Contact{ThreadID: "t", Direction: "inbound", OpenedAt: hourOf(opened)}
}

func answered(opened, at int) *pipeline.Contact {
	c := thread(opened)
	c.FirstResponseAt = hourOf(at)
	return c
}

func resolved(opened, at int, done bool) *pipeline.Contact {
	c := answered(opened, at)
	c.Resolved = &done
	if done {
		c.ResolvedAt = hourOf(at)
	}
	return c
}

func recordsOf(events []said) []pipeline.Record {
	records := make([]pipeline.Record, len(events))
	for i, s := range events {
		e := &pipeline.Event{ID: fmt.Sprintf("e%d", i), Source: "email", OccurredAt: *hourOf(s.hour), Text: s.words, Contact: s.contact}
		if s.customer != "" || s.email != "" {
			e.Customer = &pipeline.Customer{ID: s.customer, Email: s.email, Name: s.name}
		}
		if s.nps != nil {
			e.Survey = &pipeline.Survey{NPS: s.nps}
		}
		r := pipeline.Record{Outcome: pipeline.OutcomeEvent, Event: e}
		r.Topic, r.Offset, r.Span, r.Time = "feedback.events", int64(i), 1, e.OccurredAt
		r.Analysis = pipeline.Analysis{Sentiment: pipeline.Sentiment{Label: s.label, Score: -.5}, Intents: s.intents}
		records[i] = r
	}
	return records
}

// TestWhoNeedsAnAnswer walks through the rules of docs/sql.md. A case is written
// as who: the newest open words (open complaints).
func TestWhoNeedsAnAnswer(t *testing.T) {
	url, conn := freshDatabase(t)
	reader := openReadOnly(t, url)
	six, seven := 6, 7
	for _, scenario := range []struct {
		name   string
		events []said
		want   []string
	}{
		{"nothing", nil, nil},
		{"praise needs none", []said{{customer: "c", words: "great", label: pipeline.Positive}}, nil},
		{"a complaint", []said{{customer: "c", words: "bad", label: pipeline.Negative}}, []string{"c: bad (1)"}},
		{"a detractor who says nothing bad", []said{{customer: "c", words: "hm", label: pipeline.Neutral, nps: &six}}, []string{"c: hm (1)"}},
		{"a passive", []said{{customer: "c", words: "hm", label: pipeline.Neutral, nps: &seven}}, nil},
		{"a calm threat to leave", []said{{customer: "c", words: "bye", label: pipeline.Neutral, intents: []string{"churn_risk"}}}, []string{"c: bye (1)"}},
		{"a harmless intent", []said{{customer: "c", words: "?", label: pipeline.Neutral, intents: []string{"question"}}}, nil},
		{"several complaints are one case", []said{
			{hour: 1, customer: "c", words: "bad", label: pipeline.Negative},
			{hour: 3, customer: "c", words: "worse", label: pipeline.Negative},
			{hour: 2, customer: "d", words: "other", label: pipeline.Negative},
		}, []string{"c: worse (2)", "d: other (1)"}},
		{"praise afterwards does not settle it", []said{
			{hour: 1, customer: "c", words: "bad", label: pipeline.Negative},
			{hour: 2, customer: "c", words: "nice though", label: pipeline.Positive},
		}, []string{"c: bad (1)"}},
		{"answered later in the thread", []said{
			{hour: 1, customer: "c", words: "bad", label: pipeline.Negative, contact: thread(1)},
			{hour: 5, customer: "c", words: "thanks", label: pipeline.Positive, contact: answered(1, 4)},
		}, nil},
		{"answered, but the customer says it is not solved", []said{
			{hour: 1, customer: "c", words: "bad", label: pipeline.Negative, contact: thread(1)},
			{hour: 5, customer: "c", words: "no use", label: pipeline.Negative, contact: resolved(1, 4, false)},
		}, []string{"c: no use (2), answered"}},
		{"resolved", []said{
			{hour: 1, customer: "c", words: "bad", label: pipeline.Negative, contact: thread(1)},
			{hour: 5, customer: "c", words: "fine now", label: pipeline.Positive, contact: resolved(1, 4, true)},
		}, nil},
		{"came back after it was resolved", []said{
			{hour: 1, customer: "c", words: "bad", label: pipeline.Negative, contact: resolved(1, 4, true)},
			{hour: 9, customer: "c", words: "again", label: pipeline.Negative, contact: thread(1)},
		}, []string{"c: again (1), answered"}},
		{"wrote again after the answer", []said{
			{hour: 1, customer: "c", words: "bad", label: pipeline.Negative, contact: answered(1, 4)},
			{hour: 9, customer: "c", words: "still bad", label: pipeline.Negative, contact: answered(1, 4)},
		}, []string{"c: still bad (1), answered"}},
		{"the record of an answered call", []said{
			{hour: 2, customer: "c", words: "bad", label: pipeline.Negative, contact: answered(1, 1)},
		}, nil},
		{"what the staff writes is no complaint", []said{
			{customer: "c", words: "sorry for the terrible wait", label: pipeline.Negative, contact: &pipeline.Contact{ThreadID: "t", Direction: "outbound"}},
		}, nil},
		{"the thread tells who wrote", []said{
			{hour: 1, words: "bad", label: pipeline.Negative, contact: thread(1)},
			{hour: 2, customer: "c", words: "anyone?", label: pipeline.Neutral, contact: thread(1)},
		}, []string{"c: bad (1)"}},
		{"known by address alone, anonymous last", []said{
			{hour: 1, words: "anonymous", label: pipeline.Negative},
			{hour: 2, words: "bad", label: pipeline.Negative, email: "A@x.example"},
			{hour: 3, words: "worse", label: pipeline.Negative, email: "a@x.example"},
		}, []string{"a@x.example: worse (2)", ": anonymous (1)"}},
	} {
		t.Run(scenario.name, func(t *testing.T) {
			if err := conn.Exec(context.Background(), "TRUNCATE TABLE records"); err != nil {
				t.Fatal(err)
			}
			store(t, conn, recordsOf(scenario.events))
			got, err := reader.FollowUps(context.Background(), fixtureStart())
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, c := range got {
				who := c.CustomerID
				if who == "" {
					who = strings.ToLower(c.Email)
				}
				line := fmt.Sprintf("%s: %s (%d)", who, c.Text, c.Complaints)
				if c.AnsweredAt != nil {
					line += ", answered"
				}
				lines = append(lines, line)
			}
			if !slices.Equal(lines, scenario.want) {
				t.Errorf("got %q, want %q", lines, scenario.want)
			}
		})
	}
}

func TestFollowUpHasNewestContactAndOldestOpening(t *testing.T) {
	reader := storedFeedback(t, recordsOf([]said{
		{hour: -90, customer: "c", words: "great", label: pipeline.Positive, email: "old@x.example", name: "Ann"},
		{hour: 2, customer: "c", words: "bad", label: pipeline.Negative, contact: thread(1), intents: []string{"refund_request"}},
		{hour: 4, customer: "c", words: "worse", label: pipeline.Negative, email: "new@x.example", intents: []string{"question"}},
		{hour: 6, customer: "c", words: "nice", label: pipeline.Positive, email: "newest@x.example"},
		{hour: 8, customer: "c", words: "fine", label: pipeline.Neutral},
	}))
	got, err := reader.FollowUps(context.Background(), fixtureStart())
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	c := got[0]
	if c.Email != "newest@x.example" || c.Name != "Ann" || c.Text != "worse" || c.EventID != "e2" {
		t.Errorf("contact: %+v", c)
	}
	if c.OpenedAt == nil || !c.OpenedAt.Equal(*hourOf(1)) || c.Complaints != 2 || !slices.Equal(c.Intents, []string{"question", "refund_request"}) {
		t.Errorf("state: %+v", c)
	}
	if later, err := reader.FollowUps(context.Background(), *hourOf(3)); err != nil || len(later) != 1 || later[0].Complaints != 1 {
		t.Errorf("since then: %+v, %v", later, err)
	}
}

func TestFollowUpShowsWhatTheCustomerSaid(t *testing.T) {
	records := recordsOf([]said{{customer: "c", label: pipeline.Negative}})
	records[0].Event.Turns = []pipeline.Turn{{Role: "agent", Text: "hello"}, {Role: "customer", Text: "it is \"cold\""}, {Role: "customer", Text: "bye"}}
	got, err := storedFeedback(t, records).FollowUps(context.Background(), fixtureStart())
	if err != nil || len(got) != 1 || got[0].Text != "it is \"cold\"\nbye" {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestFollowUpsOfRandomFeedback checks what must hold of any feedback.
func TestFollowUpsOfRandomFeedback(t *testing.T) {
	records := randomRecords(newRand(9), 800)
	since := fixtureStart().AddDate(0, 0, 3)
	got, err := storedFeedback(t, records).FollowUps(context.Background(), since)
	if err != nil || len(got) < 20 {
		t.Fatal(len(got), err)
	}
	byID := map[string]*pipeline.Record{}
	for _, r := range selected(Filter{Since: since}, records) {
		byID[r.Event.ID] = r
	}
	customers, reachable := map[string]bool{}, true
	for _, c := range got {
		r := byID[c.EventID]
		if r == nil || !unhappy(r) {
			t.Fatalf("%+v is no complaint of the period", c)
		}
		if contact := r.Event.Contact; contact != nil && (contact.Direction == "outbound" || contact.Resolved != nil && *contact.Resolved) {
			t.Errorf("%s is closed: %+v", c.EventID, contact)
		}
		if c.CustomerID != "" && customers[c.CustomerID] {
			t.Errorf("customer %s has two cases", c.CustomerID)
		}
		customers[c.CustomerID] = true
		if !reachable && c.Reachable() {
			t.Errorf("%s comes after somebody who cannot be reached", c.EventID)
		}
		reachable = c.Reachable()
		if c.Complaints == 0 || c.OpenedAt == nil {
			t.Errorf("incomplete: %+v", c)
		}
	}
}

func unhappy(r *pipeline.Record) bool {
	nps, isNPS := npsOf(r)
	ces, isCES := cesOf(r)
	rating, isRating := ratingOf(r)
	return isNPS && nps < 0 || isCES && ces <= 3 || isRating && rating <= 2 ||
		r.Event.Survey != nil && r.Event.Survey.CSAT != nil && *r.Event.Survey.CSAT <= 2 ||
		r.Analysis.Sentiment.Label == pipeline.Negative ||
		slices.ContainsFunc(r.Analysis.Intents, func(i string) bool { return slices.Contains(followup.RiskyIntents(), i) })
}

// TestFollowUpsOfManyOddCustomers passes as many ids as there can be cases, and
// ids that look like the syntax they are passed in.
func TestFollowUpsOfManyOddCustomers(t *testing.T) {
	var events []said
	for i := range maxCandidates {
		id := fmt.Sprintf("it's [%d], \\ \"%d\"\t%s", i, i, strings.Repeat("x", 100))
		events = append(events, said{customer: id, words: "bad", label: pipeline.Negative, email: fmt.Sprintf("%d@x.example", i)})
	}
	for i := range 3 {
		events = append(events, said{hour: 5, customer: events[i].customer, words: "fine", label: pipeline.Positive, email: "new@x.example"})
	}
	got, err := storedFeedback(t, recordsOf(events)).FollowUps(context.Background(), fixtureStart())
	if err != nil || len(got) != maxCandidates {
		t.Fatal(len(got), err)
	}
	moved := 0
	for _, c := range got {
		if c.Email == "new@x.example" {
			moved++
		} else if c.Email == "" || !strings.Contains(c.CustomerID, strings.TrimSuffix(c.Email, "@x.example")) {
			t.Fatalf("%+v", c)
		}
	}
	if moved != 3 {
		t.Errorf("%d of 3 have their newest address", moved)
	}
}
