package insight

import (
	"flag"
	"math"
	"math/rand/v2"
	"testing"
)

var coverage = flag.Int("coverage", 40, "how many worlds the tests of intervals draw")

// impactWorld draws answers: a share of them complain and are worse. Customers
// answer up to three times, in the same mood.
func impactWorld(seed uint64, n int) []TopicVotes {
	r := rand.New(rand.NewPCG(seed, 5))
	var all, slow, rare [JackknifeGroups]Votes
	for answers := 0; answers < n; {
		g := r.IntN(JackknifeGroups)
		complains, rarely, mood := r.Float64() < .1, r.Float64() < .01, r.Float64()
		for range 1 + r.IntN(3) {
			v := Votes{1, 0}
			good := .5
			if complains {
				good = .1
			}
			switch u := (mood + r.Float64()) / 2; {
			case u < good:
				v.Balance = 1
			case u > good+.2:
				v.Balance = -1
			}
			all[g] = all[g].plus(v)
			if complains {
				slow[g] = slow[g].plus(v)
			}
			if rarely {
				rare[g] = rare[g].plus(v)
			}
			answers++
		}
	}
	var out []TopicVotes
	for topic, groups := range map[string]*[JackknifeGroups]Votes{"": &all, "slow": &slow, "rare": &rare} {
		for g, v := range groups {
			out = append(out, TopicVotes{Topic: topic, Group: uint8(g), Votes: map[KPI]Votes{NPS: v}})
		}
	}
	return out
}

// TestImpactIntervals counts how often the interval holds the true cost, which a
// very large world tells.
func TestImpactIntervals(t *testing.T) {
	truth := map[string]float64{}
	for _, i := range Impacts(impactWorld(1, 3_000_000)) {
		truth[i.Topic] = i.Points
	}
	if truth["slow"] < 5 || math.Abs(truth["rare"]) > .05 {
		t.Fatalf("truth %v", truth)
	}
	held, of := 0, 0
	for seed := range uint64(5 * *coverage) {
		for _, i := range Impacts(impactWorld(1000+seed, 2000)) {
			if of++; i.Low <= truth[i.Topic] && truth[i.Topic] <= i.High {
				held++
			}
		}
	}
	checkCoverage(t, held, of)
}

func TestImpactByHand(t *testing.T) {
	// 10 of 100 complain and are all bad, of the others 60 are good and 10 bad.
	got := Impacts([]TopicVotes{
		{Topic: "", Votes: map[KPI]Votes{NPS: {100, 40}, CSAT: {50, 30}}},
		{Topic: "slow", Votes: map[KPI]Votes{NPS: {10, -10}, CSAT: {4, 0}}},
		{Topic: "everywhere", Votes: map[KPI]Votes{NPS: {100, 40}}},
	})
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	if i := got[0]; i.Topic != "slow" || i.KPI != NPS || math.Abs(i.Points-(100*50./90-40)) > 1e-9 || i.Events != 10 || i.Answers != 100 || i.Value != 40 {
		t.Errorf("%+v", i)
	}
}
