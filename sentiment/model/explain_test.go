package model

import (
	"math"
	"testing"

	"earshot/sentiment/vader"
)

func TestSharesAddUpToTheScore(t *testing.T) {
	m, err := Base()
	if err != nil {
		t.Fatal(err)
	}
	s := NewScorer(m)
	var v vader.Scorer
	for _, text := range []string{
		"", "ok", "the queue was not good but our waiter was lovely :)", "on hold for two hours, STILL no answer!!", "@desk #fail 😀",
	} {
		compound := v.Score(text).Compound
		p, shares := s.Explain(text, compound)
		if p != s.Score(text, compound) {
			t.Errorf("%q: explained as %v, scored as %v", text, p, s.Score(text, compound))
		}
		sum := 0.0
		for _, x := range shares {
			sum += x.Value
		}
		if math.Abs(sum-p.Score()) > 1e-12 {
			t.Errorf("%q: shares add up to %v, the score is %v", text, sum, p.Score())
		}
	}
	// The word that makes the text negative has the lowest share of all words.
	_, shares := s.Explain("the steak was awful", v.Score("the steak was awful").Compound)
	lowest := Share{}
	for _, x := range shares {
		if x.Kind == "word" && x.Value < lowest.Value {
			lowest = x
		}
	}
	if lowest.Part != "awful" {
		t.Errorf("the most negative word is %q of %v", lowest.Part, shares)
	}
}
