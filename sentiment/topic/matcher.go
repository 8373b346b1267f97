package topic

import (
	"math/bits"

	"earshot/sentiment"
)

// Matcher finds phrases, in the syntax of packs, in scanned texts. It is immutable
// once built and safe for concurrent use.
type Matcher struct{ automaton }

// Match is one phrase found at the tokens [First, End) of a text.
type Match struct {
	Phrase     int // as numbered by MatcherBuilder.Add
	First, End int
	mask       uint64 // tokens that words of the phrase matched, counted from First
}

// Words is the number of tokens that the phrase's words matched; gaps do not count.
func (m Match) Words() int { return bits.OnesCount64(m.mask) }

// Holds says whether a word of the phrase matched token i.
func (m Match) Holds(i int) bool { return m.span().names(i) }

func (m Match) span() span { return span{m.First, m.End, m.mask} }

// Negated says whether a negation within three words before the match, or in one
// of its gaps, turns it.
func (m Match) Negated(d *sentiment.Doc) bool {
	return isNegated(d, m.span(), topicKind, 0)
}

// MatchState holds the buffers of one search after another. The zero value is
// ready; it is not safe for concurrent use.
type MatchState struct {
	reader  reader
	matches []Match
}

// Find returns all matches, overlapping ones too, by their first token. The slice
// belongs to s.
func (m *Matcher) Find(s *MatchState, d *sentiment.Doc) []Match {
	s.reader.read(&m.automaton, d)
	s.matches = s.matches[:0]
	for _, h := range s.reader.hits {
		s.matches = append(s.matches, Match{int(h.pattern), h.first, h.end, h.mask})
	}
	return s.matches
}

// MatcherBuilder collects phrases for a Matcher.
type MatcherBuilder struct {
	automaton automaton
	phrases   int
}

// NewMatcherBuilder returns an empty builder.
func NewMatcherBuilder() *MatcherBuilder { return &MatcherBuilder{automaton: newAutomaton()} }

// Add adds a phrase and returns its number. Classes are the word lists that
// <name> in it stands for.
func (b *MatcherBuilder) Add(phrase string, classes map[string][]string) (int, error) {
	lists := make(map[string]Words, len(classes))
	for name, list := range classes {
		lists[name] = Words{List: list}
	}
	variants, err := parsePhrase(phrase, lists)
	if err != nil {
		return 0, err
	}
	b.automaton.add(variants, int32(b.phrases))
	b.phrases++
	return b.phrases - 1, nil
}

// Matcher finishes the builder, which must not be used any more.
func (b *MatcherBuilder) Matcher() *Matcher {
	b.automaton.finish()
	return &Matcher{b.automaton}
}
