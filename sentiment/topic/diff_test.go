package topic

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestDiff(t *testing.T) {
	const old = `pack: mine
classes: {staff: [waiter, clerk]}
topics:
  speed: {about: Waiting., phrases: [queue*], negative: [slow service, rude|curt staff], match: [a queue], no_match: [nothing]}
  gone: {phrases: [away]}
contexts:
  peak: {hours: [{from: 12, to: 14}], phrases: [rush hour]}
tags:
  - {name: slow, topic: speed, sentiment: negative}
gates: {speed: {precision: 0.9, recall: 0.5}}
`
	const new = `pack: mine
classes: {staff: [clerk, waiter, host]}
topics:
  price: {about: Money., phrases: [queue*, dear]}
  speed: {about: Waits., negative: [long line, curt|rude staff], phrases: [slow service], match: [a queue], no_match: [no one]}
contexts:
  peak: {hours: [{days: [fri], from: 12, to: 15, unless: [closed]}], phrases: [rush hour]}
tags:
  - {name: slow, topic: speed, sentiment: negative, contexts: [peak]}
gates: {speed: {precision: 0.9, recall: 0.5}}
`
	var sides [2]Definition
	for i, text := range []string{old, new} {
		d, err := ParseDefinition(File{"mine.yaml", []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		sides[i] = d
	}
	var got []string
	for _, c := range Diff(sides[0], sides[1]) {
		got = append(got, strings.Join([]string{c.Change, c.Kind, c.Name, c.Part, c.Before, c.After}, "|"))
	}
	want := []string{
		"removed|topic|gone|||",
		"removed|topic|gone|phrases|away|",
		"added|topic|price|||Money.",
		"moved|topic|price|phrases|speed phrases|queue*",
		"added|topic|price|phrases||dear",
		"changed|topic|speed|about|Waiting.|Waits.",
		"moved|topic|speed|phrases|speed negative|slow service",
		"added|topic|speed|negative||long line",
		"removed|topic|speed|no_match|nothing|",
		"added|topic|speed|no_match||no one",
		"removed|context|peak|hours|every day 12-14 h|",
		"added|context|peak|hours||fri 12-15 h unless closed",
		"changed|tag|slow||speed negative|speed negative + peak",
		"added|class|staff|words||host",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if changes := Diff(sides[0], sides[0]); len(changes) != 0 {
		t.Errorf("with itself: %v", changes)
	}
}

const comparedBefore = `pack: mine
topics:
  speed: {phrases: [queue*], negative: [slow service]}
  staff: {phrases: [waiter*]}
contexts:
  noon: {hours: [{from: 12, to: 13}]}
`

const comparedAfter = `pack: mine
topics:
  speed: {negative: [slow, queue*]}
  food: {phrases: [pizza]}
contexts:
  noon: {hours: [{from: 12, to: 13}]}
tags:
  - {name: slow service, topic: speed, sentiment: negative}
`

func compared(t testing.TB) (before, after *Tagger) {
	t.Helper()
	var out [2]*Tagger
	for i, text := range []string{comparedBefore, comparedAfter} {
		tagger, err := LoadRecorded("mine", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		out[i] = tagger
	}
	return out[0], out[1]
}

func TestComparison(t *testing.T) {
	before, after := compared(t)
	c := NewComparison(before, after, 2, nil)
	for i, text := range []string{
		"slow service at the bar", "the waiter brought a pizza", "a long queue", "so slow", "nothing to say here", strings.Repeat("Nice day. ", 30) + "The waiter sang. " + strings.Repeat("Nice day. ", 30),
		"la pizza era fredda e il servizio molto lento, non torneremo", "",
	} {
		c.Add(Text{ID: fmt.Sprint(i), Text: text})
	}
	if c.Texts != 8 || c.Changed != 5 {
		t.Errorf("%d of %d texts changed", c.Changed, c.Texts)
	}
	want := []Effect{
		{Kind: KindTopic, Name: "staff", Before: Tally{2, 2, 0}, Lost: 2},
		{Kind: KindTopic, Name: "food", After: Tally{1, 1, 0}, Gained: 1},
		{Kind: KindTopic, Name: "speed", Before: Tally{2, 2, 1}, After: Tally{3, 3, 3}, Gained: 1},
		{Kind: KindIntent, Name: spamOrEmpty, Before: Tally{Texts: 1}, After: Tally{Texts: 1}},
		{Kind: KindTag, Name: "slow service", After: Tally{Texts: 3}, Gained: 3},
	}
	if diff := cmp.Diff(want, c.Effects(), cmpopts.IgnoreFields(Effect{}, "New", "Old")); diff != "" {
		t.Error(diff)
	}
	staff := c.Effects()[0]
	if len(staff.Old) != 2 {
		t.Fatal(staff.Old)
	}
	for _, v := range staff.Old {
		if v.Text[v.Start:v.End] != "waiter" || len(v.Text) > 2*margin+20 {
			t.Errorf("%+v", v)
		}
	}
}

// However the texts are dealt out, the sum is the same, and no list is longer than
// asked for.
func TestComparisonsJoin(t *testing.T) {
	before, after := compared(t)
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.SampledFrom([]string{"slow service", "a queue", "waiter, pizza!", "so slow", "fine food", "ok", ""}), 0, 60).Draw(t, "texts")
		parts := rapid.IntRange(1, 5).Draw(t, "parts")
		samples := rapid.IntRange(0, 4).Draw(t, "samples")
		whole := NewComparison(before, after, samples, nil)
		dealt := make([]*Comparison, parts)
		for i := range dealt {
			dealt[i] = NewComparison(before, after, samples, nil)
		}
		for i, text := range texts {
			one := Text{ID: fmt.Sprint(i), Text: text}
			whole.Add(one)
			dealt[rapid.IntRange(0, parts-1).Draw(t, "to")].Add(one)
		}
		for _, part := range dealt[1:] {
			dealt[0].Join(part)
		}
		if diff := cmp.Diff(whole.Effects(), dealt[0].Effects(), cmp.AllowUnexported(Verbatim{})); diff != "" || whole.Changed != dealt[0].Changed {
			t.Fatal(diff)
		}
		for _, e := range whole.Effects() {
			if len(e.New) != min(samples, e.Gained) || len(e.Old) != min(samples, e.Lost) {
				t.Fatalf("%+v", e)
			}
			if e.After.Texts-e.Before.Texts != e.Gained-e.Lost {
				t.Fatalf("%s: before %+v, after %+v, gained %d, lost %d", e.Name, e.Before, e.After, e.Gained, e.Lost)
			}
		}
	})
}

func TestComparisonSkips(t *testing.T) {
	before, after := compared(t)
	c := NewComparison(before, after, 1, func(topic string) bool { return topic == "staff" })
	c.Add(Text{ID: "1", Text: "the waiter was fine"})
	if len(c.Effects()) != 0 {
		t.Errorf("%+v", c.Effects())
	}
}
