package insight

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// tailBySum is P(X >= k) by the definition of the negative binomial.
func tailBySum(b Baseline, k int) float64 {
	size := 1 / b.Dispersion
	p := size / (size + b.Mean)
	term, below := math.Pow(p, size), 0.0
	for x := range k {
		below += term
		term *= (size + float64(x)) / float64(x+1) * (1 - p)
	}
	return 1 - below
}

func TestTailIsTheSumOfItsTerms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Baseline{rapid.Float64Range(0.05, 50).Draw(t, "mean"), rapid.Float64Range(0.05, 3).Draw(t, "dispersion")}
		k := rapid.IntRange(0, 60).Draw(t, "k")
		if got, want := b.Tail(k), tailBySum(b, k); math.Abs(got-want) > 1e-9+1e-6*want {
			t.Fatalf("P(X >= %d) of %+v is %g, the sum says %g", k, b, got, want)
		}
	})
}

func TestTailOfPoissonIsTheLimit(t *testing.T) {
	limit := Baseline{Mean: 2.5}.Tail(6)
	if near := (Baseline{2.5, 1e-6}).Tail(6); math.Abs(limit-near) > 1e-5 {
		t.Fatalf("Poisson %g, negative binomial next to it %g", limit, near)
	}
	if math.Abs(limit-0.042021) > 1e-6 { // 1 - sum of e^-2.5 2.5^x/x! for x < 6
		t.Fatalf("P(X >= 6 | 2.5) is %g", limit)
	}
}

func TestTailFallsWithTheCountAndRisesWithWhatIsUsual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		past := rapid.SliceOfN(rapid.IntRange(0, 40), 0, 8).Draw(t, "past")
		b := NewBaseline(past, rapid.Float64Range(0.01, 20).Draw(t, "prior"))
		k := rapid.IntRange(1, 80).Draw(t, "k")
		share := rapid.Float64Range(0.01, 1).Draw(t, "share")
		if b.Mean <= 0 || b.Dispersion <= 0 || math.IsNaN(b.Mean) {
			t.Fatalf("baseline %+v", b)
		}
		if b.Tail(k) > b.Tail(k-1) {
			t.Fatalf("more is likelier: %g at %d, %g at %d", b.Tail(k), k, b.Tail(k-1), k-1)
		}
		if b.Part(share).Tail(k) > b.Tail(k)*(1+1e-9) {
			t.Fatal("a part of the time makes as many events likelier")
		}
	})
}

// A burst in one of the past weeks must not hide the next one.
func TestPastBurstDoesNotBecomeUsual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		usual := rapid.IntRange(0, 30).Draw(t, "usual")
		past := []int{usual, usual, usual, usual, usual, usual, usual, usual}
		clean := NewBaseline(past, float64(usual))
		past[rapid.IntRange(0, 7).Draw(t, "week")] = 100 + 20*usual
		if dirty := NewBaseline(past, float64(usual)); dirty.Mean > clean.Mean*1.6+0.5 {
			t.Fatalf("one burst raises what is usual from %g to %g", clean.Mean, dirty.Mean)
		}
	})
}
