package insight

import "math"

// levelTail is the chance of so many complaints in one window of a location's week,
// given those outside of it. Most locations of a chain are much alike in a topic, and
// what is known of them says more of what is due than the location's own other hours,
// but some are not: with the share of these before, and as the location's other hours
// speak for the one or the other, it is a mixture. Alike, the location's level is Gamma
// distributed around that of the chain, by how much locations differ of themselves;
// else it may be any, and the window is compared with its own other hours alone.
func levelTail(k, usual *week, w window, spread float64) float64 {
	const (
		least  = 0.02 // no locations are more alike
		broad  = 1    // variance of the level where it may be any
		unlike = 0.1  // share of the locations that are
	)
	spread = max(spread, least)
	o, e := k.in(w)
	all, expected := k.total()
	outside, rest := float64(all-o), max(0, expected-e)
	odds := unlike / (1 - unlike) * math.Exp(logNegativeBinomial(outside, rest, broad)-logNegativeBinomial(outside, rest, spread))
	if math.IsInf(odds, 1) {
		return usual.tail(w)
	}
	shape := 1/spread + outside
	alike := overdispersedTail(o, e*shape/(1/spread+rest), 1/shape)
	return (alike + odds*usual.tail(w)) / (1 + odds)
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
