package insight

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// upperTail is P(X >= k) for X binomial with n trials of probability p.
func upperTail(k, n int, p float64) float64 {
	switch {
	case k <= 0 || p >= 1:
		return 1
	case k > n || p <= 0:
		return 0
	}
	return mathext.RegIncBeta(float64(k), float64(n-k+1), p)
}

// overdispersedTail is P(X >= k) for a count with this mean whose rate itself
// varies by a factor of variance spread: negative binomial, Poisson at spread 0.
func overdispersedTail(k int, mean, spread float64) float64 {
	switch {
	case k <= 0:
		return 1
	case mean <= 0:
		return 0
	case spread < 1e-6:
		return mathext.GammaIncReg(float64(k), mean)
	}
	return mathext.RegIncBeta(float64(k), 1/spread, mean*spread/(1+mean*spread))
}

func sum(v []float64) (total float64) {
	for _, x := range v {
		total += x
	}
	return total
}

// scanRatio is the log likelihood ratio of Kulldorff's scan statistic: observed
// of total counts where expected are due. 0 if no more than expected.
func scanRatio(observed, total int, expected float64) float64 {
	o, t := float64(observed), float64(total)
	if o <= expected || expected <= 0 || t <= expected {
		return 0
	}
	ratio := o * math.Log(o/expected)
	if o < t {
		ratio += (t - o) * math.Log((t-o)/(t-expected))
	}
	return ratio
}

// mayExceed says whether scanRatio may be more than a ratio. It needs no logarithm:
// with h(x) = (1+x) ln(1+x) - x the ratio is e h(d/e) + (t-e) h(-d/(t-e)), and
// h(x) <= x²/2 for x >= 0, h(x) <= x² for x < 0.
func mayExceed(observed, total, expected, ratio float64) bool {
	d, rest := observed-expected, total-expected
	return d > 0 && d*d*(rest+2*expected) > ratio*2*expected*rest
}

// liftInterval is the exact 95 % interval of a Poisson count (Garwood 1936)
// over what is expected.
func liftInterval(observed int, expected float64) (low, high float64) {
	o := float64(observed)
	if observed > 0 {
		low = mathext.GammaIncRegInv(o, 0.025)
	}
	return low / expected, mathext.GammaIncRegInv(o+1, 0.975) / expected
}

// discoveries turns p values of m tests into q values,
//
//	q(k) = p(k) · m · price / k
//
// of the k-th least. At price 1 they hold for tests that depend on each other in no way
// or positively (Benjamini and Hochberg 1995), at the harmonic sum of m for any
// (Benjamini and Yekutieli 2001).
type discoveries struct {
	sorted []float64
	factor float64   // number of tests times the price
	best   []float64 // lowest q value of a test and all that are less significant
}

func newDiscoveries(p []float64, price float64) discoveries {
	d := discoveries{sorted: slices.Sorted(slices.Values(p)), factor: float64(len(p)) * price}
	d.best = make([]float64, len(p)+1)
	d.best[len(p)] = 1
	for i := len(p) - 1; i >= 0; i-- {
		d.best[i] = min(d.best[i+1], d.at(d.sorted[i], i+1))
	}
	return d
}

// anyDependence is the price of n tests that may depend on each other in any way.
func anyDependence(n int) (price float64) {
	for i := range n {
		price += 1 / float64(i+1)
	}
	return price
}

// at is what a p value makes of so many discoveries.
func (d discoveries) at(p float64, rank int) float64 {
	return p * d.factor / float64(max(rank, 1))
}

// q is the smallest false discovery rate at which a test with this p value is a
// discovery.
func (d discoveries) q(p float64) float64 {
	rank, _ := slices.BinarySearch(d.sorted, math.Nextafter(p, 2))
	return min(d.at(p, rank), d.best[rank])
}

// Wilson returns the 95 % score interval of k successes in n trials (Wilson
// 1927), 0..1 for n = 0.
func Wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	mid := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	low, high = max(0, (mid-half)/(1+z*z/m)), min(1, (mid+half)/(1+z*z/m))
	if k == 0 {
		low = 0 // but for rounding
	}
	if k == n {
		high = 1
	}
	return low, high
}
