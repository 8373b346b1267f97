package sentiment

import "strings"

// Sentence is a stretch of text up to where the next one starts. The sentences of a
// text follow each other without a hole.
type Sentence struct{ Start, End int } // byte offsets

// Sentences appends the sentences of the text. A full stop inside a word, as in a
// link, ends none.
func (d *Doc) Sentences(dst []Sentence) []Sentence {
	start := 0
	for i := 1; i < len(d.Tokens); i++ {
		t := d.Tokens[i]
		if t.Break == SentenceBreak && strings.ContainsAny(d.Text[d.Tokens[i-1].End:t.Start], " \t\r\n\u2028\u2029") {
			dst = append(dst, Sentence{start, t.Start})
			start = t.Start
		}
	}
	if start < len(d.Text) {
		dst = append(dst, Sentence{start, len(d.Text)})
	}
	return dst
}
