package insight

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// reach is what a window needs to reach a ratio.
type reach struct {
	window window
	need   int
	due    float64
}

// usualWeeks are weeks with as many complaints in all as there are, dealt as they are due.
type usualWeeks struct {
	usual *week
	prior prior
	least int // complaints without which no window is told
	ratio float64
}

// chance is how likely the best window of such a week reaches the ratio.
func (u *usualWeeks) chance(random *rand.Rand) float64 {
	return u.usual.chance(u.prior, u.least, u.ratio, random)
}

func (usual *week) chance(p prior, least int, ratio float64, random *rand.Rand) float64 {
	total, _ := usual.total()
	reaches, sums := usual.reaches(p, least, ratio)
	d := newDrawing(usual, random)
	return union(sums, random, func(i int) int {
		r := &reaches[i]
		share := r.due / float64(total)
		inside := atLeast(r.need, func(k int) float64 { return float64(total-k) / float64(k+1) * share / (1 - share) }, random)
		return d.reaching(reaches, r, inside, total-inside)
	})
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

// drawing draws weeks with complaints as they are due.
type drawing struct {
	usual   *week
	random  *rand.Rand
	hours   []uint8 // with anything due
	inside  []float64
	outside []float64 // running sums of what is due in a window and outside of it
	week    week
}

func newDrawing(usual *week, random *rand.Rand) *drawing {
	d := &drawing{usual: usual, random: random}
	for h, due := range usual.expected {
		if due > 0 {
			d.hours = append(d.hours, uint8(h))
		}
	}
	d.inside, d.outside = make([]float64, len(d.hours)), make([]float64, len(d.hours))
	return d
}

// reaching draws a week with so many complaints inside of a window, which are what it
// needs, and outside of it, and returns how many windows have what they need.
func (d *drawing) reaching(reaches []reach, r *reach, inside, outside int) (n int) {
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
	d.deal(inside, d.inside)
	d.deal(outside, d.outside)
	d.week.sum()
	for i := range reaches {
		if d.week.observedIn(reaches[i].window) >= reaches[i].need {
			n++
		}
	}
	return max(n, 1)
}

// deal gives complaints to the hours by running sums of what is due.
func (d *drawing) deal(n int, sums []float64) {
	const many = 1000 // from here on it is faster by hours
	if n > many {
		d.dealByHours(n, sums)
		return
	}
	for range n {
		d.week.observed[d.hours[pickBy(sums, d.random)]]++
	}
}

// pickBy picks a place by running sums of what is due.
func pickBy(sums []float64, random *rand.Rand) int {
	last := len(sums) - 1
	i, _ := slices.BinarySearch(sums, random.Float64()*sums[last])
	return min(i, last)
}

// dealByHours does the same: of those that are left each hour gets a binomial count.
func (d *drawing) dealByHours(n int, sums []float64) {
	before := 0.0
	for i, h := range d.hours {
		here := n
		if share := (sums[i] - before) / (sums[len(sums)-1] - before); share < 1-1e-9 {
			here = int(distuv.Binomial{N: float64(n), P: share, Src: d.random}.Rand())
		}
		d.week.observed[h] += here
		if n, before = n-here, sums[i]; n == 0 {
			return
		}
	}
}

// atLeast draws a count that is not below least. The ratio is that of the chances of k+1
// and of k.
func atLeast(least int, ratio func(k int) float64, random *rand.Rand) int {
	var upTo []float64
	term, sum := 1.0, 0.0
	for k := least; term > 1e-12*sum; k++ {
		sum += term
		upTo = append(upTo, sum)
		term *= ratio(k)
	}
	return least + pickBy(upTo, random)
}
