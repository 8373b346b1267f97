package learned

import (
	"math"
	"math/rand/v2"
	"slices"
)

// vector is a sparse feature vector. A feature may occur twice; its values add up.
type vector struct {
	at []uint32
	x  []float32
}

func (v *vector) add(at uint32, x float32) {
	v.at = append(v.at, at)
	v.x = append(v.x, x)
}

func (v *vector) dot(w []float32) float64 {
	s := float32(0)
	for j, at := range v.at {
		s += v.x[j] * w[at]
	}
	return float64(s)
}

// norm2 is the squared length, a repeated feature counted by its parts.
func (v *vector) norm2() float64 {
	s := 0.0
	for _, x := range v.x {
		s += float64(x) * float64(x)
	}
	return s
}

// The limits of a regression's run.
const (
	maxRounds  = 40
	tolerance  = 1e-2
	maxNewton  = 100
	newtonStep = 0.1
)

// problem is a two-class problem over shared vectors.
type problem struct {
	rows []*vector
	yes  []bool
	cost float64 // C: how much an error counts against large weights
	seed uint64
}

// solveRatio weighs the features below exact, counts of occurrences, by how unevenly
// the two classes share them, and solves that (after Wang & Manning, "Baselines and
// bigrams", ACL 2012; the root of the ratio was better than the ratio).
func (p *problem) solveRatio(size, exact int) []float32 {
	ratio := p.ratios(exact)
	scaled := problem{rows: make([]*vector, len(p.rows)), yes: p.yes, cost: p.cost, seed: p.seed}
	for i, r := range p.rows {
		scaled.rows[i] = &vector{at: r.at, x: slices.Clone(r.x)}
		scaled.rows[i].reweigh(ratio)
	}
	w := scaled.solve(size)
	for b, x := range ratio {
		w[b] *= x
	}
	return w
}

// countScale brings the values of a text's features to sizes for which adding one
// smooths their ratio.
const countScale = 5

// ratios are the roots of the sizes of the features' log-odds between the classes.
func (p *problem) ratios(exact int) []float32 {
	sums, totals := [2][]float64{make([]float64, exact), make([]float64, exact)}, [2]float64{1, 1}
	for i, r := range p.rows {
		side := 0
		if p.yes[i] {
			side = 1
		}
		for j, at := range r.at {
			if int(at) < exact {
				x := countScale * float64(r.x[j])
				sums[side][at] += x
				totals[side] += x
			}
		}
	}
	out := make([]float32, exact)
	for b := range out {
		odds := (sums[1][b] + 1) / totals[1] / ((sums[0][b] + 1) / totals[0])
		out[b] = float32(math.Sqrt(math.Abs(math.Log(odds))))
	}
	return out
}

// solve fits an L2-regularised logistic regression by coordinate descent in the dual
// (Yu, Huang & Lin, "Dual coordinate descent methods for logistic regression and
// maximum entropy models", Machine Learning 2011, algorithm 5). The returned weights
// cover size features.
func (p *problem) solve(size int) []float32 {
	w := make([]float32, size)
	n := len(p.rows)
	alpha, bound, length := make([][2]float64, n), make([]float64, n), make([]float64, n)
	order := make([]int, n)
	for i, r := range p.rows {
		order[i] = i
		bound[i] = p.cost
		alpha[i][0] = min(0.001*bound[i], 1e-8)
		alpha[i][1] = bound[i] - alpha[i][0]
		length[i] = r.norm2()
		r.addTo(w, p.sign(i)*alpha[i][0])
	}
	random := rand.New(rand.NewPCG(p.seed, 2))
	inner := 1e-2
	for range maxRounds {
		random.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
		worst, moved := 0.0, false
		for _, i := range order {
			step, gap := descend(&alpha[i], length[i], p.sign(i)*p.rows[i].dot(w), bound[i], inner)
			worst = max(worst, gap)
			if step != 0 {
				moved = true
				p.rows[i].addTo(w, step*p.sign(i))
			}
		}
		if worst < tolerance {
			break
		}
		if !moved {
			inner = max(1e-9, inner/10)
		}
	}
	return w
}

func (p *problem) sign(i int) float64 {
	if p.yes[i] {
		return 1
	}
	return -1
}

func (v *vector) addTo(w []float32, s float64) {
	f := float32(s)
	for j, at := range v.at {
		w[at] += f * v.x[j]
	}
}

// descend solves the problem of one pair of dual variables by Newton's method. It
// returns by how much the vector's weight in the sum changes and the gradient it met.
func descend(alpha *[2]float64, a, b, bound, inner float64) (step, gap float64) {
	one, two, sign := 0, 1, 1.0
	if 0.5*a*(alpha[1]-alpha[0])+b < 0 {
		one, two, sign = 1, 0, -1
	}
	old := alpha[one]
	z := old
	if bound-z < 0.5*bound {
		z *= 0.1
	}
	gradient := func() float64 { return a*(z-old) + sign*b + math.Log(z/(bound-z)) }
	g := gradient()
	gap = math.Abs(g)
	rounds := 0
	for ; rounds <= maxNewton && math.Abs(g) >= inner; rounds++ {
		next := z - g/(a+bound/(bound-z)/z)
		if next <= 0 {
			next = z * newtonStep
		}
		z = next
		g = gradient()
	}
	if rounds == 0 {
		return 0, gap
	}
	alpha[one], alpha[two] = z, bound-z
	return sign * (z - old), gap
}
