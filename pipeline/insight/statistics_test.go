package insight

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestUpperTail compares with the sum of the binomial's terms.
func TestUpperTail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		p := rapid.Float64Range(0.001, 0.999).Draw(t, "p")
		want := 0.0
		for i := k; i <= n; i++ {
			a, _ := math.Lgamma(float64(n + 1))
			b, _ := math.Lgamma(float64(i + 1))
			c, _ := math.Lgamma(float64(n - i + 1))
			want += math.Exp(a - b - c + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
		}
		if got := upperTail(k, n, p); math.Abs(got-want) > 1e-9 {
			t.Fatalf("P(X >= %d), n %d, p %v: %v, want %v", k, n, p, got, want)
		}
	})
}

// Garwood's limits for a Poisson count of 10 are 4.795 and 18.39.
func TestLiftInterval(t *testing.T) {
	low, high := liftInterval(10, 2)
	if math.Abs(low-4.795/2) > 1e-3 || math.Abs(high-18.390/2) > 1e-3 {
		t.Errorf("%v..%v", low, high)
	}
	if low, _ := liftInterval(0, 1); low != 0 {
		t.Errorf("lower end %v for a count of 0", low)
	}
}

// Values of Wilson's interval as tabulated by Newcombe (1998), table I.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		low, high := Wilson(c.k, c.n)
		if math.Abs(low-c.low) > 5e-5 || math.Abs(high-c.high) > 5e-5 {
			t.Errorf("%d of %d: %.4f..%.4f, want %.4f..%.4f", c.k, c.n, low, high, c.low, c.high)
		}
	}
}

// TestDiscoveries works through the procedure by hand: m = 4, harmonic sum 25/12.
func TestDiscoveries(t *testing.T) {
	d := newDiscoveries([]float64{0.5, 0.001, 0.04, 0.01}, anyDependence(4))
	h := 25.0 / 12
	for p, want := range map[float64]float64{0.001: 0.001 * 4 * h, 0.01: 0.01 * 4 * h / 2, 0.04: 0.04 * 4 * h / 3, 0.5: min(1, 0.5*h)} {
		if got := d.q(p); math.Abs(got-want) > 1e-12 {
			t.Errorf("q(%v) = %v, want %v", p, got, want)
		}
	}
}

// TestIndependentDiscoveries works through it at price 1.
func TestIndependentDiscoveries(t *testing.T) {
	d := newDiscoveries([]float64{0.5, 0.003, 0.04, 0.004}, 1)
	for p, want := range map[float64]float64{0.001: 0.004, 0.003: 0.008, 0.004: 0.008, 0.04: 0.16 / 3, 0.5: 0.5} {
		if got := d.q(p); math.Abs(got-want) > 1e-12 {
			t.Errorf("q(%v) = %v, want %v", p, got, want)
		}
	}
}

func TestWindowSums(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	k := new(week)
	for h := range uint8(weekHours) {
		k.observed[h], k.expected[h] = random.IntN(5), float64(random.IntN(9))
	}
	k.sum()
	seen := 0
	windows(func(w window) {
		seen++
		o, e := 0, 0.0
		for h := range uint8(weekHours) {
			if w.covers(h) {
				o += k.observed[h]
				e += k.expected[h]
			}
		}
		if go1, ge := k.in(w); go1 != o || ge != e {
			t.Fatalf("%+v: %d %v, want %d %v", w, go1, ge, o, e)
		}
	})
	if float64(seen) != windowCount {
		t.Errorf("%d windows, counted %v", seen, windowCount)
	}
}

func TestMayExceed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.IntRange(1, 5000).Draw(t, "total")
		observed := rapid.IntRange(0, total).Draw(t, "observed")
		expected := rapid.Float64Range(1e-6, float64(total)).Draw(t, "expected")
		if ratio := scanRatio(observed, total, expected); ratio > 1e-9 && !mayExceed(float64(observed), float64(total), expected, ratio*(1-1e-9)-1e-9) {
			t.Fatalf("%d of %d where %v: ratio %v, which it may not exceed", observed, total, expected, ratio)
		}
	})
}
