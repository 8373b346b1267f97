package vader

import "earshot/sentiment/dictionary"

// EntriesOf looks all words of a table up, by their number; those of Words should be among
// them.
func EntriesOf(t *dictionary.Table) []Entry {
	entries := make([]Entry, t.Len())
	for id := 1; id < t.Len(); id++ {
		word := []byte(t.Word(id))
		entries[id] = words().entry(dictionary.Hash(word), word).done(word)
	}
	return entries
}

// At is the token of a word at [start,end) of a text, which is in capitals or not: in
// capitals are those that have some and no small letters. Texts are shorter than 4 GB.
func (e Entry) At(start, end int, capitals bool) Token {
	if capitals {
		e.marks |= upper
	}
	return Token{e, uint32(start), uint32(end)}
}

// Start is where the token starts.
func (t *Token) Start() int { return int(t.start) }

// ScoreKnown returns what Score does, at half the cost. Known are words that the caller
// has read already, in their order, by their offsets into a longer text of which this one
// starts at from. Each is a run of ASCII letters, digits and inner marks, bounded by neither
// a letter nor a digit.
func (s *Scorer) ScoreKnown(text string, from int, known []Token) Scores {
	return s.score(text, &reading{known: known, from: from, shift: -from})
}

// reading walks a text along the words that are known.
type reading struct {
	known []Token
	next  int // of known
	from  int
	shift int // from offsets of known to those of Scorer.text
	emoji int // shifts whose names lie behind
}

// takePlain appends the known words from byte i on, as long as they stand between blanks,
// in a text without emoji. It returns where the next token may start.
func (s *Scorer) takePlain(r *reading, i int) int {
	if len(s.shifts) > 0 {
		return i
	}
	text, tokens, next := s.text, s.tokens, r.next
	for ; next < len(r.known) && i < len(text); next++ {
		t := r.known[next]
		end := int(t.end) - r.from
		if int(t.start)-r.from != i || end < len(text) && text[end] != ' ' {
			break
		}
		t.start, t.end = uint32(i), uint32(end)
		tokens = append(tokens, t)
		i = end + 1
	}
	s.tokens, r.next = tokens, next
	return i
}

// take appends the token at i, where no white space is, if it is a known word between
// punctuation. It returns where the next white space is, 0 if it is another word.
func (s *Scorer) take(r *reading, i int) (end int) {
	first := i
	for first < len(s.text) && classes[s.text[first]]&punct != 0 {
		first++
	}
	if first == len(s.text) {
		return 0
	}
	for ; r.emoji < len(s.shifts) && s.shifts[r.emoji].end <= first; r.emoji++ {
		r.shift = s.shifts[r.emoji].end - s.shifts[r.emoji].to - r.from
	}
	if r.emoji < len(s.shifts) && s.shifts[r.emoji].begin <= first {
		return 0 // within an emoji's name, of which the caller knows nothing
	}
	for r.next < len(r.known) && int(r.known[r.next].start)+r.shift < first {
		r.next++
	}
	if r.next == len(r.known) || int(r.known[r.next].start)+r.shift != first {
		return 0
	}
	t := r.known[r.next]
	last := int(t.end) + r.shift
	end = last
	for end < len(s.text) && classes[s.text[end]]&punct != 0 {
		end++
	}
	if end < len(s.text) && classes[s.text[end]]&space == 0 || last-first <= 2 && (i < first || last < end) {
		return 0 // it goes on, or counts with its punctuation
	}
	t.start, t.end = uint32(first), uint32(last)
	s.tokens = append(s.tokens, t)
	r.next++
	return end
}
