package vader

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Rounding by arithmetic and by decimal digits come to the same float, at and about the
// middles too.
func TestRound(t *testing.T) {
	figure := rapid.OneOf(
		rapid.Float64Range(-1, 1),
		rapid.Custom(func(t *rapid.T) float64 { // a middle and its neighbours
			x := float64(rapid.IntRange(-20000, 20000).Draw(t, "halves")) / 20000
			for range rapid.IntRange(0, 3).Draw(t, "steps") {
				x = math.Nextafter(x, 2)
			}
			return max(-1, min(1, x))
		}))
	rapid.Check(t, func(t *rapid.T) {
		x := figure.Draw(t, "x")
		for digits := range 5 {
			got, want := round(x, digits), roundByDigits(x, digits)
			if math.Float64bits(got) != math.Float64bits(want) {
				t.Fatalf("%v to %d digits: %v, want %v", x, digits, got, want)
			}
		}
	})
}
