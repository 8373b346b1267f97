package pipeline

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"earshot/sentiment/model"
)

// slowTexts are texts that are made to be slow, by the piece that they repeat.
var slowTexts = map[string]string{
	"one word":        "a",
	"stretched":       "sooo",
	"hashtags":        "#worstserviceever ",
	"emoji":           "😀",
	"nested HTML":     "<div><b>&lt;&amp;",
	"right to left":   "الخدمة سيئة ",
	"mixed scripts":   "slowмедленно遅い ",
	"topic phrases":   "waited 40 minutes for slow service ",
	"negations":       "not never no ",
	"contrasts":       "good but bad, ",
	"one comma":       ",",
	"apostrophes":     "a'",
	"broken encoding": "\xff\xc3(",
}

// TestAnalysisIsLinear: the time a byte takes hardly grows from 1 KB to the 32 KiB that
// are analysed at the most. Each time is the best of several; square time would show
// as a factor of up to 32; seen are factors below 3.
func TestAnalysisIsLinear(t *testing.T) {
	m, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "restaurant", Model: m})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(m, nil)
	var out Answer
	perByte := func(text string, rounds int) float64 {
		best := time.Hour
		for range rounds {
			began := time.Now()
			found := a.read(d, &Event{}, text, &out.Analysis)
			d.aspect("food", found.Mentions, &out.Analysis)
			out.Sentences = d.sentences(out.Sentences[:0])
			best = min(best, time.Since(began))
		}
		return float64(best) / float64(len(text))
	}
	for name, piece := range slowTexts {
		short := strings.Repeat(piece, 1<<10/len(piece))
		base := perByte(short, 50)
		long := strings.Repeat(piece, 32<<10/len(piece))
		got := perByte(long, 3)
		for retries := 0; got > 4*base && retries < 10; retries++ { // the machine may be busy
			got = min(got, perByte(long, 1))
		}
		if got > 8*base {
			t.Errorf("%s: %.0f ns a byte in 1 KB, %.0f in 32 KB", name, base, got)
		}
	}
}

// TestAnswerAllocatesNothing: once its memory has grown, a text costs no allocation.
func TestAnswerAllocatesNothing(t *testing.T) {
	m, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "restaurant", Model: m})
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(m, nil) // of its own: the pool may drop one at any time
	a.desks.New = func() any { return d }
	e := &Event{Source: "review", OccurredAt: time.Date(2026, 7, 3, 19, 0, 0, 0, time.UTC),
		Text: "We waited 40 minutes for our table and the service was painfully slow, but the food was really good! Sadly the bill was wrong again. I won't be back."}
	q := Question{Aspects: []string{"food", "parking lot"}, Sentences: true}
	var out Answer
	if n := testing.AllocsPerRun(200, func() { a.Answer(&out, e, q) }); n != 0 {
		t.Errorf("%v allocations a text", n)
	}
	if len(out.Topics) < 3 || len(out.Tags) == 0 || len(out.Intents) == 0 || len(out.Sentences) != 3 || len(out.Aspects) != 2 {
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
