package pipeline

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"earshot/sentiment/model"
)

// TestRatingNeverReachesTheScore holds for any event: stars and survey answers
// change nothing but the joint judgement in what its text is said to be, with the learned model and without.
func TestRatingNeverReachesTheScore(t *testing.T) {
	base, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	var analyzers []*TextAnalyzer
	for _, m := range []*model.Model{base, nil} {
		a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "restaurant", Model: m})
		if err != nil {
			t.Fatal(err)
		}
		analyzers = append(analyzers, a)
	}
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.SampledFrom([]string{"great food", "never again", "it opens at nine", "5 stars!", "1 of 10", "", rapid.String().Draw(t, "any")})
		e := Event{Text: said.Draw(t, "text"), Title: said.Draw(t, "title")}
		if rapid.Bool().Draw(t, "turns") {
			e.Turns = []Turn{{Role: "customer", Text: said.Draw(t, "turn")}}
		}
		rated := e
		stars, csat, nps, ces := rapid.Float64Range(1, 5).Draw(t, "stars"), rapid.IntRange(1, 5).Draw(t, "csat"), rapid.IntRange(0, 10).Draw(t, "nps"), rapid.IntRange(1, 7).Draw(t, "ces")
		rated.Rating, rated.Survey = &stars, &Survey{CSAT: &csat, NPS: &nps, CES: &ces}
		for _, a := range analyzers {
			got, want := a.Analyze(&rated), a.Analyze(&e)
			if got.Joint.Label == "" || want.Joint != (Joint{}) {
				t.Fatalf("joint with a rating %+v, without %+v", got.Joint, want.Joint)
			}
			if got.Joint = want.Joint; !reflect.DeepEqual(got, want) {
				t.Fatalf("with a rating %+v, without %+v", got, want)
			}
		}
	})
}
