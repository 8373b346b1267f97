package vader

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestEqualsLikeTheReference: many words are weighed as the reference does, which
// looks each value up from the front of the list that it changes.
func TestEqualsLikeTheReference(t *testing.T) {
	var q equals
	rapid.Check(t, func(t *rapid.T) {
		// Values that become each other: halves and one and a halves.
		values := rapid.SampledFrom([]float64{0, 1, 2, 4, 1.5, 3, 0.5, -1, -2, 0.75, 2.25})
		got := rapid.SliceOfN(values, 1, 60).Draw(t, "valences")
		at := rapid.IntRange(0, len(got)-1).Draw(t, "but")
		want := slices.Clone(got)
		for i := range want { // as Python's "for": a value is read when its turn comes
			if j := slices.Index(want, want[i]); j < at {
				want[j] *= 0.5
			} else if j > at {
				want[j] *= 1.5
			}
		}
		words := make([]rated, len(got))
		for i, v := range got {
			words[i] = rated{i, v}
		}
		q.weigh(words, at)
		for i, w := range words {
			got[i] = w.valence
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}
