package sentiment

import "math"

// Threshold parts neutral from the other two: compound >= .05 is positive,
// <= -.05 negative (Hutto & Gilbert 2014, and the reference implementation).
const Threshold = 0.05

// Label is the polarity class of a score.
type Label int8

// The labels of a scored text.
const (
	Negative Label = iota - 1
	Neutral
	Positive
)

// LabelOf returns the class of a score in -1..1.
func LabelOf(score float64) Label {
	switch {
	case score >= Threshold:
		return Positive
	case score <= -Threshold:
		return Negative
	}
	return Neutral
}

// Confidence says how far a score is from being labelled otherwise: .5 at the
// threshold, rising in a straight line to .95 at a score of 1 or -1, and to .55
// at 0, because a neutral score more often means "no word known" than "no
// opinion". It is a ranking, not yet a probability.
func Confidence(score float64) float64 {
	a := math.Abs(score)
	if a < Threshold {
		return 0.5 + 0.05*(Threshold-a)/Threshold
	}
	return 0.5 + 0.45*math.Min(1, (a-Threshold)/(1-Threshold))
}
