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

// afterword is how many words may follow the last question of a longer message: a
// greeting, a name.
const afterword = 12

// asks says whether a question mark ends the sentence of a hit. In a long text the
// sentence must speak to somebody, and be of the writer's own affair or come last.
func asks(d *sentiment.Doc, h hit) bool {
	end, marked := sentenceEnd(d, h)
	marked = marked && inverted(d, h.first)
	if !marked || len(d.Tokens) <= message {
		return marked
	}
	from := h.first
	for from > 0 && d.Tokens[from].Break != sentiment.SentenceBreak && h.first-from < longQuestion {
		from--
	}
	speaks, own := false, len(d.Tokens)-end <= afterword
	for i := from; i < end; i++ {
		switch string(d.Lower(i)) {
		case "you", "your", "anyone", "anybody":
			speaks = true
		case "please", "i", "my", "our":
			own = true
		}
	}
	return speaks && own
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
		if rest := d.Text[d.Tokens[i-1].End:next]; strings.IndexByte(rest, '?') >= 0 {
			return i, !isQuoted(d.Text, rest)
		}
		if last || d.Tokens[i].Break == sentiment.SentenceBreak {
			return i, false
		}
	}
	return h.end, false
}

// isQuoted says whether the question mark in rest ends the words of somebody else: a
// quotation mark closes behind it, and the text is not a quotation as a whole.
func isQuoted(text, rest string) bool {
	_, behind, _ := strings.Cut(rest, "?")
	behind = strings.TrimLeft(behind, "?!")
	closes := strings.HasPrefix(behind, "\"") || strings.HasPrefix(behind, "”") || strings.HasPrefix(behind, "’")
	return closes && !strings.HasPrefix(text, "\"") && !strings.HasPrefix(text, "“") && !strings.HasPrefix(text, "‘")
}

// inverted is false where a verb that opens questions stands behind its subject: "the
// problem is the price, isn't it?". Any other word may begin a question.
func inverted(d *sentiment.Doc, first int) bool {
	if first == 0 || d.Tokens[first].Break != sentiment.NoBreak || !opensQuestion(d.Lower(first)) {
		return true
	}
	before := d.Tokens[first-1]
	return d.Text[max(0, before.Start-1)] == '@' || before.Hashtag || leadsIn(d.Lower(first-1))
}

func opensQuestion(word []byte) bool {
	switch string(word) {
	case "is", "are", "was", "were", "am", "do", "does", "did", "has", "have", "will", "can", "could", "would", "should", "may":
		return true
	}
	return false
}

// leadsIn tells the words a question follows without a comma.
func leadsIn(word []byte) bool {
	switch string(word) {
	case "so", "and", "but", "or", "then", "also", "now", "please", "pls", "btw", "hi", "hey", "hello", "ok", "okay", "yes", "no", "yeah", "thanks",
		"question", "how", "why", "when", "where", "what", "who", "which", "long", "much", "many", "wondering", "why's", "exactly", "else", "guys", "there", "you", "again", "today", "https", "amp":
		return true
	}
	return false
}
