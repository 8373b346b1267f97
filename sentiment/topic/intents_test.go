package topic

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// gate is the precision that what sets people to work must have.
const gate = 0.85

// gated are the intents that somebody acts on.
var gated = []string{"churn_risk", "refund_request", "escalation_request", "suggestion", "question"}

// tally counts one intent over the texts.
type tally struct{ right, wrong, missed int }

func (c tally) precision() float64 { return float64(c.right) / float64(max(1, c.right+c.wrong)) }
func (c tally) recall() float64    { return float64(c.right) / float64(max(1, c.right+c.missed)) }

// TestIntents measures the intents on own texts: the intents a person reads in each,
// a tab, the text. A request in the form of a question ("can I get a refund?") counts
// as no question. Only the gated intents can fail.
func TestIntents(t *testing.T) {
	data, err := os.ReadFile("testdata/intents.tsv")
	if err != nil {
		t.Fatal(err)
	}
	tagger, err := Load("general", nil)
	if err != nil {
		t.Fatal(err)
	}
	tallies := map[string]tally{}
	texts := 0
	for line := range strings.Lines(string(data)) {
		list, text, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if !ok {
			t.Fatalf("no tab in %q", line)
		}
		texts++
		want := strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
		got := names(tagger, "intent", text)
		both := append(slices.Clone(want), got...)
		slices.Sort(both)
		for _, intent := range slices.Compact(both) {
			c := tallies[intent]
			switch {
			case slices.Contains(want, intent) && slices.Contains(got, intent):
				c.right++
			case slices.Contains(want, intent):
				c.missed++
				if slices.Contains(gated, intent) {
					t.Logf("missed %s in %q", intent, text)
				}
			default:
				c.wrong++
				if slices.Contains(gated, intent) {
					t.Logf("wrong  %s in %q", intent, text)
				}
			}
			tallies[intent] = c
		}
	}
	for intent, c := range tallies {
		t.Logf("%-20s precision %.3f recall %.3f of %d", intent, c.precision(), c.recall(), c.right+c.missed)
	}
	for _, intent := range gated {
		if c := tallies[intent]; c.precision() < gate || c.recall() < 0.6 {
			t.Errorf("%s: precision %.3f, recall %.3f; want %.2f and 0.6", intent, c.precision(), c.recall(), gate)
		}
	}
	if texts < 300 {
		t.Errorf("%d texts", texts)
	}
}
