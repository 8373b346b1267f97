package sentiment

import (
	"unicode"
	"unicode/utf8"

	"earshot/sentiment/vader"
)

// EmojiFigures are VADER's figures of the text's emoji and emoticons alone, which
// mean the same in every language; ok is false if it holds none that VADER rates.
func (d *Doc) EmojiFigures() (figures vader.Scores, ok bool) {
	var alone []byte
	last := -1
	for _, w := range d.words {
		r, _ := utf8.DecodeRuneInString(d.Text[w.Start:])
		if w.Start == last || unicode.IsLetter(r) || unicode.IsDigit(r) {
			continue // an emoji's name may hold several words
		}
		last = w.Start
		alone = append(append(alone, d.Text[w.Start:w.End]...), ' ')
	}
	if len(alone) == 0 {
		return figures, false
	}
	return d.clause.Score(string(alone)), true
}
