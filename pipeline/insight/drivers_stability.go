package insight

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Stability selection (Meinshausen and Bühlmann 2010) on complementary half
// samples of the customers (Shah and Samworth 2013): a mention is stable if the
// lasso (Tibshirani 1996) has it among its first in nearly every half. How many
// the first are keeps the mentions that are stable by chance to one on average
// (Meinshausen and Bühlmann, theorem 1).
const (
	halfSamples = 100 // 50 pairs
	stableShare = 0.9
	byChance    = 1.0
)

// firstOf is how many mentions a half sample may choose of so many.
func firstOf(mentions int) int {
	return max(1, int(math.Sqrt((2*stableShare-1)*byChance*float64(mentions))))
}

// stability is the share of half samples in which each mention is chosen.
func (w *withinGrams) stability() []float64 {
	random := rand.New(rand.NewPCG(2010, 72)) // the same answers give the same figures
	chosen := make([]int, w.whole.y())
	for range halfSamples / 2 {
		order := random.Perm(JackknifeGroups)
		var inHalf [JackknifeGroups]bool
		for _, g := range order[:JackknifeGroups/2] {
			inHalf[g] = true
		}
		for _, half := range []bool{true, false} {
			g := residual(total(w.groups, func(i int) bool { return inHalf[i] == half }), w.first)
			for _, column := range lassoFirst(g, firstOf(len(chosen))) {
				chosen[column]++
			}
		}
	}
	shares := make([]float64, len(chosen))
	for i, n := range chosen {
		shares[i] = float64(n) / halfSamples
	}
	return shares
}

// lassoFirst are the first columns that enter as the lasso's penalty falls.
func lassoFirst(g gram, want int) []int {
	n, y := g.y(), g.y()
	scale := make([]float64, n) // to columns of length 1
	for i := range scale {
		if v := g.at(i, i); v > 1e-9 {
			scale[i] = 1 / math.Sqrt(v)
		}
	}
	// pull is what a column still has in common with what is unexplained.
	pull, coefficient := make([]float64, n), make([]float64, n)
	start := 0.
	for i := range pull {
		pull[i] = g.at(i, y) * scale[i]
		start = max(start, math.Abs(pull[i]))
	}
	const steps = 60
	for step := 1; step <= steps; step++ {
		penalty := start * math.Pow(0.005, float64(step)/steps)
		descend(g, scale, pull, coefficient, penalty)
		if in := nonzero(coefficient); len(in) >= want || step == steps {
			return strongest(in, coefficient, want)
		}
	}
	return nil
}

// descend solves the lasso for a penalty, going on from the coefficients of the
// one before: coordinate descent on the products (Friedman et al. 2010).
func descend(g gram, scale, pull, coefficient []float64, penalty float64) {
	const rounds = 200
	for range rounds {
		moved := 0.
		for i, b := range coefficient {
			if scale[i] == 0 {
				continue
			}
			whole := pull[i] + b
			step := math.Copysign(max(0, math.Abs(whole)-penalty), whole) - b
			if step == 0 {
				continue
			}
			coefficient[i] += step
			for j := range pull {
				pull[j] -= step * g.at(i, j) * scale[i] * scale[j]
			}
			moved = max(moved, math.Abs(step))
		}
		if moved < penalty*1e-4 {
			return
		}
	}
}

func nonzero(v []float64) (at []int) {
	for i, x := range v {
		if x != 0 {
			at = append(at, i)
		}
	}
	return at
}

// strongest are the columns with the largest coefficients, at most limit.
func strongest(columns []int, coefficient []float64, limit int) []int {
	slices.SortStableFunc(columns, func(a, b int) int {
		return cmp.Compare(math.Abs(coefficient[b]), math.Abs(coefficient[a]))
	})
	return columns[:min(len(columns), limit)]
}
