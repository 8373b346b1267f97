package insight

import (
	"math/rand/v2"
	"testing"
)

func TestGrowths(t *testing.T) {
	counts := []TwoCounts{
		{40, 0},    // new
		{40, 160},  // as before
		{60, 40},   // six times the rate
		{9, 0},     // too few
		{300, 900}, // a third more
		{0, 50},    // gone
	}
	want := []bool{true, false, true, false, false, false}
	for i, g := range Growths(counts, 1000, 4000) {
		if g.IsNew(counts[i]) != want[i] {
			t.Errorf("%+v: new is %t with %+v", counts[i], !want[i], g)
		}
		if g.P < 0 || g.P > 1 || g.Q < g.P || g.Q > 1 {
			t.Errorf("%+v: %+v", counts[i], g)
		}
	}
	if g := Growths([]TwoCounts{{5, 0}}, 5, 0); g[0].IsNew(TwoCounts{5, 0}) || g[0].P < 1 {
		t.Errorf("without a part before there is no growth: %+v", g)
	}
	if len(Growths(nil, 0, 0)) != 0 {
		t.Error("growth of nothing")
	}
}

// Among phrases whose rates stay, hardly a look finds a new one.
func TestGrowthOfNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	alarmed := 0
	const looks = 200
	for range looks {
		counts := make([]TwoCounts, 300)
		for i := range counts {
			rate := 1 + 80*rng.Float64()
			counts[i] = TwoCounts{poisson(rng, rate), poisson(rng, 4*rate)}
		}
		for i, g := range Growths(counts, 1000, 4000) {
			if g.IsNew(counts[i]) {
				alarmed++
				break
			}
		}
	}
	if alarmed > looks/50 {
		t.Fatalf("%d of %d looks at nothing new raised something", alarmed, looks)
	}
}
