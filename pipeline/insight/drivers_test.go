package insight

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// correlatedPanel draws answers whose true causes are known: cold food and slow
// service go together, the price is named with both but costs nothing, and twenty
// more topics cost nothing either.
func correlatedPanel(seed uint64, n int) *Panel {
	r := rand.New(rand.NewPCG(seed, 9))
	p := new(Panel)
	for range n {
		a := Answer{Group: uint8(r.IntN(JackknifeGroups)), Location: fmt.Sprint("store-", r.IntN(20)), Channel: []string{"survey", "review"}[r.IntN(2)]}
		busy, good := r.Float64() < .2, .7
		if a.Channel == "review" {
			good -= .2
		}
		often := func(quiet, rush float64) bool {
			if busy {
				return r.Float64() < rush
			}
			return r.Float64() < quiet
		}
		if often(.03, .5) {
			a.Negative = append(a.Negative, "service.speed")
			good -= .25
		}
		if often(.03, .4) {
			a.Negative = append(a.Negative, "food.cold")
			good -= .15
		}
		if often(.03, .4) {
			a.Negative = append(a.Negative, "price")
		}
		if r.Float64() < .1 {
			a.Positive = append(a.Positive, "staff")
			good += .12
		}
		for k := range 20 {
			if r.Float64() < .05 {
				a.Negative = append(a.Negative, fmt.Sprintf("other.%02d", k))
			}
		}
		if r.Float64() < good {
			a.Value = 1
		}
		p.Add(false, a)
	}
	return p
}

func trueEffects() map[string]float64 {
	return map[string]float64{"complaint service.speed": -25, "complaint food.cold": -15, "praise staff": 12}
}

func TestDriversFindTheCauses(t *testing.T) {
	m, err := Drivers(correlatedPanel(1, 8000), CSAT)
	if err != nil {
		t.Fatal(err)
	}
	want := trueEffects()
	for i, d := range m.Drivers {
		name := d.Mention + " " + d.Topic
		if _, planted := want[name]; planted != (i < len(want)) {
			t.Errorf("%s at %d: %+v", name, i, d)
		}
		if _, planted := want[name]; planted != d.Stable {
			t.Errorf("%s: stability %.2f", name, d.Stability)
		}
		if i < 4 {
			t.Logf("%+v", d)
		}
	}
	if m.Explained < .02 || m.Explained > .2 {
		t.Errorf("explained %.3f", m.Explained)
	}
	again, _ := Drivers(correlatedPanel(1, 8000), CSAT)
	if fmt.Sprint(again) != fmt.Sprint(m) {
		t.Error("the same answers give other figures")
	}
}

// TestDriverIntervals counts how often the interval holds the true effect.
func TestDriverIntervals(t *testing.T) {
	held, of := 0, 0
	for seed := range uint64(*coverage) {
		m, err := Drivers(correlatedPanel(100+seed, 2000), CSAT)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range m.Drivers {
			truth := trueEffects()[d.Mention+" "+d.Topic]
			if of++; d.Low <= truth && truth <= d.High {
				held++
			}
		}
	}
	checkCoverage(t, held, of)
}

// checkCoverage wants 95 %, give or take what the number of trials allows.
func checkCoverage(t *testing.T, held, of int) {
	t.Helper()
	share := float64(held) / float64(of)
	t.Logf("%d of %d intervals hold the truth: %.3f", held, of, share)
	if slack := .012 + 3*math.Sqrt(.95*.05/float64(of)); share < .95-slack || share > .95+slack {
		t.Errorf("%.3f of the intervals hold the truth", share)
	}
}
