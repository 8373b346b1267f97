package lexicon

import "math"

// Features are what a learned model may look at, in this order.
const (
	FeatureScore        = iota // -1..1
	FeaturePositive            // sum of the valences above 0, squeezed to 0..1
	FeatureNegative            // sum of the valences below 0, squeezed to -1..0
	FeatureHits                // number of phrases, squeezed to 0..1
	FeatureHighest             // valence of the best phrase, over 4
	FeatureLowest              // valence of the worst phrase, over 4
	FeatureFirst               // valence of the first phrase that has one, over 4
	FeatureLast                // valence of the last phrase that has one, over 4
	FeatureNegated             // share of the phrases that are negated
	FeatureDisagreement        // Score less VADER's compound, over 2
	FeatureCount               // length of the vector
)

// Features returns the vector of the text scored last, whose figures are f and
// whose compound by VADER is compound. All are 0 where no phrase was found.
func (s *State) Features(f Figures, compound float64) (v [FeatureCount]float64) {
	if len(s.hits) == 0 {
		return v
	}
	v[FeatureScore] = f.Score
	v[FeaturePositive] = squeeze(f.Positive)
	v[FeatureNegative] = squeeze(f.Negative)
	v[FeatureHits] = squeeze(float64(f.Hits))
	v[FeatureDisagreement] = (f.Score - compound) / 2
	negated := 0
	for _, h := range s.hits {
		if h.Negated {
			negated++
		}
		if h.Valence == 0 {
			continue
		}
		v[FeatureHighest] = max(v[FeatureHighest], h.Valence/4)
		v[FeatureLowest] = min(v[FeatureLowest], h.Valence/4)
		if v[FeatureFirst] == 0 {
			v[FeatureFirst] = h.Valence / 4
		}
		v[FeatureLast] = h.Valence / 4
	}
	v[FeatureNegated] = float64(negated) / float64(len(s.hits))
	return v
}

// squeeze maps a number to -1..1, four to .7.
func squeeze(x float64) float64 { return x / math.Sqrt(x*x+15) }
