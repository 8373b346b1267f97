package topic

import (
	"sync"

	"earshot/sentiment"
)

// negationScalar turns the polarity of a negated phrase and weakens it, by as
// much as VADER does.
const negationScalar = -0.74

// negates says whether a word turns what follows.
func negates(word []byte) bool {
	switch string(word) {
	case "not", "no", "never", "without", "hardly", "barely", "scarcely", "rarely", "seldom", "neither", "nor", "cannot", "nothing", "nobody", "noone", "none",
		"cant", "dont", "didnt", "doesnt", "isnt", "wasnt", "werent", "arent", "wont", "wouldnt", "couldnt", "hasnt", "havent", "hadnt", "aint",
		"nicht", "kein", "keine", "keinen", "keiner", "keinem", "nie", "niemals", "ohne", // German
		"pas", "jamais", "sans", "aucun", "aucune", "nunca", "jamás", "ningún", "ninguna", // French, Spanish
		"niet", "geen", "nooit", "zonder", "não", "senza": // Dutch, Portuguese, Italian
		return true
	}
	return len(word) > 3 && string(word[len(word)-3:]) == "n't"
}

// What a word may do to the polarity of a phrase near it.
const (
	turnsNothing = iota
	turns        // a negation
	mayTurn      // with the words beside it: "anything but", "less than", "used to be", "if only", "I wish"
)

func turnOf(word []byte) uint8 {
	switch string(word) {
	case "but", "than", "used", "only", "wish", "wished":
		return mayTurn
	}
	if negates(word) {
		return turns
	}
	return turnsNothing
}

// turnsByWord is turnOf by number in the scanner's vocabulary.
var turnsByWord = sync.OnceValue(func() []uint8 {
	words := sentiment.Vocabulary()
	list := make([]uint8, words.Len())
	for id := 1; id < words.Len(); id++ {
		list[id] = turnOf([]byte(words.Word(id)))
	}
	return list
})

// turnAt is turnOf of token i; byWord is turnsByWord.
func turnAt(d *sentiment.Doc, i int, byWord []uint8) uint8 {
	if id := d.Word(i); id != 0 {
		return byWord[id]
	}
	return turnOf(d.Lower(i))
}

// isNegated says whether a negation stands before the hit (three words back for
// a topic, two for the rest) or in one of its gaps. One that the phrase itself
// names is part of its meaning; two undo each other.
func isNegated(d *sentiment.Doc, h span, k kind, polarity float64) bool {
	back := 2
	if k == topicKind {
		back = 3
	}
	from := h.first
	for from > 0 && h.first-from < back && d.Tokens[from].Break == sentiment.NoBreak {
		from--
	}
	negated, byWord := false, turnsByWord()
	for i := from; i < h.end; i++ {
		if h.names(i) {
			continue
		}
		switch turnAt(d, i, byWord) {
		case turns:
			if word := string(d.Lower(i)); word == "neither" || word == "nor" { // they go together
				negated = true
			} else if !undone(d, i, h.end) {
				negated = !negated
			}
		case mayTurn:
			if polarity != 0 && turnsWith(d, i, h, polarity) {
				negated = !negated
			}
		}
	}
	return negated
}

// names says whether token i is one of the words that the phrase asks for.
func (h span) names(i int) bool { return i >= h.first && i < h.end && h.mask>>(i-h.first)&1 == 1 }

// undone says whether a negation means none: "not only slow but", "nothing but praise",
// "couldn't be more friendly".
func undone(d *sentiment.Doc, i, end int) bool {
	next := wordAt(d, i+1)
	if next == "only" || next == "just" || next == "but" {
		return true
	}
	could := wordAt(d, i) == "couldn't" || wordAt(d, i) == "couldnt" || wordAt(d, i-1) == "could"
	for j := i + 1; could && j < min(i+5, end); j++ {
		if wordAt(d, j) == "more" {
			return true
		}
	}
	return false
}

// turnsWith says whether a word turns the phrase together with those beside it. What is
// wished for is not there: that turns praise alone.
func turnsWith(d *sentiment.Doc, i int, h span, polarity float64) bool {
	switch wordAt(d, i) {
	case "but":
		return wordAt(d, i-1) == "anything"
	case "used":
		return wordAt(d, i+1) == "to" && wordAt(d, i+2) == "be"
	case "than":
		return polarity > 0 && wordAt(d, i-1) == "less" && (i+1 == h.first || h.names(i+1))
	case "only":
		return polarity > 0 && wordAt(d, i-1) == "if"
	}
	for j := i + 1; polarity > 0 && j < h.end; j++ { // wish
		switch wordAt(d, j) {
		case "was", "were", "had", "would", "could":
			return true
		}
	}
	return false
}

// wordAt is a word in small letters; empty where there is none.
func wordAt(d *sentiment.Doc, i int) string {
	if i < 0 || i >= len(d.Tokens) {
		return ""
	}
	return string(d.Lower(i))
}
