package phrase

import "math"

// CValue is how much a phrase of so many words is a term of its own (Frantzi &
// Ananiadou 2000): its frequency less the mean frequency of the longer candidates
// that hold it, which sum up to inLonger over longer of them, times log2 of its
// length. Theirs is 0 for a single word; here it counts a little.
func CValue(words, frequency, inLonger, longer int) float64 {
	const single = 0.02
	f := float64(frequency)
	if longer > 0 {
		f -= float64(inLonger) / float64(longer)
	}
	return (math.Log2(float64(words)) + single) * f
}

// LogOdds compares how often a word is said here, count of total, with how often
// it is said in the background, rate per word, by the log-odds ratio with an
// informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, formulas 15 to 22).
// The background is taken as a corpus of backgroundSize words, the prior as
// priorSize words of it. delta is the ratio's logarithm, z delta by its standard
// deviation.
func LogOdds(count, total, rate float64) (delta, z float64) {
	const (
		backgroundSize = 1e6
		priorSize      = 1000
		unseen         = 3e-7 // rate of a word that the background does not know
	)
	rate = max(rate, unseen)
	prior := rate * priorSize
	here, there := count+prior, rate*backgroundSize+prior
	odds := func(of, all float64) float64 { return math.Log(of / max(all-of, 0.5)) }
	delta = odds(here, total+priorSize) - odds(there, backgroundSize+priorSize)
	return delta, delta / math.Sqrt(1/here+1/there)
}
