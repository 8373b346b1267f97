package learned

import (
	"slices"
	"testing"

	"earshot/sentiment"

	"pgregory.net/rapid"
)

func TestRivals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float32Range(-3, 3), 1, 6).Draw(t, "values")
		r := rivalsOf(values)
		for c, own := range values {
			want := own // of a topic without rivals
			if others := slices.Delete(slices.Clone(values), c, c+1); len(others) > 0 {
				want = slices.Max(others)
			}
			if got := r.of(c); got != want {
				t.Fatalf("%v: rival of %d is %g, want %g", values, c, got, want)
			}
		}
	})
}

func TestEvidence(t *testing.T) {
	e := evidence{values: make([]float32, 4*2)}
	for _, cue := range []float32{1, 0, 3, 2} {
		e.add(1, cue)
	}
	if want := []float32{0, 0, 0, 3, 0, 2, 0, 6}; !slices.Equal(e.values, want) {
		t.Errorf("strongest, next and sum: %v, want %v", e.values, want)
	}
}

// TestSecondStage: one word about food counts in a long text about other things,
// whose mean says little of food.
func TestSecondStage(t *testing.T) {
	m, _ := trained()
	r := newReader(m)
	var doc sentiment.Doc
	for text, food := range map[string]bool{
		"Great soup.": true,
		"We went there on day 3, great trip, and went there on day 4, terrible trip, and on day 5, and the burger was great.": true,
		"We went there on day 3, great trip.": false,
	} {
		doc.Scan(text)
		r.read(&doc)
		r.decide()
		if has := m.has(r.z, 0); has != food {
			t.Errorf("%q is about food: %t, by %v after %v", text, has, r.z, r.first.values)
		}
	}
}
