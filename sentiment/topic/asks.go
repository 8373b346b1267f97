package topic

import (
	"strings"

	"earshot/sentiment"
)

// longQuestion is how far around a hit, in words, its sentence is looked at.
const longQuestion = 60

// message is the length, in words, up to which a text is taken for a message: longer
// ones tell a story, in which most questions are put for show.
const message = 40

// asks says whether a question mark ends the sentence of a hit and, in a long text,
// whether the sentence speaks to somebody.
func asks(d *sentiment.Doc, h hit) bool {
	end, marked := sentenceEnd(d, h)
	if !marked || len(d.Tokens) <= message {
		return marked
	}
	from := h.first
	for from > 0 && d.Tokens[from].Break != sentiment.SentenceBreak && h.first-from < longQuestion {
		from--
	}
	for i := from; i < end; i++ {
		switch string(d.Lower(i)) {
		case "you", "your", "anyone", "anybody":
			return true
		}
	}
	return false
}

// sentenceEnd finds the end of the sentence of a hit, the number of the token behind
// it, and whether a question mark stands there.
func sentenceEnd(d *sentiment.Doc, h hit) (end int, marked bool) {
	for i := h.end; i <= h.end+longQuestion; i++ {
		last := i == len(d.Tokens)
		next := len(d.Text)
		if !last {
			next = d.Tokens[i].Start
		}
		if strings.IndexByte(d.Text[d.Tokens[i-1].End:next], '?') >= 0 {
			return i, true
		}
		if last || d.Tokens[i].Break == sentiment.SentenceBreak {
			return i, false
		}
	}
	return h.end, false
}
