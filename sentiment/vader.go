package sentiment

import (
	"math"
	"strings"

	"github.com/grassmudhorses/vader-go/sentitext"
	"github.com/grassmudhorses/vader-go/textutil"
)

// Figures are VADER's four: compound in -1..1, and the shares of positive,
// neutral and negative words, which add up to 1 (all 0 for a text without words).
type Figures struct {
	Compound, Pos, Neu, Neg float64
}

// maxContrasts bounds how many contrast words ("but") weigh on a text. Each
// weighs what follows by 1.5; vader-go itself overflows to NaN at some 1,700.
const maxContrasts = 64

// Figures returns the figures of the whole text, equal to vader-go's
// PolarityScore for every text with at most 64 contrast words.
func (d *Doc) Figures() Figures {
	if len(d.words) == 0 {
		return Figures{}
	}
	return figures(d.valence, d.Text)
}

func figures(valence []float64, text string) Figures {
	if len(valence) == 0 {
		return Figures{}
	}
	s := sentitext.ScoreValence(valence, text)
	f := Figures{Compound: s.Compound, Pos: s.Positive, Neu: s.Neutral, Neg: s.Negative}
	if math.IsNaN(f.Compound + f.Pos + f.Neu + f.Neg) {
		return Figures{Neu: 1}
	}
	return f
}

// scanValence walks the words as vader-go's PolarityScore does. vader-go looks
// for a negation from each opinion word to the end of the text and applies each
// contrast word to all words, both in square time. Here each opinion word is
// judged in a window that holds all it depends on (four words back, one ahead)
// and, where a negation follows later in the text, one negation to stand for it.
func (d *Doc) scanValence() {
	d.valence = d.valence[:0]
	words := d.senti
	lastNegation := -1
	for i := range words {
		if words[i].IsNegation || strings.Contains(words[i].Lower, "n't") {
			lastNegation = i
		}
	}
	var window [7]sentitext.SentiWord
	view := sentitext.SentiText{IsCapDiff: d.capDiff}
	for i := range words {
		if words[i].BaseSentiment == 0 || words[i].BoostValue != 0 || isKindOf(words, i) {
			d.valence = append(d.valence, 0)
			continue
		}
		from := max(0, i-4)
		w := append(window[:0], words[from:min(len(words), i+2)]...)
		if lastNegation > i+1 {
			w = append(w, sentitext.SentiWord{IsNegation: true})
		}
		view.WordsAndEmotes = &w
		d.valence = sentitext.SentimentValence(&view, words[i], i-from, d.valence)
	}
	d.weighContrasts()
}

func isKindOf(words []sentitext.SentiWord, i int) bool {
	return i+1 < len(words) && words[i].Lower == "kind" && words[i+1].Lower == "of"
}

// weighContrasts makes what stands before a contrast word weaker and what
// follows it stronger.
func (d *Doc) weighContrasts() {
	total := 0
	for i := range d.senti {
		if d.senti[i].IsContrast {
			total++
		}
	}
	if total == 0 {
		return
	}
	before := 0 // contrast words up to and with this one
	for i := range d.valence {
		if d.senti[i].IsContrast {
			before++
		}
		v := d.valence[i]
		if v == 0 {
			continue
		}
		for range min(before, maxContrasts) {
			v *= 1.5
		}
		for range min(total-before, maxContrasts) {
			v *= 0.5
		}
		d.valence[i] = v
	}
}

// ClauseFigures returns the figures of one clause, as if it stood alone. The
// valences follow the reference implementation's word rules (a negation counts up
// to three words back, and not ahead), because a clause is where a negation's
// reach matters most.
func (d *Doc) ClauseFigures(c Clause) Figures {
	d.scratch = d.scratch[:0]
	words := d.senti[c.firstWord:c.endWord]
	for i := range words {
		d.scratch = append(d.scratch, clauseValence(words, i, d.capDiff))
	}
	return figures(d.scratch, d.Text[c.Start:c.End])
}

func clauseValence(words []sentitext.SentiWord, i int, capDiff bool) float64 {
	w := &words[i]
	v := w.BaseSentiment
	if v == 0 || w.BoostValue != 0 || isKindOf(words, i) {
		return 0
	}
	if w.Lower == "no" && i+1 < len(words) && words[i+1].BaseSentiment != 0 {
		return 0 // negates the next word instead
	}
	if i > 0 && words[i-1].Lower == "no" || i > 1 && words[i-2].Lower == "no" {
		v *= textutil.NegationScalar
	}
	if w.IsCaps && capDiff {
		v += math.Copysign(textutil.CapsIncrease, v)
	}
	for back := 1; back <= 3 && back <= i; back++ {
		prev := &words[i-back]
		if prev.BaseSentiment != 0 {
			continue
		}
		v += boost(prev, v, capDiff) * [...]float64{0, 1, 0.95, 0.9}[back]
		if negates(words, i, back) {
			v *= textutil.NegationScalar
		}
	}
	return v
}

// boost is what an intensifier or dampener before a word adds to its valence v.
func boost(w *sentitext.SentiWord, v float64, capDiff bool) float64 {
	b := w.BoostValue
	if b == 0 {
		return 0
	}
	if v < 0 {
		b = -b
	}
	if w.IsCaps && capDiff {
		b += math.Copysign(textutil.CapsIncrease, v)
	}
	return b
}

// negates says whether the word back places before word i turns its valence:
// "not", but not the "never" of "never so good" nor "without doubt".
func negates(words []sentitext.SentiWord, i, back int) bool {
	w := &words[i-back]
	if !w.IsNegation && !strings.Contains(w.Lower, "n't") {
		return false
	}
	if back < 2 {
		return true
	}
	next := words[i-back+1].Lower
	switch w.Lower {
	case "never":
		return next != "so" && next != "this"
	case "without":
		return next != "doubt"
	}
	return true
}
