package insight

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestLeast is the count at which the tail of a level falls below a chance.
func TestLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		outside := rapid.IntRange(0, 300).Draw(t, "outside")
		due := rapid.Float64Range(0.1, 300).Draw(t, "due")
		l := placeLevel(outside, due, rapid.Float64Range(0, 0.5).Draw(t, "spread"))
		if rapid.Bool().Draw(t, "own") {
			l = ownLevel(outside, due)
		}
		inside, p := rapid.Float64Range(1e-3, 30).Draw(t, "inside"), math.Exp(-rapid.Float64Range(0, 18).Draw(t, "log p"))
		fewest := rapid.IntRange(0, 20).Draw(t, "fewest")
		need, chance := l.least(fewest, inside, p)
		if need < fewest || math.Abs(chance-l.tail(need, inside)) > 1e-12+1e-6*chance || chance > p {
			t.Fatalf("%d with %g, the tail is %g, asked for %g", need, chance, l.tail(need, inside), p)
		}
		if need > fewest && l.tail(need-1, inside) <= p*(1-1e-9) {
			t.Fatalf("%d is enough: %g", need-1, l.tail(need-1, inside))
		}
	})
}

// chances counts how many of so many p values are at most each level.
func chances(n int, p func() float64) (shares map[float64]float64) {
	shares = map[float64]float64{}
	for range n {
		drawn := p()
		for _, at := range []float64{0.1, 0.02} {
			if drawn <= at {
				shares[at] += 1 / float64(n)
			}
		}
	}
	return shares
}

func checkChances(t *testing.T, n int, shares map[float64]float64) {
	t.Helper()
	for at, share := range shares {
		if share > at+3*math.Sqrt(at/float64(n)) {
			t.Errorf("%.4f of %d have a chance of at most %v", share, n, at)
		}
	}
	if shares[0.1] < 0.02 {
		t.Errorf("%.4f have a chance of at most 0.1: it is told too high", shares[0.1])
	}
}

// TestPlaceWeeksChance: of locations without a problem no more look like one than the
// chance says, and not many fewer.
func TestPlaceWeeksChance(t *testing.T) {
	random, n := rand.New(rand.NewPCG(3, 8)), 600
	traffic := new(week)
	for h := range traffic.expected {
		traffic.expected[h] = 0.05 + math.Exp(-math.Pow(float64(h%dayHours)-13, 2)/6) + math.Exp(-math.Pow(float64(h%dayHours)-19, 2)/6)
	}
	traffic.sum()
	m, at := &miner{shared: &shared{opts: Options{}.withDefaults(), prior: newPrior(traffic), Table: &Table{}}}, new(totals)
	_, all := traffic.total()
	checkChances(t, n, chances(n, func() float64 {
		var k counts
		for h, e := range traffic.expected {
			k.week.expected[h] = 60 * e / all
			k.week.observed[h] = poisson(random, k.week.expected[h])
		}
		k.week.sum()
		at.whole, at.values[Location] = k, []counts{{}, k}
		c, ok := m.placeWindow(at, 1)
		if !ok {
			return 1
		}
		return c.p
	}))
}

// TestSteadyDaysChance is the same of days without a rise.
func TestSteadyDaysChance(t *testing.T) {
	random, n := rand.New(rand.NewPCG(4, 9)), 600
	checkChances(t, n, chances(n, func() float64 {
		const days, due = 120, 0.4
		k := counts{days: newDays(days)}
		for d := range k.days.expected {
			k.days.expected[d], k.days.observed[d] = due, poisson(random, due)
		}
		total, _ := k.days.since(0)
		m := &miner{shared: &shared{opts: Options{}.withDefaults(), Table: &Table{}}, hits: make([]int32, total)}
		known := func(outside int, due float64) *level { return placeLevel(outside, due, 0) }
		c, ok := m.rise(cell{}, &k, &k, known)
		if !ok {
			return 1
		}
		c.settle()
		return c.p
	}))
}

func newDays(n int) days { return days{make([]int, n), make([]float64, n)} }
