package vader

import (
	"bytes"

	"earshot/sentiment/dictionary"
)

// Known is a word that the caller has read already: a run of ASCII letters, digits and
// inner marks, bounded by neither a letter nor a digit. A word that its table does not
// number holds no apostrophe.
type Known struct {
	Start, End int    // byte offsets into the text
	Word       uint16 // its number in the caller's table, in lower case; 0 if it is not there
	Capitals   bool   // it has capitals and no small letters
}

// Entries are what the rules know of the words of a caller's table, by their number.
type Entries []entry

// EntriesOf looks all words of a table up; those of Words should be among them.
func EntriesOf(t *dictionary.Table) Entries {
	entries := make(Entries, t.Len())
	for id := 1; id < t.Len(); id++ {
		word := []byte(t.Word(id))
		e := words().entry(dictionary.Hash(word), word)
		e.negates = e.negates || isContracted(word)
		entries[id] = e
	}
	return entries
}

// Role is what the word of a number does in the rules.
func (e Entries) Role(id int) Role { return e[id].role() }

// isContracted tells "don't" and its like.
func isContracted(word []byte) bool { return bytes.Contains(word, []byte("n't")) }

// ScoreKnown returns what Score does, at half the cost. Known are words in their order,
// by their offsets into a longer text of which this one starts at from; entries are those
// of the table that numbers them.
func (s *Scorer) ScoreKnown(text string, from int, known []Known, entries Entries) Scores {
	return s.score(text, &reading{known: known, entries: entries, from: from, shift: -from})
}

// reading walks a text along the words that are known.
type reading struct {
	known   []Known
	next    int // of known
	entries Entries
	from    int
	shift   int // from offsets of known to those of Scorer.text
	emoji   int // shifts whose names lie behind
}

// takePlain is take for the next of the known words between blanks, in a text without
// emoji.
func (s *Scorer) takePlain(r *reading, i int) (end int) {
	if len(s.shifts) > 0 || r.next == len(r.known) {
		return 0
	}
	w := &r.known[r.next]
	if end = w.End - r.from; w.Start-r.from != i || end < len(s.text) && s.text[end] != ' ' {
		return 0
	}
	t := s.next()
	t.entry, t.start, t.end, t.upper = r.entries[w.Word], i, end, w.Capitals
	r.next++
	return end
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
	for r.next < len(r.known) && r.known[r.next].Start+r.shift < first {
		r.next++
	}
	if r.next == len(r.known) || r.known[r.next].Start+r.shift != first {
		return 0
	}
	w := &r.known[r.next]
	last := w.End + r.shift
	end = last
	for end < len(s.text) && classes[s.text[end]]&punct != 0 {
		end++
	}
	if end < len(s.text) && classes[s.text[end]]&space == 0 || last-first <= 2 && (i < first || last < end) {
		return 0 // it goes on, or counts with its punctuation
	}
	t := s.next()
	t.entry, t.start, t.end, t.upper = r.entries[w.Word], first, last, w.Capitals
	r.next++
	return end
}
