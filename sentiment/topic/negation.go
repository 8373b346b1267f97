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
	case "not", "no", "never", "without", "hardly", "neither", "nor", "cannot", "nothing",
		"cant", "dont", "didnt", "doesnt", "isnt", "wasnt", "werent", "arent", "wont", "wouldnt", "couldnt", "hasnt", "havent", "hadnt", "aint":
		return true
	}
	return len(word) > 3 && string(word[len(word)-3:]) == "n't"
}

// negation is negates by number in the scanner's vocabulary.
var negation = sync.OnceValue(func() []bool {
	words := sentiment.Vocabulary()
	list := make([]bool, words.Len())
	for id := 1; id < words.Len(); id++ {
		list[id] = negates([]byte(words.Word(id)))
	}
	return list
})

func isNegation(d *sentiment.Doc, i int) bool {
	if id := d.Word(i); id != 0 {
		return negation()[id]
	}
	return negates(d.Lower(i))
}

// isNegated says whether a negation stands before the hit (three words back for
// a topic, two for the rest) or in one of its gaps. One that the phrase itself
// names is part of its meaning; two undo each other.
func isNegated(d *sentiment.Doc, h hit, k kind) bool {
	back := 2
	if k == topicKind {
		back = 3
	}
	from := h.first
	for from > 0 && h.first-from < back && d.Tokens[from].Break == sentiment.NoBreak {
		from--
	}
	negated := false
	for i := from; i < h.end; i++ {
		if i >= h.first && h.mask>>(i-h.first)&1 == 1 || !isNegation(d, i) {
			continue
		}
		if i+1 < len(d.Tokens) && isOnly(d.Lower(i+1)) { // "not only slow but"
			continue
		}
		negated = !negated
	}
	return negated
}

func isOnly(word []byte) bool { return string(word) == "only" || string(word) == "just" }
