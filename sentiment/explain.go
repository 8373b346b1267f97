package sentiment

// Word is a word that VADER knows, and what it adds.
type Word struct {
	Start, End int     // byte offsets
	Lexicon    float64 // valence in the lexicon, -4..4
	Valence    float64 // valence in this text: capitals, boosters, negation, "but"
}

// Words returns the words of the text that carry a valence.
func (d *Doc) Words() []Word {
	var out []Word
	for i, w := range d.words {
		if d.senti[i].BaseSentiment != 0 {
			out = append(out, Word{Start: w.start, End: w.end, Lexicon: d.senti[i].BaseSentiment, Valence: d.valence[i]})
		}
	}
	return out
}
