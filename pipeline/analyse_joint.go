package pipeline

import "earshot/sentiment/model"

// Joint is the judgement of a text together with the rating that came with it. It is
// made after the text was judged, from that judgement, and never changes it. For the
// classes c of negative, neutral and positive and a rating brought to r stars
// (Rating.onStars)
//
//	log P(c | text, r) = log P(c | text) + log P(r | c) + constant
//
// which is Bayes' rule for a text and a rating that are independent given what the
// customer thinks. P(c | text) is the calibrated distribution of the learned model;
// without one it is made of the label's confidence (lexicalBelief), and a text that was
// not scored counts for nothing: every class is as likely as the others. P(r | c) is
// starsGiven, interpolated for fractions. The score is P(positive) less P(negative),
// the label the likeliest class.
//
// The rating contradicts the text where its class is positive and the text is plainly
// negative, or the other way round: P(negative | text) is surely or more, the text is
// not mixed, and the lexicons do not lean to the other side. Ratings in the middle
// contradict nothing.
type Joint struct {
	Score         float64 `json:"score"` // -1..1
	Label         Label   `json:"label"`
	Contradiction bool    `json:"contradiction"` // the rating says the opposite of what the text surely says
}

// starsGiven is P(stars | class) in the order negative, neutral, positive. It was
// smoothed by hand from how stars fall on texts of each label in five sets of reviews
// that the shipped model has not seen (restaurants, hotels, smart speakers twice, a
// coffee chain), less what wrong labels account for. The ratio of a class to the one
// below it grows with the stars, so that a better rating never makes a worse judgement.
var starsGiven = [model.Classes][5]float64{
	{.48, .24, .17, .07, .04},
	{.10, .15, .40, .22, .13},
	{.015, .03, .10, .30, .555},
}

// surely is the probability from which a text can be contradicted.
const surely = 0.9

// belief is a distribution over negative, neutral and positive.
type belief [model.Classes]float64

// anything is the belief of who knows nothing.
var anything = belief{1. / 3, 1. / 3, 1. / 3}

// lexicalBelief gives the label its confidence and neutral twice as much of the rest as
// the opposite; of a neutral text both sides get half.
func lexicalBelief(s Sentiment) (b belief) {
	rest := 1 - s.Confidence
	switch s.Label {
	case Positive:
		return belief{rest / 3, 2 * rest / 3, s.Confidence}
	case Negative:
		return belief{s.Confidence, 2 * rest / 3, rest / 3}
	case Neutral:
		return belief{rest / 2, s.Confidence, rest / 2}
	}
	return anything
}

// judge joins what the text says and a rating; the zero Joint without one.
func (d *desk) judge(s Sentiment, r Rating) Joint {
	stars, ok := r.onStars()
	if !ok {
		return Joint{}
	}
	low := min(int(stars), 4) // the whole number of stars below, from 1
	share := stars - float64(low)
	joint, sum := d.belief, 0.0
	for c := range joint {
		joint[c] *= (1-share)*starsGiven[c][low-1] + share*starsGiven[c][low]
		sum += joint[c]
	}
	out := Joint{Label: Neutral, Score: (joint[model.Positive] - joint[model.Negative]) / sum}
	switch most := max(joint[0], joint[1], joint[2]); {
	case most == joint[model.Neutral]:
	case most == joint[model.Positive]:
		out.Label = Positive
	default:
		out.Label = Negative
	}
	switch label, _ := r.Label(); label {
	case Positive:
		out.Contradiction = d.belief[model.Negative] >= surely && !s.Mixed && d.figures.Score <= 0
	case Negative:
		out.Contradiction = d.belief[model.Positive] >= surely && !s.Mixed && d.figures.Score >= 0
	}
	return out
}

// Judgement is the joint one of text and rating, that of the text alone without a rating.
func (a *Analysis) Judgement() Joint {
	if a.Joint.Label == "" {
		return Joint{Score: a.Sentiment.Score, Label: a.Sentiment.Label}
	}
	return a.Joint
}
