package insight

import (
	"math"
	"math/rand/v2"
)

// Stability selection (Meinshausen and Bühlmann 2010): a mention is stable if the
// lasso (Tibshirani 1996) keeps it in nearly every half of the customers. The
// penalty is the universal one (Donoho and Johnstone 1994), under which a mention
// without an effect is kept in less than one of so many halves as there are
// mentions; with complementary pairs of halves the mentions that are stable by
// chance are then less than 1/(0.8 x mentions) on average (Shah and Samworth 2013,
// theorem 1).
const (
	halfSamples = 100 // 50 pairs
	stableShare = 0.9
)

// stability is the share of half samples in which each mention is kept.
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
			for i, c := range lasso(g) {
				if c != 0 {
					chosen[i]++
				}
			}
		}
	}
	shares := make([]float64, len(chosen))
	for i, n := range chosen {
		shares[i] = float64(n) / halfSamples
	}
	return shares
}

// lasso returns the coefficients under the universal penalty, of columns of length 1.
func lasso(g gram) []float64 {
	n, y := g.y(), g.y()
	scale := make([]float64, n)
	// pull is what a column still has in common with what is unexplained.
	pull, coefficient := make([]float64, n), make([]float64, n)
	for i := range scale {
		if v := g.at(i, i); v > 1e-9 {
			scale[i] = 1 / math.Sqrt(v)
		}
		pull[i] = g.at(i, y) * scale[i]
	}
	variance := max(0, unexplained(g, ridge(g, 0))) / max(1, g.answers-float64(n))
	descend(g, scale, pull, coefficient, math.Sqrt(2*variance*math.Log(float64(n+1))))
	return coefficient
}

// descend solves the lasso by coordinate descent on the products (Friedman et al.
// 2010).
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
		if moved <= penalty*1e-4 {
			return
		}
	}
}
