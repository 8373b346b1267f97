package sentiment

import "strings"

// Sentence is a stretch of text up to where the next one starts. The sentences of a
// text follow each other without a hole.
type Sentence struct{ Start, End int } // byte offsets

// Sentences appends the sentences of a text that Scan has read. A full stop inside a word, as in a
// link, ends none.
func (d *Doc) Sentences(dst []Sentence) []Sentence {
	start := 0
	for i := 1; i < len(d.Clauses); i++ { // a sentence starts a clause
		first := d.Clauses[i].firstToken
		t := &d.Tokens[first]
		if t.Break == SentenceBreak && endsLine(d.Text[d.Tokens[first-1].End:t.Start]) {
			dst = append(dst, Sentence{start, t.Start})
			start = t.Start
		}
	}
	if start < len(d.Text) {
		dst = append(dst, Sentence{start, len(d.Text)})
	}
	return dst
}

// endsLine says whether a blank or the end of a line is between two tokens.
func endsLine(between string) bool {
	for i := range len(between) {
		switch between[i] {
		case ' ', '\t', '\r', '\n':
			return true
		case 0xe2:
			if rest := between[i:]; strings.HasPrefix(rest, "\u2028") || strings.HasPrefix(rest, "\u2029") {
				return true
			}
		}
	}
	return false
}
