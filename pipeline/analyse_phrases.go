package pipeline

import (
	"earshot/sentiment/lexicon"
	"earshot/sentiment/model"
)

// byModel takes the judgement of a learned model.
func (d *desk) byModel(o *lexicon.Overlay, s *model.Scorer, out *Analysis) {
	d.scored, d.rest = s, d.rest[:0]
	p := s.ScoreDoc(&d.doc)
	if d.setTurnsApart(o) {
		if q := s.ScoreParts(d.rest, d.figures.Score); q.Score() > p.Score() {
			p = q
		} else {
			d.rest = d.rest[:0]
		}
	}
	if by := d.phrasesSay(o); by != 0 {
		p = s.Shifted(p, by)
	}
	d.belief = p.P
	out.Sentiment = bySentimentModel(p)
}

// What a phrase of the lexicons with a valence of 1 adds to the log-odds of positive
// against negative that the model of English finds: beside the shipped model, or if
// the phrase is of an own lexicon, phraseWeight, and turnWeight if the phrase turns bad
// words into praise; beside a model trained on texts of its owner, which has learned
// most of what the shipped lexicons say, learnedWeight. emojiWeight is that of emoji
// where nothing else has an opinion. All but the last were chosen on the sets of
// docs/models.md, where hardly any text has no opinion but an emoji.
const (
	phraseWeight  = 0.3
	turnWeight    = 0.8
	learnedWeight = 0.1
	emojiWeight   = 1
)

// knows says that the model has learned what the phrase says.
func (d *desk) knows(o *lexicon.Overlay, h lexicon.Hit) bool { return d.scored.Own() && !o.Own(h) }

func (d *desk) phraseWeight(o *lexicon.Overlay, h lexicon.Hit) float64 {
	switch {
	case d.knows(o, h):
		return learnedWeight
	case o.Turns(h):
		return turnWeight
	case h.Emoji && d.onlyEmoji():
		return emojiWeight
	}
	return phraseWeight
}

// onlyEmoji says that no word and no phrase has an opinion.
func (d *desk) onlyEmoji() bool {
	for _, w := range d.lexicon.Words() {
		if !w.Covered {
			return false
		}
	}
	for _, h := range d.lexicon.Hits() {
		if !h.Emoji && h.Valence != 0 {
			return false
		}
	}
	return true
}

// setTurnsApart fills d.rest with the text around the phrases that turn bad words into
// praise ("no complaints"), if it has any: a model takes such words for bad ones.
func (d *desk) setTurnsApart(o *lexicon.Overlay) bool {
	if d.figures.Hits == 0 {
		return false
	}
	at := 0
	for _, h := range d.lexicon.Hits() {
		if o.Turns(h) && !d.knows(o, h) && h.Start >= at {
			d.rest = append(d.rest, d.doc.Text[at:h.Start])
			at = h.End
		}
	}
	if at == 0 {
		return false
	}
	d.rest = append(d.rest, d.doc.Text[at:])
	return true
}

// phrasesSay is what the phrases of the lexicons add to the log-odds, 0 without any. So a
// lexicon corrects what a model has not learned.
func (d *desk) phrasesSay(o *lexicon.Overlay) (sum float64) {
	if d.figures.Hits == 0 {
		return 0
	}
	for _, h := range d.lexicon.Hits() {
		sum += d.phraseWeight(o, h) * h.Valence
	}
	return sum
}

// shares are those of the model's score, and of the phrases beside it.
func (d *desk) shares(o *lexicon.Overlay) []model.Share {
	var phrases []model.Share
	if d.figures.Hits > 0 {
		for _, h := range d.lexicon.Hits() {
			if h.Valence != 0 {
				phrases = append(phrases, model.Share{Part: d.doc.Text[h.Start:h.End], Kind: "phrase", Value: d.phraseWeight(o, h) * h.Valence})
			}
		}
	}
	parts, compound := d.rest, d.figures.Score
	if len(parts) == 0 {
		parts, compound = []string{d.doc.Text}, d.doc.Figures().Compound
	}
	_, shares := d.scored.Explain(parts, compound, phrases...)
	return shares
}
