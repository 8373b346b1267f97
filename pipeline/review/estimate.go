package review

import (
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Stratum is one part of the texts: those with the topic's tag, or those without.
type Stratum struct {
	Texts    uint64 // all there are
	Reviewed uint64 // drawn at random and answered with yes or no
	Yes      uint64 // of those: the topic is there
}

// Share is a share 0..1 with its 95 % interval.
type Share struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Estimate is what the answers say of a tagger and of the true share of a topic.
// What the answers leave open is nil.
type Estimate struct {
	Tagged    float64 `json:"tagged"`    // share of the texts with the tag
	Precision *Share  `json:"precision"` // of the tagged texts, those that speak of the topic
	Recall    *Share  `json:"recall"`    // of those that speak of it, the tagged ones
	Corrected *Share  `json:"corrected"` // share of the texts that speak of it
}

// draws is how many samples of the posterior an interval is read from: more move
// its ends by less than a further answer does.
const draws = 4000

// The sample of a topic that is drawn unless somebody wants another one: how many
// texts, and which share of them carries the tag.
const (
	DefaultSample      = 50
	DefaultTaggedShare = 0.5
)

// MinReviewed is the least number of answers of a stratum that a corrected share
// may rest on.
const MinReviewed = 5

// Of estimates by double sampling with the cheap classifier's answer as stratum
// (Tenenbein 1970, J. Am. Stat. Assoc. 65; in the terms of stratified sampling
// Cochran 1977, Sampling Techniques, 3rd ed., §5.3): with weights W = N_h / N,
//
//	share  = W_tagged * P(topic | tagged) + W_untagged * P(topic | untagged)
//	recall = W_tagged * P(topic | tagged) / share
//
// It needs no sensitivity and specificity from elsewhere, as the estimator of Rogan
// and Gladen (1978, Am. J. Epidemiol. 107) does, and cannot leave 0..1. The intervals
// are those of the posterior under Jeffreys' prior for each stratum, which keep their
// level near 0 and 1 (Brown, Cai and DasGupta 2001, Stat. Sci. 16), where a topic's
// share of the untagged texts always is.
func Of(tagged, untagged Stratum) Estimate {
	all := tagged.Texts + untagged.Texts
	if all == 0 {
		return Estimate{}
	}
	weight := float64(tagged.Texts) / float64(all)
	e := Estimate{Tagged: weight}
	if tagged.Reviewed > 0 {
		e.Precision = tagged.share()
	}
	if (tagged.Reviewed < MinReviewed && tagged.Texts > 0) || (untagged.Reviewed < MinReviewed && untagged.Texts > 0) {
		return e
	}
	found, missed := weight*tagged.mean(), (1-weight)*untagged.mean()
	shares, recalls := posterior(weight, tagged, untagged)
	e.Corrected = between(found+missed, shares)
	if found+missed > 0 {
		e.Recall = between(found/(found+missed), recalls)
	}
	return e
}

func (s Stratum) mean() float64 {
	if s.Reviewed == 0 {
		return 0
	}
	return float64(s.Yes) / float64(s.Reviewed)
}

// share is the stratum's own share with Jeffreys' interval.
func (s Stratum) share() *Share {
	yes, no := float64(s.Yes), float64(s.Reviewed-s.Yes)
	out := Share{Value: s.mean(), Low: 0, High: 1}
	if s.Yes > 0 {
		out.Low = mathext.InvRegIncBeta(yes+.5, no+.5, tail)
	}
	if s.Yes < s.Reviewed {
		out.High = mathext.InvRegIncBeta(yes+.5, no+.5, 1-tail)
	}
	return &out
}

// tail is what lies beyond each end of an interval.
const tail = 0.025

// posterior draws the share and the recall. The seed is fixed: the same answers
// give the same interval.
func posterior(weight float64, tagged, untagged Stratum) (shares, recalls []float64) {
	src := rand.NewPCG(1, 2)
	in, out := tagged.beta(src), untagged.beta(src)
	for range draws {
		found, missed := weight*in.Rand(), (1-weight)*out.Rand()
		shares = append(shares, found+missed)
		if found+missed > 0 {
			recalls = append(recalls, found/(found+missed))
		}
	}
	return shares, recalls
}

func (s Stratum) beta(src rand.Source) distuv.Beta {
	return distuv.Beta{Alpha: float64(s.Yes) + .5, Beta: float64(s.Reviewed-s.Yes) + .5, Src: src}
}

// between is value with the interval of the draws, widened to hold the value.
func between(value float64, drawn []float64) *Share {
	if len(drawn) == 0 {
		return &Share{Value: value, Low: 0, High: 1}
	}
	slices.Sort(drawn)
	at := func(q float64) float64 { return drawn[int(q*float64(len(drawn)-1))] }
	return &Share{Value: value, Low: min(value, at(tail)), High: max(value, at(1-tail))}
}
