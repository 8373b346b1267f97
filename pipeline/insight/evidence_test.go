package insight

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// slowWeekends is a chain with one planted fact: store-03 is slow on weekend
// evenings.
func slowWeekends(seed uint64) *Table {
	return chain(seed, func(o *Observation, _ int) float64 {
		if o.Values[Location] == "store-03" && weekendEvening(o) {
			return 0.6
		}
		return base(o)
	})
}

// lost returns the table as if some complaints had not come in.
func (t *Table) lost(topic uint32, rows []int32) *Table {
	out := *t
	out.hits = slices.Clone(t.hits)
	out.hits[topic] = slices.DeleteFunc(slices.Clone(t.hits[topic]), func(row int32) bool { return slices.Contains(rows, row) })
	return &out
}

// behind are the complaints that a finding without exceptions counts.
func (t *Table) behind(f *Finding) (rows []int32) {
	for _, row := range t.hits[t.topics.ids[f.Topic]] {
		e := &t.rows[row]
		day, hour := int(e.hour/dayHours)+1, int(e.hour%dayHours)
		switch {
		case f.Location != nil && t.values[Location].names[e.values[Location]] != *f.Location,
			f.Weekdays != nil && !slices.Contains(f.Weekdays, day), f.Hours != nil && !slices.Contains(f.Hours, hour),
			f.Since != nil && t.first.AddDate(0, 0, int(e.day)).Before(*f.Since):
			continue
		}
		rows = append(rows, row)
	}
	return rows
}

// TestFewerComplaintsAreNoFinding mines again without as many complaints as the
// evidence says, a few more and a few less: the whole search, not the evidence's
// own way of asking.
func TestFewerComplaintsAreNoFinding(t *testing.T) {
	for seed := range uint64(3) {
		table := slowWeekends(seed)
		found := mine(t, table)
		i := slices.IndexFunc(found, func(f Finding) bool { return f.Location != nil && *f.Location == "store-03" && f.Hours != nil })
		if i < 0 {
			t.Fatalf("seed %d: the planted fact was not found", seed)
		}
		f := &found[i]
		topic, rows := table.topics.ids[f.Topic], table.behind(f)
		if len(rows) != f.Count || f.Except != nil {
			t.Fatalf("seed %d: %d complaints lie in the cell, the finding counts %d", seed, len(rows), f.Count)
		}
		fewer := f.Evidence.Fewer
		if fewer < 1 || fewer > f.Count {
			t.Fatalf("seed %d: %d of %d", seed, fewer, f.Count)
		}
		const margin = 3 // the error rate of the new search differs a little
		holds := func(missing int) bool {
			again := mine(t, table.lost(topic, evenly(rows, missing)))
			return slices.ContainsFunc(again, func(g Finding) bool { return g.Location != nil && *g.Location == "store-03" && g.Hours != nil })
		}
		if !holds(max(0, fewer-1-margin)) {
			t.Errorf("seed %d: gone before %d of %d are missing", seed, fewer, f.Count)
		}
		if holds(min(len(rows), fewer+margin)) {
			t.Errorf("seed %d: still there when %d of %d are missing", seed, fewer, f.Count)
		}
		t.Log(f.Sentence, f.Evidence.Sentences)
	}
}

func TestEvidenceOfTheWorstDay(t *testing.T) {
	const burst = 40
	table := chain(5, func(o *Observation, day int) float64 {
		if o.Values[Location] == "store-03" && day == burst {
			return 1
		}
		return base(o)
	})
	for _, f := range mine(t, table) {
		if f.Location == nil || *f.Location != "store-03" {
			continue
		}
		if f.Evidence.WithoutWorst {
			t.Errorf("all of it is one day's: %s %+v", f.Sentence, f.Evidence)
		}
		if want := start.AddDate(0, 0, burst); !f.Evidence.WorstDay.Equal(want) {
			t.Errorf("worst day %s, planted is %s", f.Evidence.WorstDay, want)
		}
	}
	for _, f := range mine(t, slowWeekends(1)) {
		if f.Location != nil && *f.Location == "store-03" && !f.Evidence.WithoutWorst {
			t.Errorf("a habit of all weekends does not hang on one day: %+v", f.Evidence)
		}
	}
}

// TestLaterFindingsNameWhatTheyLeaveOut: what a stronger finding of the topic
// explained is not counted twice.
func TestLaterFindingsNameWhatTheyLeaveOut(t *testing.T) {
	table := chain(2, func(o *Observation, _ int) float64 {
		switch {
		case o.Values[Location] == "store-03" && weekendEvening(o):
			return 0.7
		case o.Values[Location] == "store-09":
			return 5 * base(o)
		}
		return base(o)
	})
	found, err := Mine(context.Background(), table, Options{})
	if err != nil {
		t.Fatal(err)
	}
	with, ids := 0, map[string]bool{}
	for _, f := range found {
		if ids[f.ID] {
			t.Errorf("two findings are called %s", f.ID)
		}
		ids[f.ID] = true
		if f.Except != nil {
			with++
		}
		if len(f.Evidence.Sentences) == 0 || !strings.Contains(f.Evidence.Sentences[len(f.Evidence.Sentences)-1], "Without its worst day") {
			t.Errorf("%q", f.Evidence.Sentences)
		}
	}
	if len(found) < 2 || with == 0 {
		t.Fatalf("%d findings, %d of them beside a stronger one", len(found), with)
	}
}

func TestEvidenceSentences(t *testing.T) {
	day := start
	for _, test := range []struct {
		e    Evidence
		want []string
	}{
		{Evidence{Fewer: 12, Limit: "chance", WorstDay: day, WorstCount: 7, WithoutWorst: true}, []string{
			"If 12 of the 41 complaints had not come in, it would no longer stand out: the rest may be chance (false discovery rate above 5 %).",
			"Without its worst day, 1 June (7 complaints), it still stands out."}},
		{Evidence{Fewer: 3, Limit: "count", WorstDay: day, WorstCount: 1}, []string{
			"If 3 of the 41 complaints had not come in, it would no longer stand out: too few are left to tell (a finding needs 10).",
			"Without its worst day, 1 June (1 complaint), it would not stand out."}},
		{Evidence{Fewer: 3, Limit: "lift", WorstDay: day, WorstCount: 2}, []string{
			"If 3 of the 41 complaints had not come in, it would no longer stand out: the rest may be less than 1.25x the usual.",
			"Without its worst day, 1 June (2 complaints), it would not stand out."}},
		{Evidence{Fewer: 3, Limit: "pattern", WorstDay: day, WorstCount: 2}, []string{
			"If 3 of the 41 complaints had not come in, it would no longer stand out: the rest shows no such pattern.",
			"Without its worst day, 1 June (2 complaints), it would not stand out."}},
		{Evidence{Fewer: 3, Limit: "rise", WorstDay: day, WorstCount: 2}, []string{
			"If 3 of the 41 complaints had not come in, it would no longer stand out: the rest is no doubling of what it was before.",
			"Without its worst day, 1 June (2 complaints), it would not stand out."}},
		{Evidence{WorstDay: day, WorstCount: 2, WithoutWorst: true}, []string{"Without its worst day, 1 June (2 complaints), it still stands out."}},
	} {
		if got := test.e.sentences(&Finding{Count: 41}, Options{}.withDefaults()); !slices.Equal(got, test.want) {
			t.Errorf("got %q", got)
		}
	}
}

func TestEvenly(t *testing.T) {
	rows := []int32{1, 2, 3, 4, 5, 6}
	for n, want := range map[int][]int32{0: {}, 1: {1}, 3: {1, 3, 5}, 6: rows} {
		if got := evenly(rows, n); !slices.Equal(got, want) {
			t.Errorf("%d of six: %v", n, got)
		}
	}
}
