package pipeline

import (
	"fmt"
	"testing"
	"time"
)

// TestAnswerAllocatesNothing: once its memory has grown, a text costs no allocation.
func TestAnswerAllocatesNothing(t *testing.T) {
	a, _ := withBase(t, "restaurant")
	e := &Event{Source: "review", OccurredAt: time.Date(2026, 7, 3, 19, 0, 0, 0, time.UTC),
		Text: "We waited 40 minutes for our table and the service was painfully slow, but the food was really good! Sadly the bill was wrong again. I won't be back. No complaints about the wine 👍."}
	q := Question{Aspects: []string{"food", "parking lot"}, Sentences: true}
	var out Answer
	if n := testing.AllocsPerRun(200, func() { a.Answer(&out, e, q) }); n != 0 {
		t.Errorf("%v allocations a text", n)
	}
	if len(out.Topics) < 3 || len(out.Tags) == 0 || len(out.Intents) == 0 || len(out.Sentences) != 4 || len(out.Aspects) != 2 {
		t.Errorf("%+v", out)
	}
}

// TestAnswerLeavesNoTrace: an answer in used memory is that of Analyze.
func TestAnswerLeavesNoTrace(t *testing.T) {
	a := newAnalyzer(t, "restaurant")
	var used Answer
	for range 2 {
		for _, text := range seeds {
			e := &Event{Text: text}
			a.Answer(&used, e, Question{Aspects: []string{"service"}, Sentences: true})
			if got, want := fmt.Sprintf("%+v", used.Analysis), fmt.Sprintf("%+v", a.Analyze(e)); got != want {
				t.Errorf("%q: %s, fresh %s", text, got, want)
			}
			if got, want := fmt.Sprint(used.Sentences), fmt.Sprint(a.Explain(e).Sentences); got != want {
				t.Errorf("%q: sentences %s, explained %s", text, got, want)
			}
		}
	}
}
