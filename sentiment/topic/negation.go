package topic

import "earshot/sentiment"

// negationScalar turns the polarity of a negated phrase and weakens it, by as
// much as VADER does.
const negationScalar = -0.74

// negation holds the words that turn what follows; forms in n't are told by
// their ending.
var negation = map[string]bool{
	"not": true, "no": true, "never": true, "without": true, "hardly": true, "neither": true, "nor": true, "cannot": true,
	"cant": true, "dont": true, "didnt": true, "doesnt": true, "isnt": true, "wasnt": true, "werent": true, "arent": true,
	"wont": true, "wouldnt": true, "couldnt": true, "hasnt": true, "havent": true, "hadnt": true, "aint": true, "nothing": true,
}

func isNegation(word []byte) bool {
	return negation[string(word)] || len(word) > 3 && string(word[len(word)-3:]) == "n't"
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
		if i >= h.first && h.mask>>(i-h.first)&1 == 1 || !isNegation(d.Lower(i)) {
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
