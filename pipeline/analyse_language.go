package pipeline

import (
	"maps"
	"math"
	"slices"
	"strings"

	"earshot/sentiment/lexicon"
	"earshot/sentiment/model"
)

// LanguageModels are models by the ISO 639-1 code of the language they are for.
type LanguageModels map[string]*model.Model

// version names them all, in a fixed order.
func (l LanguageModels) version() string {
	var b strings.Builder
	for _, code := range slices.Sorted(maps.Keys(l)) {
		b.WriteString(" " + code + "@" + l[code].Version)
	}
	return b.String()
}

// scoreOther judges a text that is not English: by the model for its language, else by
// its emoji alone. The English lexicons say nothing of it, so it has no VADER figures;
// the model takes their compound as it took it in training.
func (a *TextAnalyzer) scoreOther(d *desk, code string, out *Analysis) {
	if m := a.others[code]; m != nil {
		d.byModel(a.overlay, d.scorerOf(code, m), out)
	} else {
		d.byEmoji(a.overlay, out)
	}
	out.Sentiment.Intensity = math.Abs(out.Sentiment.Score)
}

// byEmoji takes the judgement of the emoji and emoticons, if there are any.
func (d *desk) byEmoji(o *lexicon.Overlay, out *Analysis) {
	if s, ok := o.Emoji(&d.lexicon, &d.doc); ok {
		out.Sentiment, d.signs = lexical(s), true
		d.figures.Score = s
		d.belief = lexicalBelief(out.Sentiment)
	}
}

// scorerOf keeps a scorer for each language that this desk has met.
func (d *desk) scorerOf(code string, m *model.Model) *model.Scorer {
	s := d.others[code]
	if s == nil {
		if d.others == nil {
			d.others = map[string]*model.Scorer{}
		}
		s = model.NewScorer(m)
		d.others[code] = s
	}
	return s
}
