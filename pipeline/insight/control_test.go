package insight

import (
	"math"
	"slices"
	"testing"
)

func TestWithoutOutliers(t *testing.T) {
	expected := []float64{10, 20, 10, 20, 10, 20, 10, 20}
	for _, c := range []struct {
		name           string
		observed, want []float64
	}{
		{"as usual", []float64{12, 19, 9, 22, 8, 20, 11, 23}, []float64{12, 19, 9, 22, 8, 20, 11, 23}},
		{"all twice the usual", []float64{22, 39, 19, 42, 18, 40, 21, 43}, []float64{22, 39, 19, 42, 18, 40, 21, 43}},
		{"a quarter with problems of their own", []float64{12, 90, 9, 22, 70, 20, 11, 23}, []float64{12, 9, 22, 20, 11, 23}},
		{"more than a quarter", []float64{12, 90, 9, 90, 70, 20, 11, 23}, []float64{12, 90, 9, 90, 70, 20, 11, 23}},
	} {
		before := slices.Clone(c.observed)
		o, e := withoutOutliers(c.observed, expected)
		if !slices.Equal(o, c.want) || len(e) != len(o) {
			t.Errorf("%s: %v, want %v", c.name, o, c.want)
		}
		if !slices.Equal(before, c.observed) || expected[4] != 10 {
			t.Errorf("%s: the counts themselves were changed", c.name)
		}
	}
}

func TestUsualFactor(t *testing.T) {
	expected := []float64{100, 120, 500, 130, 140, 60, 40}
	for _, c := range []struct {
		name     string
		observed []float64
		want     float64
	}{
		{"as usual", []float64{100, 120, 500, 130, 140, 60, 40}, 1},
		{"all twice the usual", []float64{200, 240, 1000, 260, 280, 120, 80}, 2},
		{"the largest has its problem elsewhere", []float64{100, 120, 300, 130, 140, 60, 40}, 1},
		{"two have one here", []float64{100, 120, 1500, 130, 900, 60, 40}, 1},
		{"nobody complains", make([]float64, 7), 0},
	} {
		got := usualFactor(c.observed, expected)
		if math.Abs(got-c.want) > 0.02 {
			t.Errorf("%s: %.3f, want %v", c.name, got, c.want)
		}
		if got <= 0 {
			t.Errorf("%s: %v is no factor", c.name, got)
		}
	}
}

// TestControl works through the weights by hand: 10 tests, of them 4 single cells, 1 of a
// location's hours, 4 combinations and 1 of a segment's hours, that have 24, 36, 38.9
// and 0.1 % of the error rate.
func TestControl(t *testing.T) {
	one := func(p float64, c cell) candidate { return candidate{cell: c, p: p} }
	both := only(Location, 1)
	both.values[Channel] = 2
	hours := only(Segment, 1)
	hours.window = window{days: 1, hours: 2}
	peak := only(Location, 1)
	peak.window = hours.window
	found := []candidate{one(1e-6, only(Location, 1)), one(1e-5, peak), one(1e-4, both), one(1e-6, hours)}
	m := &miner{looked: [families]int{single: 3, combined: 3}}
	k := m.control(found[:1], found[1:2], found[2:3], found[3:])
	weighed := []float64{1e-6 / (0.24 * 10 / 4), 1e-5 / (0.36 * 10), 1e-4 / (0.389 * 10 / 4), 1e-6 / (0.001 * 10)}
	// By rank; the second makes more of the first and the third of the fourth, which are
	// nearly as significant.
	best := []float64{weighed[1] / 2, weighed[1] / 2, weighed[2] / 4, weighed[2] / 4}
	for i, w := range best {
		want := w * 10
		if got := k.of(&found[i]); math.Abs(got-want) > 1e-12 {
			t.Errorf("q of candidate %d: %.4g, want %.4g", i, got, want)
		}
	}
}

// One problem counts once: what a topic's clearest cell lies in, or what lies in it, at
// hours in common, is no discovery of its own.
func TestCountOnce(t *testing.T) {
	at := func(c cell, days, hours, day, hour uint8) cell {
		c.window = window{days, hours, day, hour}
		return c
	}
	place, product := only(Location, 1), only(Product, 3)
	both := place
	both.values[Product] = 3
	found := []candidate{
		{cell: place}, {cell: at(place, 5, 3, 0, 18)}, {cell: at(place, 2, 3, 5, 18)}, {cell: at(place, 1, 2, 4, 20)},
		{cell: both}, {cell: product}, {cell: only(Location, 2)}, {cell: cell{}},
	}
	p := []float64{1e-4, 1e-6, 1e-5, 2e-6, 1e-7, 1e-3, 1e-3, 0.02}
	countOnce(found, p)
	// The combination holds all of its location and product, at all hours.
	want := []float64{1, 1, 1, 1, 1e-7, 1, 1e-3, 0.02}
	if !slices.Equal(p, want) {
		t.Errorf("with the combination: %v, want %v", p, want)
	}
	p = []float64{1e-4, 1e-6, 1e-5, 2e-6, 0.5, 1e-3, 1e-3, 0.02}
	countOnce(found, p)
	// Weekday evenings and those of the weekend have no hour in common, Friday's are of the first.
	want = []float64{1, 1e-6, 1e-5, 1, 0.5, 1e-3, 1e-3, 0.02}
	if !slices.Equal(p, want) {
		t.Errorf("without it: %v, want %v", p, want)
	}
}

func TestSharesOfTheErrorRate(t *testing.T) {
	all := 0.0
	for f := range families {
		all += f.share()
	}
	if math.Abs(all-1) > 1e-12 {
		t.Errorf("they add up to %v", all)
	}
}
