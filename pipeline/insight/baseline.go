package insight

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

const (
	// dispersionFloor is the least that days differ beyond chance (variance =
	// mean + dispersion·mean²): weather, matches and road works alone make 20 %.
	dispersionFloor = 0.04
	// dispersionPrior is what is taken for a cell whose counts are too small to
	// tell, dispersionCells how much cells differ in it (one standard deviation).
	dispersionPrior = 0.1
	dispersionCells = 0.1
	// priorCount is how much a baseline leans on its prior, in events (the shape
	// of a Gamma prior; 0.5 is Jeffreys').
	priorCount = 0.5
)

// Baseline is what is usual in a cell for a slot of time: a negative binomial
// count with Mean events and variance Mean + Dispersion·Mean². The dispersion
// holds both how much equal slots differ and how little history there is.
type Baseline struct {
	Mean       float64
	Dispersion float64
}

// NewBaseline learns from the counts of the same slot in past weeks. A burst
// among them does not raise what is usual: counts are cut at the median plus
// three times the scaled median absolute deviation (Hampel 1974). prior is what
// the slot would hold if nothing were known of it.
func NewBaseline(past []int, prior float64) Baseline {
	counts := winsorise(past)
	var sum, weeks float64
	for _, c := range counts {
		sum += c
		weeks++
	}
	prior = max(prior, 1e-6)
	shape := priorCount + sum
	mean := shape / (priorCount/prior + weeks)
	return Baseline{Mean: mean, Dispersion: max(dispersionFloor, spread(counts)) + 1/shape}
}

// spread is the dispersion of counts by the method of moments, leaning on
// dispersionPrior as far as small counts say little: the error of that estimate
// has a variance of about 2/((n-1)·mean²).
func spread(counts []float64) float64 {
	if len(counts) < 3 {
		return dispersionPrior
	}
	var sum, squares float64
	for _, c := range counts {
		sum += c
	}
	n := float64(len(counts))
	mean := sum / n
	for _, c := range counts {
		squares += (c - mean) * (c - mean)
	}
	if mean == 0 {
		return dispersionPrior
	}
	own := max(0, (squares/(n-1)-mean)/(mean*mean))
	weight := (n - 1) * mean * mean / 2
	const lean = 1 / (dispersionCells * dispersionCells)
	return (weight*own + lean*dispersionPrior) / (weight + lean)
}

// winsorise cuts what lies far above the median, but not below what chance alone
// would bring.
func winsorise(past []int) []float64 {
	counts := make([]float64, len(past))
	for i, c := range past {
		counts[i] = float64(c)
	}
	if len(counts) < 3 {
		return counts
	}
	middle := middleOf(counts)
	off := make([]float64, len(counts))
	for i, c := range counts {
		off[i] = math.Abs(c - middle)
	}
	const normal = 1.4826 // the deviation of a normal distribution over its MAD
	highest := middle + 3*max(normal*middleOf(off), math.Sqrt(max(middle, 1)))
	for i, c := range counts {
		counts[i] = min(c, highest)
	}
	return counts
}

func middleOf(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// Part is the baseline of a share of the slot, such as 1/12 of an hour. What
// makes slots differ applies to each part alike.
func (b Baseline) Part(share float64) Baseline {
	b.Mean *= share
	return b
}

// Tail is P(X >= k), exactly.
func (b Baseline) Tail(k int) float64 {
	switch {
	case k <= 0:
		return 1
	case b.Mean <= 0:
		return 0
	case b.Dispersion < 1e-9:
		return mathext.GammaIncReg(float64(k), b.Mean)
	}
	size := 1 / b.Dispersion
	return mathext.RegIncBeta(float64(k), size, b.Mean/(size+b.Mean))
}
