package insight

import (
	"math"
	"math/rand/v2"
	"sort"
)

const (
	draws       = 32  // that are made to judge a window or a rise
	fewDraws    = 8   // that are enough where chance is often
	oftenChance = 0.2 // no finding comes of it
)

// drawn is a chance that is still to be drawn.
type drawn struct {
	of interface {
		chance(random *rand.Rand) float64
	}
	seed, stream uint64
}

func (d *drawn) chance() float64 { return d.of.chance(rand.New(rand.NewPCG(d.seed, d.stream))) }

// seed tells the candidates of a topic apart.
func (m *miner) seed(at cell) uint64 {
	return uint64(m.topic)<<32 | uint64(at.values[Location])<<16 | uint64(at.values[Product])<<8 | uint64(at.values[Channel])
}

// union is how likely any of several cells has what it needs, by importance sampling
// (Naiman and Priebe 2001). With A(i), that cell i has,
//
//	P(any A) = Σ P(A(i)) · E[1/N | A(i)],
//
// where N says how many cells have it at the same time. Sums are the running sums of
// P(A(i)); drawing i returns N, drawn given A(i), at least 1. Each i is picked by P(A(i)).
// However small the chance is, few draws tell it.
func union(sums []float64, random *rand.Rand, drawing func(i int) (n int)) float64 {
	if len(sums) == 0 {
		return 0
	}
	every, alone := sums[len(sums)-1], 0.0
	place := random.Float64()
	for n := 1; ; n++ {
		_, place = math.Modf(place + math.Phi) // spreads the picks evenly
		i := min(sort.SearchFloat64s(sums, place*every), len(sums)-1)
		alone += 1 / float64(drawing(i))
		chance := every * alone / float64(n)
		if n == draws || n == fewDraws && chance > oftenChance {
			return min(1, chance)
		}
	}
}
