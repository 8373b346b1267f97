package phrase

import (
	"strings"
)

// Kinds of phrases.
const (
	Noun = "noun"
	Verb = "verb"
	None = "" // no phrase
)

// DefaultVerdicts is how many verdicts a Judge keeps: some 10 MB.
const DefaultVerdicts = 1 << 16

// Judge says of candidates whether they are phrases. It remembers its verdicts,
// in bounded memory, so that each distinct candidate is tagged once: tagging takes
// 0.3 ms. It is not safe for concurrent use.
type Judge struct {
	finder *Finder
	limit  int
	fresh  map[string]string // kind by candidate
	old    map[string]string // those before; dropped when fresh is full
	tagged int
}

// NewJudge returns a judge that keeps at most limit verdicts.
func NewJudge(finder *Finder, limit int) *Judge {
	return &Judge{finder: finder, limit: max(limit, 2), fresh: map[string]string{}}
}

// Kind returns Noun, Verb or None for a candidate, words in lower case with single
// spaces.
func (j *Judge) Kind(candidate string) (string, error) {
	if kind, known := j.fresh[candidate]; known {
		return kind, nil
	}
	kind, known := j.old[candidate]
	if !known {
		var err error
		if kind, err = j.finder.kind(candidate); err != nil {
			return None, err
		}
		j.tagged++
	}
	if len(j.fresh) >= j.limit/2 {
		j.old, j.fresh = j.fresh, make(map[string]string, j.limit/2)
	}
	j.fresh[candidate] = kind
	return kind, nil
}

// Tagged is how many candidates were tagged, not remembered.
func (j *Judge) Tagged() int { return j.tagged }

// kind tags a candidate by itself.
func (f *Finder) kind(candidate string) (string, error) {
	words, err := f.words(candidate)
	if err != nil || len(words) == 0 || words[len(words)-1].end != len(candidate) {
		return None, err
	}
	switch {
	case isNoun(words):
		return Noun, nil
	case isVerb(words):
		return Verb, nil
	}
	return None, nil
}

// isNoun holds for adjectives and nouns that end in a noun, which may be joined
// by of, in, at, for, with or to: lack of parking, hair in food.
func isNoun(words []word) bool {
	if !strings.HasPrefix(words[len(words)-1].tag, "NN") {
		return false
	}
	seen := false
	for _, w := range words {
		switch {
		case strings.HasPrefix(w.tag, "NN"), strings.HasPrefix(w.tag, "CD"):
			seen = true
		case strings.HasPrefix(w.tag, "JJ"), w.tag == "VBG", w.tag == "VBN":
		case w.tag == "IN", w.tag == "TO", w.tag == "DT", w.tag == "PRP$":
			if !seen {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// isVerb holds for a verb with what was done: waive fees, charged for baggage,
// sold out.
func isVerb(words []word) bool {
	if !strings.HasPrefix(words[0].tag, "VB") || len(words) < 2 {
		return false
	}
	last := words[len(words)-1].tag
	if !strings.HasPrefix(last, "NN") && last != "RP" && last != "IN" && last != "RB" {
		return false
	}
	for _, w := range words[1:] {
		switch {
		case strings.HasPrefix(w.tag, "NN"), strings.HasPrefix(w.tag, "JJ"):
		case w.tag == "IN", w.tag == "TO", w.tag == "DT", w.tag == "PRP$", w.tag == "RP", w.tag == "RB", w.tag == "CD", w.tag == "VBG", w.tag == "VBN":
		default:
			return false
		}
	}
	return true
}
