package insight

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// draw spreads so many complaints over the hours as they are due.
func (usual *week) draw(total int, random *rand.Rand) *week {
	_, due := usual.total()
	k := &week{expected: usual.expected}
	for range total {
		x, h := random.Float64()*due, 0
		for h < weekHours-1 && x >= usual.expected[h] {
			x -= usual.expected[h]
			h++
		}
		k.observed[h]++
	}
	k.sum()
	return k
}

// TestChance compares with the share of plainly drawn weeks whose best window
// reaches the ratio.
func TestChance(t *testing.T) {
	k := new(week)
	for _, day := range []int{0, 1, 4, 5} {
		for hour := 11; hour < 20; hour++ {
			k.expected[day*dayHours+hour] = float64(1 + hour%4)
			k.observed[day*dayHours+hour] = 1
		}
	}
	k.sum()
	const least = 4
	known := newPrior(k)
	for _, ratio := range []float64{0, 1.5} {
		random := rand.New(rand.NewPCG(4, 4))
		usual := k.usual()
		total, _ := usual.total()
		const plain, sampled = 3000, 40
		reached, chance := 0.0, 0.0
		for range plain {
			if top, _ := usual.draw(total, random).best(known, least, nil); top.log >= ratio {
				reached++
			}
		}
		for range sampled {
			chance += usual.chance(known, least, ratio, random) / sampled
		}
		want := reached / plain
		if off := math.Abs(chance - want); off > 3*math.Sqrt(want*(1-want)/plain)+0.1*want {
			t.Errorf("ratio %v: %.4f, by %d draws %.4f", ratio, chance, plain, want)
		}
	}
}

// TestChanceOfManyComplaints: weeks of many complaints are drawn hour by hour; the
// chance is about that of a hundredth of them, which are drawn one by one.
func TestChanceOfManyComplaints(t *testing.T) {
	chance := func(each int) (p float64) {
		k := new(week)
		for h := range k.expected {
			k.expected[h], k.observed[h] = float64(1+h%5), each
		}
		k.sum()
		usual := k.usual()
		for seed := range uint64(10) {
			p += usual.chance(newPrior(k), 10, 6, rand.New(rand.NewPCG(seed, 1))) / 10
		}
		return p
	}
	if few, many := chance(5), chance(500); math.Abs(math.Log(few/many)) > 0.5 {
		t.Errorf("%.2g of %d complaints, %.2g of %d", few, 5*weekHours, many, 500*weekHours)
	}
}

func TestReaching(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.IntRange(1, 300).Draw(t, "total")
		expected := rapid.Float64Range(1e-6, float64(total)).Draw(t, "expected")
		ratio := rapid.Float64Range(0.5, 40).Draw(t, "ratio")
		want := int(expected) + 1
		for want <= total && scanRatio(want, total, expected) < ratio {
			want++
		}
		if got := reaching(ratio, total, expected); got != want {
			t.Fatalf("%d of %d where %v are due reach %v, want %d", got, total, expected, ratio, want)
		}
	})
}

// TestBest looks at every window.
func TestBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		k := new(week)
		for h := range k.expected {
			k.expected[h], k.observed[h] = random.Float64(), random.IntN(3)
		}
		k.observed[random.IntN(weekHours)] += 9
		k.sum()
		usual, known := k.usual(), newPrior(k)
		least := rapid.IntRange(1, 20).Draw(t, "least")
		total, _ := usual.total()
		top, near := usual.best(known, least, nil)
		highest, ok := top.log, len(near) > 0
		want, i := math.Inf(-1), 0
		windows(func(w window) {
			if o, e := usual.in(w); o >= least && float64(o) > e {
				want = max(want, scanRatio(o, total, e)+known[i])
			}
			i++
		})
		if ok != !math.IsInf(want, -1) || ok && math.Abs(highest-want) > 1e-9 {
			t.Fatalf("%+v with %v, want %v", top, highest, want)
		}
		if !ok {
			return
		}
		if o, e := usual.in(top.window); math.Abs(scanRatio(o, total, e)-math.Log(known.price(top.window))-highest) > 1e-9 {
			t.Fatalf("%+v has not %v", top, highest)
		}
		w := usual.typical(near, highest)
		if o, e := usual.in(w); o < least || scanRatio(o, total, e)-math.Log(known.price(w)) < highest-alike-1e-9 {
			t.Fatalf("%+v is no window nearly as likely as %+v", w, top)
		}
	})
}
