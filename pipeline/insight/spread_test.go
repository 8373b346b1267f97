package insight

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// drawCounts draws counts of so many values, each due times by its own factor of the
// given standard deviation.
func drawCounts(random *rand.Rand, n int, due, deviation float64) (observed, expected []float64) {
	for range n {
		factor := max(0.05, 1+deviation*random.NormFloat64())
		observed = append(observed, distuv.Poisson{Lambda: due * factor, Src: random}.Rand())
		expected = append(expected, due)
	}
	return observed, expected
}

// TestMeasureSpread: the mean over many draws is the true variance, also where one
// value has most of the complaints, which makes too much due at the others.
func TestMeasureSpread(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 6))
	for _, c := range []struct{ deviation, off float64 }{{0, 1}, {0.3, 1}, {0, 2}} {
		mean, square, variance := 0.0, 0.0, 0.0
		const draws = 2000
		for range draws {
			observed, expected := drawCounts(random, 21, 60, c.deviation)
			observed[0] = 2000
			for i := range expected {
				expected[i] *= c.off
			}
			e, ok := measureSpread(observed, expected)
			if !ok {
				t.Fatal("too few")
			}
			mean += e.value / draws
			square += e.value * e.value / draws
			variance += e.variance / draws
		}
		if want := c.deviation * c.deviation; math.Abs(mean-want) > 0.012 {
			t.Errorf("%+v: %.4f, want %.4f", c, mean, want)
		}
		if got := square - mean*mean; c.deviation == 0 && (got < variance/1.6 || got > variance*1.6) {
			t.Errorf("%+v: the error's variance is %.3g, measured %.3g", c, got, variance)
		}
	}
	if _, ok := measureSpread([]float64{0, 9, 9, 9, 9}, []float64{0, 8, 8, 8, 8}); ok {
		t.Error("four values tell by how much they differ")
	}
}

func TestShrink(t *testing.T) {
	alike := []measured{{0.02, 0.01}, {0.05, 0.01}, {-0.03, 0.01}, {0.04, 0.01}, {0.01, 0.01}}
	for _, c := range []struct {
		name string
		all  []measured
		e    measured
		want float64
	}{
		{"too few topics", alike[:3], measured{0.3, 0.01}, 0.3},
		{"they differ by no more than their errors", alike, measured{0.3, 0.01}, 0.02},
		{"they differ by much more", []measured{{0, 1e-6}, {0, 1e-6}, {0, 1e-6}, {1, 1e-6}}, measured{0.3, 1e-6}, 0.3},
		{"as much as by errors: half way", []measured{{-1, 0.5}, {1, 0.5}, {-1, 0.5}, {1, 0.5}}, measured{0.3, 0.5}, 0.15},
	} {
		if got := populate(c.all).shrink(c.e); math.Abs(got-c.want) > 1e-5 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
