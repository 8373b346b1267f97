package lexicon

import (
	"cmp"
	"math"
	"slices"

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
	taken   []bool // by token: a word of a counted phrase
	muted   []bool // by clause: VADER's words count for nothing
	hits    []Hit
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
	f := Figures{Hits: len(s.hits)}
	for _, w := range s.words {
		if !w.Covered {
			f.add(w.Valence)
		}
	}
	ease := 1.0
	for _, h := range s.hits {
		f.add(h.Valence)
		ease *= 1 - h.Effort
	}
	f.Effort = 1 - ease
	if len(s.hits) == 0 && !s.tagged {
		f.Score = d.Figures().Compound
		return f
	}
	f.Score = emphasised(f.Positive+f.Negative, d.Emphasis())
	return f
}

func (f *Figures) add(valence float64) {
	if valence > 0 {
		f.Positive += valence
	} else {
		f.Negative += valence
	}
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

// Score is the part's score, -1..1: without the emphasis of punctuation.
func (p Part) Score() float64 { return vader.Normalize(p.Positive + p.Negative) }

// Parts appends what each stretch of the text scored last holds. They end at ends
// (byte offsets, rising) and start at 0 or where the one before ends.
func (s *State) Parts(dst []Part, ends []int) []Part {
	w, h := 0, 0
	for _, end := range ends {
		var f Figures
		for ; w < len(s.words) && s.words[w].Start < end; w++ {
			if !s.words[w].Covered {
				f.add(s.words[w].Valence)
			}
		}
		for ; h < len(s.hits) && s.hits[h].Start < end; h++ {
			f.add(s.hits[h].Valence)
		}
		dst = append(dst, Part{f.Positive, f.Negative})
	}
	return dst
}

// choose fills s.hits. Of overlapping phrases the one with more words counts, then
// that of the later lexicon, then the one further left.
func (o *Overlay) choose(s *State, d *sentiment.Doc) {
	s.hits = s.hits[:0]
	s.taken = resized(s.taken, len(d.Tokens))
	s.muted = resized(s.muted, len(d.Clauses))
	if found := o.matcher.Find(&s.matches, d); len(found) > 0 {
		o.chooseOf(s, d, found)
	}
	o.addEmoji(s, d)
}

func (o *Overlay) chooseOf(s *State, d *sentiment.Doc, found []topic.Match) {
	slices.SortFunc(found, func(a, b topic.Match) int {
		return cmp.Or(cmp.Compare(b.Words(), a.Words()), cmp.Compare(o.rules[b.Phrase].file, o.rules[a.Phrase].file),
			cmp.Compare(a.First, b.First), cmp.Compare(a.End, b.End), cmp.Compare(a.Phrase, b.Phrase))
	})
	but := firstBut(d)
	for _, m := range found {
		if s.claim(m) {
			s.hits = append(s.hits, o.hit(s, d, m, but))
		}
	}
	slices.SortFunc(s.hits, func(a, b Hit) int { return cmp.Compare(a.Start, b.Start) })
}

// claim marks the tokens of m as taken, unless one of them is.
func (s *State) claim(m topic.Match) bool {
	for i := m.First; i < m.End; i++ {
		if m.Holds(i) && s.taken[i] {
			return false
		}
	}
	for i := m.First; i < m.End; i++ {
		s.taken[i] = s.taken[i] || m.Holds(i)
	}
	return true
}

// hit values a phrase in its place, by VADER's rules: boosters before it, negation,
// and the weights before and after the first "but".
func (o *Overlay) hit(s *State, d *sentiment.Doc, m topic.Match, but int) Hit {
	e := o.rules[m.Phrase].entry
	h := Hit{Start: d.Tokens[m.First].Start, End: d.Tokens[m.End-1].End, Lexicon: e.Valence, Valence: e.Valence, Effort: e.Effort, rule: m.Phrase}
	if e.Scope == "clause" {
		s.muted[d.ClauseOf(m.First)] = true
	}
	if h.Valence == 0 {
		return h
	}
	h.Valence += boost(d, m, h.Valence)
	if e.Negation != "fixed" && m.Negated(d) {
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

// boost is what degree adverbs within three words before m add.
func boost(d *sentiment.Doc, m topic.Match, valence float64) (sum float64) {
	for back, weight := range []float64{1, 0.95, 0.9} {
		i := m.First - 1 - back
		if i < 0 || d.Tokens[i+1].Break != sentiment.NoBreak {
			break
		}
		sum += weight * d.Role(i).Boost
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

// cover fills s.words. A word is covered by a phrase that holds one of its tokens,
// or by one whose scope is the clause.
func (s *State) cover(d *sentiment.Doc) {
	s.words, s.tagged = s.words[:0], false
	token, clause := 0, 0
	for _, w := range d.Words() {
		for token < len(d.Tokens) && d.Tokens[token].End <= w.Start {
			token++
		}
		for clause+1 < len(d.Clauses) && d.Clauses[clause].End <= w.Start {
			clause++
		}
		word := Word{Word: w, Covered: clause < len(s.muted) && s.muted[clause] || s.coversEmoji(w.Start, w.End)}
		for i := token; i < len(d.Tokens) && d.Tokens[i].Start < w.End; i++ {
			word.Covered = word.Covered || s.taken[i]
		}
		s.words = append(s.words, word)
	}
	s.hashtags(d)
}

// hashtags adds the words of parted hashtags, which VADER does not see.
func (s *State) hashtags(d *sentiment.Doc) {
	added := false
	for i, t := range d.Tokens {
		if !t.Hashtag || s.taken[i] {
			continue
		}
		if role := d.Role(i); role.Listed {
			s.words = append(s.words, Word{Word: vader.Word{Start: t.Start, End: t.End, Lexicon: role.Valence, Valence: role.Valence}})
			added = true
		}
	}
	if added {
		slices.SortStableFunc(s.words, func(a, b Word) int { return cmp.Compare(a.Start, b.Start) })
		s.tagged = true
	}
}

// resized returns a slice of n times false, in the memory of s where it fits.
func resized(s []bool, n int) []bool {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}
