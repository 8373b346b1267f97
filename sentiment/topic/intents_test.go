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

// TestIntents measures the intents on own texts, which the rules were tuned on: the
// intents a person reads in each, a tab, the text. A request in the form of a question
// ("can I get a refund?") counts as no question. Only the gated intents can fail.
func TestIntents(t *testing.T) { measureIntents(t, "testdata/intents.tsv", 300) }

// TestIntentsHeldOut does so on texts that the first rules were not tuned on; their
// misses have been seen since.
func TestIntentsHeldOut(t *testing.T) { measureIntents(t, "testdata/intents_heldout.tsv", 100) }

// TestIntentsSecond does so on a set that was labelled before the rules read it, and
// whose misses were read since; half of it are texts that only sound like an intent.
func TestIntentsSecond(t *testing.T) { measureIntents(t, "testdata/intents_second.tsv", 150) }

func measureIntents(t *testing.T, file string, least int) {
	data, err := os.ReadFile(file)
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
		compareIntents(t, tallies, want, names(tagger, "intent", text), text)
	}
	for intent, c := range tallies {
		t.Logf("%-20s precision %.3f recall %.3f of %d", intent, c.precision(), c.recall(), c.right+c.missed)
	}
	for _, intent := range gated {
		if c := tallies[intent]; c.precision() < gate || c.recall() < 0.6 {
			t.Errorf("%s: precision %.3f, recall %.3f; want %.2f and 0.6", intent, c.precision(), c.recall(), gate)
		}
	}
	if texts < least {
		t.Errorf("%d texts, want %d", texts, least)
	}
}

func compareIntents(t *testing.T, tallies map[string]tally, want, got []string, text string) {
	both := append(slices.Clone(want), got...)
	slices.Sort(both)
	for _, intent := range slices.Compact(both) {
		c := tallies[intent]
		said := ""
		switch found := slices.Contains(got, intent); {
		case found && slices.Contains(want, intent):
			c.right++
		case found:
			c.wrong++
			said = "wrong "
		default:
			c.missed++
			said = "missed"
		}
		if said != "" && slices.Contains(gated, intent) {
			t.Logf("%s %s in %q", said, intent, text)
		}
		tallies[intent] = c
	}
}
