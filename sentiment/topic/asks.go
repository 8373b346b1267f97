package topic

import (
	"strings"

	"earshot/sentiment"
)

// longQuestion is how far behind a hit, in words, a question mark is looked for.
const longQuestion = 60

// asks says whether a question mark ends the sentence of a hit.
func asks(d *sentiment.Doc, h hit) bool {
	for i := h.end; i <= h.end+longQuestion; i++ {
		last := i == len(d.Tokens)
		end := len(d.Text)
		if !last {
			end = d.Tokens[i].Start
		}
		if strings.IndexByte(d.Text[d.Tokens[i-1].End:end], '?') >= 0 {
			return true
		}
		if last || d.Tokens[i].Break == sentiment.SentenceBreak {
			return false
		}
	}
	return false
}
