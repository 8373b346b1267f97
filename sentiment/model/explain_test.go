package model

import (
	"strings"
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
		"", "ok", "!", "5", "👍🏽 nice", strings.Repeat("good food and a rude waiter. ", 300), "the queue was not good but our waiter was lovely :)", "on hold for two hours, STILL no answer!!", "@desk #fail 😀",
	} {
		compound := v.Score(text).Compound
		p, shares := s.Explain([]string{text}, compound)
		if p != s.Score(text, compound) {
			t.Errorf("%q: explained as %v, scored as %v", text, p, s.Score(text, compound))
		}
		if sum := total(shares); sum != p.Score() {
			t.Errorf("%q: shares add up to %v, the score is %v", text, sum, p.Score())
		}
	}
	// The word that makes the text negative has the lowest share of all words.
	_, shares := s.Explain([]string{"the steak was awful"}, v.Score("the steak was awful").Compound)
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
