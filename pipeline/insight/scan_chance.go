package insight

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

const (
	drawnWeeks  = 32  // that are drawn to judge a window
	fewWeeks    = 8   // that are enough where chance is often
	oftenChance = 0.2 // no finding comes of it
)

// draws are weeks without a problem that are still to be drawn.
type draws struct {
	usual        *week
	prior        prior
	least        int // complaints without which no window is told
	ratio        float64
	seed, stream uint64
}

func (d *draws) chance() float64 {
	return d.usual.chance(d.prior, d.least, d.ratio, rand.New(rand.NewPCG(d.seed, d.stream)))
}

// reach is what a window needs to reach a ratio.
type reach struct {
	window window
	need   int
	due    float64
}

// chance is how likely the best window of a usual week, with as many complaints in
// all as there are, reaches a ratio: importance sampling (Naiman and Priebe 2001).
// With A(w), that window w reaches it,
//
//	P(any A) = Σ P(A(w)) · E[1/N | A(w)],
//
// where N says how many windows reach it in the same week. The sum is of binomial
// tails; the mean is over weeks, each drawn given A(w) for a w that is picked by
// P(A(w)). However small the chance is, few draws tell it.
func (usual *week) chance(p prior, least int, ratio float64, random *rand.Rand) float64 {
	total, _ := usual.total()
	reaches, sums := usual.reaches(p, least, ratio)
	if len(reaches) == 0 {
		return 0
	}
	every, alone := sums[len(sums)-1], 0.0
	d := newDrawing(usual, total)
	place := random.Float64()
	for n := 1; ; n++ {
		_, place = math.Modf(place + math.Phi) // spreads the picks evenly
		i := min(sort.SearchFloat64s(sums, place*every), len(sums)-1)
		alone += 1 / float64(d.reaching(reaches, i, random))
		chance := every * alone / float64(n)
		if n == drawnWeeks || n == fewWeeks && chance > oftenChance {
			return min(1, chance)
		}
	}
}

// reaches are the windows that can reach a ratio, with the running sums of their
// chances.
func (usual *week) reaches(p prior, least int, ratio float64) (out []reach, sums []float64) {
	total, _ := usual.total()
	out, sums = make([]reach, 0, int(windowCount)), make([]float64, 0, int(windowCount))
	sum, i := 0.0, 0
	windows(func(w window) {
		_, e := usual.in(w)
		known := p[i]
		i++
		if e <= 1e-9 {
			return
		}
		const lowest = 1e-3 // less than any that is told
		if need := max(least, reaching(max(lowest, ratio-known), total, e)); need <= total {
			sum += upperTail(need, total, e/float64(total))
			out, sums = append(out, reach{w, need, e}), append(sums, sum)
		}
	})
	return out, sums
}

// reaching is the least count with at least this ratio, more than the total if
// none has it. The ratio is convex in the count: Newton's method comes down to it.
func reaching(ratio float64, total int, expected float64) int {
	t := float64(total)
	if t*math.Log(t/expected) < ratio {
		return total + 1
	}
	x := min(expected+math.Sqrt(2*ratio*expected)+ratio, t-1e-6)
	for range 20 {
		inside, outside := math.Log(x/expected), math.Log((t-x)/(t-expected))
		step := (x*inside + (t-x)*outside - ratio) / (inside - outside)
		x = min(x-step, t-1e-6)
		if math.Abs(step) < 1e-3 {
			break
		}
	}
	least := int(expected) + 1
	n := max(int(math.Round(x)), least)
	for n > least && scanRatio(n-1, total, expected) >= ratio {
		n--
	}
	for n <= total && scanRatio(n, total, expected) < ratio {
		n++
	}
	return n
}

// drawing draws usual weeks with so many complaints in all.
type drawing struct {
	usual   *week
	total   int
	hours   []uint8 // with anything due
	inside  []float64
	outside []float64 // running sums of what is due in a window and outside of it
	week    week
	upTo    []float64
}

func newDrawing(usual *week, total int) *drawing {
	d := &drawing{usual: usual, total: total}
	for h, due := range usual.expected {
		if due > 0 {
			d.hours = append(d.hours, uint8(h))
		}
	}
	d.inside, d.outside = make([]float64, len(d.hours)), make([]float64, len(d.hours))
	return d
}

// reaching draws a week in which one window has what it needs and returns how
// many have.
func (d *drawing) reaching(reaches []reach, one int, random *rand.Rand) (n int) {
	r := &reaches[one]
	in, out := 0.0, 0.0
	for i, h := range d.hours {
		if r.window.covers(h) {
			in += d.usual.expected[h]
		} else {
			out += d.usual.expected[h]
		}
		d.inside[i], d.outside[i] = in, out
	}
	clear(d.week.observed[:])
	inside := d.atLeast(r.need, r.due/float64(d.total), random)
	d.deal(inside, d.inside, random)
	d.deal(d.total-inside, d.outside, random)
	d.week.sum()
	for i := range reaches {
		if d.week.observedIn(reaches[i].window) >= reaches[i].need {
			n++
		}
	}
	return max(n, 1)
}

// deal gives complaints to the hours by running sums of what is due.
func (d *drawing) deal(n int, sums []float64, random *rand.Rand) {
	const many = 1000 // from here on it is faster by hours
	if n > many {
		d.dealByHours(n, sums, random)
		return
	}
	all := sums[len(sums)-1]
	for range n {
		i, _ := slices.BinarySearch(sums, random.Float64()*all)
		d.week.observed[d.hours[min(i, len(sums)-1)]]++
	}
}

// dealByHours does the same: of those that are left each hour gets a binomial count.
func (d *drawing) dealByHours(n int, sums []float64, random *rand.Rand) {
	before := 0.0
	for i, h := range d.hours {
		here := n
		if share := (sums[i] - before) / (sums[len(sums)-1] - before); share < 1-1e-9 {
			here = int(distuv.Binomial{N: float64(n), P: share, Src: random}.Rand())
		}
		d.week.observed[h] += here
		if n, before = n-here, sums[i]; n == 0 {
			return
		}
	}
}

// atLeast draws a binomial count that is not below least.
func (d *drawing) atLeast(least int, p float64, random *rand.Rand) int {
	d.upTo = d.upTo[:0]
	term, sum := 1.0, 0.0
	for k := least; k <= d.total && term > 1e-12*sum; k++ {
		sum += term
		d.upTo = append(d.upTo, sum)
		term *= float64(d.total-k) / float64(k+1) * p / (1 - p)
	}
	return least + min(sort.SearchFloat64s(d.upTo, random.Float64()*sum), len(d.upTo)-1)
}
