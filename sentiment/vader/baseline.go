package vader

import (
	"github.com/grassmudhorses/vader-go/lexicon"
	"github.com/grassmudhorses/vader-go/sentitext"
)

// ByVaderGo returns the figures of vader-go's own rules, for comparison. They
// take square time on long texts full of negations.
func ByVaderGo(text string) Scores {
	s := sentitext.PolarityScore(sentitext.Parse(text, lexicon.DefaultLexicon))
	return Scores{Compound: s.Compound, Pos: s.Positive, Neu: s.Neutral, Neg: s.Negative}
}
