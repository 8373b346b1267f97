package main

import (
	"maps"
	"math"
	"strings"
	"testing"

	"earshot/sentiment/model"
)

func TestLexicons(t *testing.T) {
	g := glossary{}
	for i, text := range []string{
		"type=weaksubj len=1 word1=cold pos1=adj stemmed1=n priorpolarity=negative\ntype=strongsubj len=1 word1=cold pos1=noun stemmed1=n priorpolarity=neutral\n",
		"word\trank\thapps\nCold\t9\t2.40\n",
		"Great\n", "cold\n",
		`<sentiment><word form="cold" polarity="-0.6" subjectivity="1.0"/><word form="warm up" polarity="1"/></sentiment>`,
		`{"great": 3, "no fun": -3}`,
	} {
		if err := lexicons[i].read(g, strings.NewReader(text)); err != nil {
			t.Fatalf("%s: %v", lexicons[i].path, err)
		}
	}
	got := g.figures()
	want := map[string][model.Opinions]float64{
		"cold":  {clue: -0.3, clueStrength: 0.75, happiness: -1, patternPolarity: -0.6, patternSubjectivity: 1, huLiu: -1},
		"great": {afinn: 0.6, huLiu: 1},
	}
	for word, f := range got {
		for i := range f {
			f[i] = math.Round(f[i]*1000) / 1000
		}
		got[word] = f
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
