package insight

import (
	"math"
	"testing"
)

// TestPrior: windows share one error rate, and busy hours have more of it.
func TestPrior(t *testing.T) {
	traffic := new(week)
	for h := range traffic.expected {
		traffic.expected[h] = 10
		if hour := h % dayHours; hour >= 18 && hour < 20 {
			traffic.expected[h] = 200
		}
	}
	traffic.sum()
	p, all := newPrior(traffic), 0.0
	windows(func(w window) { all += 1 / p.price(w) })
	if math.Abs(all-1) > 1e-9 {
		t.Errorf("the shares add up to %v", all)
	}
	if busy, night := p.price(window{1, 2, 4, 18}), p.price(window{1, 2, 4, 2}); busy > night/15 {
		t.Errorf("price %.0f of busy hours, %.0f of the night", busy, night)
	}
}

func TestWindowShares(t *testing.T) {
	for _, c := range []struct {
		a, b window
		want bool
	}{
		{window{2, 2, 4, 18}, window{2, 2, 4, 18}, true},
		{window{2, 2, 4, 18}, window{2, 3, 4, 18}, true},  // 4 of 6
		{window{2, 2, 4, 18}, window{1, 2, 4, 18}, false}, // 2 of 4
		{window{1, 4, 4, 18}, window{1, 4, 4, 19}, true},  // 3 of 5
		{window{1, 2, 4, 18}, window{1, 2, 5, 18}, false},
	} {
		if got := c.a.shares(c.b); got != c.want || c.b.shares(c.a) != c.want {
			t.Errorf("%v and %v: %v", c.a, c.b, got)
		}
	}
}

// TestLevelTail: among locations that are alike the others' level makes a window
// stand out more than the location's own other hours do; where these say that it is
// unlike, they alone count.
func TestLevelTail(t *testing.T) {
	at := window{1, 2, 4, 18}
	draw := func(inside, outside int) (k *week) {
		k = new(week)
		for h := range k.expected {
			k.expected[h] = 1
		}
		k.observed[4*dayHours+18], k.observed[0] = inside, outside
		k.sum()
		return k
	}
	tail := func(k *week) float64 {
		o, e := k.in(at)
		return k.levelOutside(at, 0).tail(o, e)
	}
	for _, c := range []struct {
		inside, outside int
		low, high       float64 // times the tail against its own hours
	}{{12, 166, 0.1, 1}, {12, 900, 0.999, 1.001}, {0, 166, 0.999, 1.001}} {
		k := draw(c.inside, c.outside)
		usual := k.usual()
		got, own := tail(k), usual.tail(at)
		if got < c.low*own || got > c.high*own {
			t.Errorf("%d inside, %d outside: %.3g, against its own hours %.3g", c.inside, c.outside, got, own)
		}
	}
	if p := tail(draw(5, 3)); math.IsNaN(p) || p <= 0 || p > 1 {
		t.Errorf("chance %v", p)
	}
}
