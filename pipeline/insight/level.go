package insight

import (
	"math"
	"sort"
)

// gamma is how a level is distributed.
type gamma struct{ shape, rate float64 }

// tail is the chance of k and more complaints where so many are due at level 1.
func (g gamma) tail(k int, due float64) float64 {
	return overdispersedTail(k, due*g.shape/g.rate, 1/g.shape)
}

func (g gamma) mean() float64 { return g.shape / g.rate }

// level is what is known of the complaints that are due in a window or since a day, by
// those outside of it. Most locations of a chain are much alike in a topic, and what is
// known of them says more than the location's own other hours, but some are not: with the
// share of these before, and as the location's other hours speak for the one or the other,
// it is a mixture. Alike, the location's level is Gamma distributed around that of the
// chain, by how much locations differ of themselves; else it may be any, and the own other
// hours alone tell.
type level struct {
	alike, own gamma
	odds       float64 // of the second
}

// placeLevel is that of a location with so many complaints outside, where so many are due.
// The spread is that of locations.
func placeLevel(outside int, due, spread float64) *level {
	const (
		least  = 0.02 // no locations are more alike
		broad  = 1    // variance of the level where it may be any
		unlike = 0.1  // share of the locations that are
	)
	spread = max(spread, least)
	l, o := ownLevel(outside, due), float64(outside)
	l.alike = gamma{1/spread + o, 1/spread + due}
	l.odds = unlike / (1 - unlike) * math.Exp(logNegativeBinomial(o, due, broad)-logNegativeBinomial(o, due, spread))
	return l
}

// levelOutside is that of a location by what is outside of a window of its week.
func (k *week) levelOutside(w window, spread float64) *level {
	o, e := k.in(w)
	all, due := k.total()
	return placeLevel(all-o, max(0, due-e), spread)
}

// ownLevel is the level where nothing is known but what is outside: given all complaints,
// those inside are binomial.
func ownLevel(outside int, due float64) *level {
	own := gamma{float64(outside) + 1, max(1e-9, due)}
	return &level{own, own, math.Inf(1)}
}

// alikeShare is the weight of alike in the mixture.
func (l *level) alikeShare() float64 { return 1 / (1 + l.odds) }

func (l *level) tail(k int, due float64) float64 {
	a := l.alikeShare()
	return a*l.alike.tail(k, due) + (1-a)*l.own.tail(k, due)
}

func (l *level) mean() float64 {
	a := l.alikeShare()
	return a*l.alike.mean() + (1-a)*l.own.mean()
}

// least is the smallest count of so many or more whose chance is not above p, and that
// chance.
func (l *level) least(fewest int, due, p float64) (need int, chance float64) {
	share := l.alikeShare()
	alike, own := l.alike.terms(due), l.own.terms(due)
	const tiny = 1e-290
	if share > 0 && alike.term < tiny || own.term < tiny { // too many are due to count up
		most := 2 * max(fewest, 1)
		for l.tail(most, due) > p {
			most *= 2
		}
		need = fewest + sort.Search(most-fewest, func(n int) bool { return l.tail(fewest+n, due) <= p })
		return need, l.tail(need, due)
	}
	for chance = 1; need < fewest || chance > p; need++ {
		chance -= share*alike.next() + (1-share)*own.next()
	}
	return need, max(0, chance)
}

// terms are the chances of 0, 1, 2 and so on complaints.
type terms struct{ k, shape, ratio, term float64 }

func (g gamma) terms(due float64) terms {
	return terms{0, g.shape, due / (due + g.rate), math.Exp(g.shape * math.Log(g.rate/(g.rate+due)))}
}

func (t *terms) next() (term float64) {
	term = t.term
	t.term *= (t.k + t.shape) / (t.k + 1) * t.ratio
	t.k++
	return term
}

// logNegativeBinomial is the logarithm of the chance of a count with this mean whose
// rate varies by a factor of variance spread.
func logNegativeBinomial(k, mean, spread float64) float64 {
	size := 1 / spread
	a, _ := math.Lgamma(k + size)
	b, _ := math.Lgamma(size)
	c, _ := math.Lgamma(k + 1)
	log := a - b - c + size*math.Log(size/(size+mean))
	if k > 0 {
		log += k * math.Log(mean/(size+mean))
	}
	return log
}
