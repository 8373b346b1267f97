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

// byModel takes the judgement of a learned model.
func (d *desk) byModel(o *lexicon.Overlay, s *model.Scorer, out *Analysis) {
	d.scored = s
	p := s.ScoreDoc(&d.doc)
	if by := d.phrasesSay(o); by != 0 {
		p = s.Shifted(p, by)
	}
	d.belief = p.P
	out.Sentiment = bySentimentModel(p)
}

// What a phrase of the lexicons with a valence of 1 adds to the log-odds of positive
// against negative that the model of English finds: beside the shipped model, or if
// the phrase is of an own lexicon, phraseWeight; beside a model trained on texts of
// its owner, which has learned most of what the shipped lexicons say, learnedWeight.
// They were chosen on the sets of docs/models.md.
const (
	phraseWeight  = 0.3
	learnedWeight = 0.1
)

func (d *desk) phraseWeight(o *lexicon.Overlay, h lexicon.Hit) float64 {
	if d.scored.Own() && !o.Own(h) {
		return learnedWeight
	}
	return phraseWeight
}

// phrasesSay is what the phrases of the lexicons add to the log-odds, 0 without any. So a
// lexicon corrects what a model has not learned: "no complaints".
func (d *desk) phrasesSay(o *lexicon.Overlay) (sum float64) {
	if d.figures.Hits == 0 {
		return 0
	}
	for _, h := range d.lexicon.Hits() {
		sum += d.phraseWeight(o, h) * h.Valence
	}
	return sum
}

// phraseShares are the parts of phrasesSay.
func (d *desk) phraseShares(o *lexicon.Overlay) (out []model.Share) {
	if d.figures.Hits == 0 {
		return nil
	}
	for _, h := range d.lexicon.Hits() {
		if h.Valence != 0 {
			out = append(out, model.Share{Part: d.doc.Text[h.Start:h.End], Kind: "phrase", Value: d.phraseWeight(o, h) * h.Valence})
		}
	}
	return out
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
