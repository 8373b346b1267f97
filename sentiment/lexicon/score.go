package lexicon

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"earshot/sentiment"
	"earshot/sentiment/topic"
	"earshot/sentiment/vader"
)

// negationScalar turns and weakens a negated valence, as VADER does.
const negationScalar = -0.74

// Hit is a phrase that counts in a text.
type Hit struct {
	Start, End int     // byte offsets
	Lexicon    float64 // valence as written
	Valence    float64 // in this text: boosted, negated, weighed by "but"
	Effort     float64 // 0 where negated
	Negated    bool
	Emoji      bool

	rule int
}

// Word is a word of VADER and whether a phrase of the overlay stands in for it.
type Word struct {
	vader.Word
	Covered bool
}

// Figures is what the overlay makes of a text.
type Figures struct {
	Score    float64 // -1..1; VADER's compound where no phrase was found
	Positive float64 // sum of the valences above 0
	Negative float64 // sum of the valences below 0
	Effort   float64 // 0..1: how hard it was for the customer, by the phrases that say so
	Hits     int
}

// State holds the buffers of one text after another, and after Score the parts of
// its result. The zero value is ready; it is not safe for concurrent use.
type State struct {
	matches topic.MatchState
	taken   []bool // by token: a word of a counted phrase; empty if no phrase was found
	first   int    // the first token taken
	end     int    // behind the last one
	muted   []bool // by clause: VADER's words count for nothing; empty if no phrase was found
	hits    []Hit
	emoji   bool // one of the hits is one
	words   []Word
	tagged  bool // a word of a hashtag counts
}

// Hits returns the phrases that counted in the text scored last, by place.
func (s *State) Hits() []Hit { return s.hits }

// Rule names the phrase behind a hit: lexicon/phrase.
func (o *Overlay) Rule(h Hit) string {
	r := o.rules[h.rule]
	return r.entry.file.Name + "/" + r.phrase.Text
}

// Words returns VADER's words of the text scored last.
func (s *State) Words() []Word { return s.words }

// Score reads a scanned text.
func (o *Overlay) Score(s *State, d *sentiment.Doc) Figures {
	o.choose(s, d)
	s.cover(d)
	var sum Part
	for i := range s.words {
		if w := &s.words[i]; !w.Covered {
			sum.add(w.Valence)
		}
	}
	ease := 1.0
	for i := range s.hits {
		h := &s.hits[i]
		sum.add(h.Valence)
		ease *= 1 - h.Effort
	}
	f := Figures{Positive: sum.Positive, Negative: sum.Negative, Effort: 1 - ease, Hits: len(s.hits)}
	if len(s.hits) == 0 && !s.tagged {
		f.Score = d.Figures().Compound
	} else {
		f.Score = emphasised(sum.Positive+sum.Negative, d.Emphasis())
	}
	return f
}

func emphasised(sum, emphasis float64) float64 {
	switch {
	case sum > 0:
		sum += emphasis
	case sum < 0:
		sum -= emphasis
	}
	return vader.Normalize(sum)
}

// Part is the sum of the valences above and of those below 0 in a stretch of text.
type Part struct{ Positive, Negative float64 }

func (p *Part) add(valence float64) {
	if valence > 0 {
		p.Positive += valence
	} else {
		p.Negative += valence
	}
}

// Score is the part's score, -1..1: without the emphasis of punctuation.
func (p Part) Score() float64 {
	sum := p.Positive + p.Negative
	if sum == 0 { // as most are
		return sum
	}
	return vader.Normalize(sum)
}

// Parts appends what each stretch of the text scored last holds. They end at ends
// (byte offsets, rising) and start at 0 or where the one before ends.
func (s *State) Parts(dst []Part, ends []int) []Part {
	words, hits := s.words, s.hits
	for _, end := range ends {
		var p Part
		for ; len(words) > 0 && words[0].Start < end; words = words[1:] {
			if !words[0].Covered {
				p.add(words[0].Valence)
			}
		}
		for ; len(hits) > 0 && hits[0].Start < end; hits = hits[1:] {
			p.add(hits[0].Valence)
		}
		dst = append(dst, p)
	}
	return dst
}

// choose fills s.hits. Of overlapping phrases the one with more words counts, then
// that of the later lexicon, then the one further left.
func (o *Overlay) choose(s *State, d *sentiment.Doc) {
	s.hits, s.emoji = s.hits[:0], false
	s.taken, s.muted, s.first, s.end = s.taken[:0], s.muted[:0], len(d.Tokens), 0
	if found := o.matcher.Find(&s.matches, d); len(found) > 0 {
		s.taken, s.muted = resized(s.taken, len(d.Tokens)), resized(s.muted, len(d.Clauses))
		o.chooseOf(s, d, found)
	}
	o.addEmoji(s, d)
}

// chooseOf does so for the phrases found, which are in order of their first words.
func (o *Overlay) chooseOf(s *State, d *sentiment.Doc, found []topic.Match) {
	rivals := overlap(found)
	if rivals {
		slices.SortFunc(found, o.byPreference)
	}
	but := firstBut(d)
	for i := range found {
		if m := &found[i]; s.claim(m) {
			s.hits = append(s.hits, o.hit(s, d, m, but))
		}
	}
	if rivals {
		slices.SortFunc(s.hits, func(a, b Hit) int { return cmp.Compare(a.Start, b.Start) })
	}
}

func overlap(found []topic.Match) bool {
	for i := 1; i < len(found); i++ {
		if found[i].First < found[i-1].End {
			return true
		}
	}
	return false
}

func (o *Overlay) byPreference(a, b topic.Match) int {
	if c := b.Words() - a.Words(); c != 0 {
		return c
	}
	if c := o.effects[b.Phrase].file - o.effects[a.Phrase].file; c != 0 {
		return int(c)
	}
	return cmp.Or(a.First-b.First, a.End-b.End, a.Phrase-b.Phrase)
}

// claim marks the tokens of m as taken, unless one of them is.
func (s *State) claim(m *topic.Match) bool {
	for i := m.First; i < m.End; i++ {
		if s.taken[i] && m.Holds(i) {
			return false
		}
	}
	for i := m.First; i < m.End; i++ {
		s.taken[i] = s.taken[i] || m.Holds(i)
	}
	s.first, s.end = min(s.first, m.First), max(s.end, m.End)
	return true
}

// hit values a phrase in its place, by VADER's rules: boosters before it, negation,
// and the weights before and after the first "but".
func (o *Overlay) hit(s *State, d *sentiment.Doc, m *topic.Match, but int) Hit {
	e := &o.effects[m.Phrase]
	h := Hit{Start: d.Tokens[m.First].Start, End: d.Tokens[m.End-1].End, Lexicon: e.valence, Valence: e.valence, Effort: e.effort, rule: m.Phrase}
	if e.mutes {
		s.muted[d.ClauseOf(m.First)] = true
	}
	if h.Valence == 0 {
		return h
	}
	h.Valence += boost(d, m.First, h.Valence)
	if !e.fixed && m.Negated(d) {
		h.Negated, h.Effort = true, 0
		h.Valence *= negationScalar
	}
	switch {
	case but < 0:
	case m.First < but:
		h.Valence *= 0.5
	default:
		h.Valence *= 1.5
	}
	return h
}

// boost is what degree adverbs within three words before token first add.
func boost(d *sentiment.Doc, first int, valence float64) (sum float64) {
	for back, weight := range [...]float64{1, 0.95, 0.9} {
		i := first - 1 - back
		if i < 0 || d.Tokens[i+1].Break != sentiment.NoBreak {
			break
		}
		if d.Word(i) != 0 { // no adverb is unknown
			sum += weight * d.Role(i).Boost
		}
	}
	return math.Copysign(1, valence) * sum
}

func firstBut(d *sentiment.Doc) int {
	for i := range d.Tokens {
		if d.IsBut(i) {
			return i
		}
	}
	return -1
}

// cover fills s.words.
func (s *State) cover(d *sentiment.Doc) {
	s.words, s.tagged = s.words[:0], false
	for _, w := range d.Words() {
		s.words = append(s.words, Word{Word: w})
	}
	if len(s.hits) > 0 {
		s.coverWords(d)
	}
	if strings.IndexByte(d.Text, '#') >= 0 {
		s.hashtags(d)
	}
}

// coverWords marks the words that a phrase stands in for: one that holds one of their
// tokens, or whose scope is their clause.
func (s *State) coverWords(d *sentiment.Doc) {
	token, clause := s.first, 0
	for n := range s.words {
		w := &s.words[n]
		for clause < len(s.muted) && d.Clauses[clause].End <= w.Start {
			clause++
		}
		w.Covered = clause < len(s.muted) && s.muted[clause] || s.emoji && s.coversEmoji(w.Start, w.End)
		for token < s.end && d.Tokens[token].End <= w.Start {
			token++
		}
		for i := token; i < s.end && d.Tokens[i].Start < w.End; i++ {
			w.Covered = w.Covered || s.taken[i]
		}
	}
}

// hashtags adds the words of parted hashtags, which VADER does not see.
func (s *State) hashtags(d *sentiment.Doc) {
	for i := range d.Tokens {
		t := &d.Tokens[i]
		if !t.Hashtag || i < len(s.taken) && s.taken[i] {
			continue
		}
		if role := d.Role(i); role.Listed {
			s.words = append(s.words, Word{Word: vader.Word{Start: t.Start, End: t.End, Lexicon: role.Valence, Valence: role.Valence}})
			s.tagged = true
		}
	}
	if s.tagged {
		slices.SortStableFunc(s.words, func(a, b Word) int { return cmp.Compare(a.Start, b.Start) })
	}
}

// resized returns a slice of n times false, in the memory of s where it fits.
func resized(s []bool, n int) []bool {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}
