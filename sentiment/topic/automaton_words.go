package topic

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"earshot/sentiment"
	"earshot/sentiment/dictionary"
)

// wordTable maps a word to its class. Words and stems stand in one table by their hash.
// The hash of a word is made byte by byte, so those of its beginnings come by the way.
type wordTable struct {
	words, stems map[string][]symbol // nil once finished
	order        []string            // words, and stems with their star; nil once finished

	slots []wordSlot // a power of two, at most half full
	text  string     // of all slots, end to end
	whole hashSet    // of the words: most of a text are none
	begun hashSet    // of the stems: most beginnings of words are none
	opens hashSet    // of the first letters of those longer than that: most words begin with none
}

// wordSlot is empty if size is 0.
type wordSlot struct {
	hash, start, size uint32
	class             classID
}

// hashSet has a bit for each of its hashes, and is a sixteenth full at the most.
type hashSet struct {
	bits  []uint64
	shift uint // leaves the bits of a hash that number those
}

func newHashSet(n int) hashSet {
	log := max(6, bits.Len(uint(16*n)))
	return hashSet{make([]uint64, 1<<(log-6)), uint(32 - log)}
}

func (s *hashSet) add(hash uint32) { s.bits[hash>>s.shift>>6] |= 1 << (hash >> s.shift & 63) }

func (s *hashSet) mayHold(hash uint32) bool {
	at := hash >> s.shift
	return s.bits[at>>6]>>(at&63)&1 != 0
}

// stemMark parts the hash of a stem from that of the same word.
const stemMark = 0x5bd1e995

func newWordTable() *wordTable {
	return &wordTable{words: map[string][]symbol{}, stems: map[string][]symbol{}}
}

func (t *wordTable) add(word string, s symbol) {
	bare, stem := strings.CutSuffix(word, "*")
	list := t.words
	if stem {
		list = t.stems
	}
	if list[bare] == nil {
		t.order = append(t.order, word)
	}
	list[bare] = append(list[bare], s)
}

// finish hands the stems down to what begins with them, so that a look-up ends in one
// class.
func (t *wordTable) finish(class func([]symbol) classID) {
	class(nil) // of the words that are not known
	shares := shareOf()
	slices.SortStableFunc(t.order, func(a, b string) int { // what most texts need lies together
		return cmp.Compare(shares[b], shares[a])
	})
	t.slots = make([]wordSlot, 1<<bits.Len(uint(2*len(t.order))))
	t.whole, t.begun, t.opens = newHashSet(len(t.words)), newHashSet(len(t.stems)), newHashSet(len(t.stems))
	var text strings.Builder
	for _, word := range t.order {
		bare, stem := strings.CutSuffix(word, "*")
		var symbols []symbol
		for n := range len(bare) {
			if len(t.stems) == 0 {
				break
			}
			symbols = append(symbols, t.stems[bare[:n+1]]...)
		}
		hash := dictionary.Hash([]byte(bare))
		if stem {
			t.begun.add(hash)
			if len(bare) > opening {
				t.opens.add(dictionary.Hash([]byte(bare[:opening])))
			}
			hash ^= stemMark
		} else {
			t.whole.add(hash)
			symbols = append(symbols, t.words[bare]...)
		}
		t.put(wordSlot{hash, uint32(text.Len()), uint32(len(bare)), class(sorted(symbols))})
		text.WriteString(bare)
	}
	t.text = text.String()
	t.words, t.stems, t.order = nil, nil, nil
}

func (t *wordTable) put(s wordSlot) {
	at := s.hash & uint32(len(t.slots)-1)
	for t.slots[at].size != 0 {
		at = (at + 1) & uint32(len(t.slots)-1)
	}
	t.slots[at] = s
}

func sorted(s []symbol) []symbol {
	slices.Sort(s)
	return slices.Compact(s)
}

// opening is how many letters tell that a word begins with no stem that is longer.
const opening = 3

// class returns the class of a word whose hash is whole: its own, else that of the
// longest stem that it begins with.
func (t *wordTable) class(whole uint32, word []byte) classID {
	if t.whole.mayHold(whole) {
		if c, ok := t.find(whole, word); ok {
			return c
		}
	}
	class, hash := nothing, dictionary.Start
	for i, c := range word {
		hash = dictionary.Step(hash, c)
		if t.begun.mayHold(hash) {
			if c, ok := t.find(hash^stemMark, word[:i+1]); ok {
				class = c
			}
		}
		if i+1 == opening && !t.opens.mayHold(hash) {
			break
		}
	}
	return class
}

func (t *wordTable) find(hash uint32, word []byte) (class classID, ok bool) {
	for at := hash; ; at++ {
		s := &t.slots[at&uint32(len(t.slots)-1)]
		if s.size == 0 {
			return 0, false
		}
		if s.hash == hash && t.text[s.start:s.start+s.size] == string(word) {
			return s.class, true
		}
	}
}

// numberWords looks the scanner's vocabulary up beforehand: most words of a text are
// in it.
func (a *automaton) numberWords() {
	words := sentiment.Vocabulary()
	a.numbers = make([]classID, words.Len())
	for id := 1; id < words.Len(); id++ {
		word := []byte(words.Word(id))
		a.numbers[id] = a.words.class(dictionary.Hash(word), word)
	}
}

// wordNote is what stays with a word: its class and, in the last bits, its turnOf.
type wordNote int32

const turnBits = 2

func noteOf(id classID, turn uint8) wordNote { return wordNote(id)<<turnBits | wordNote(turn) }

func (n wordNote) class() classID { return classID(n >> turnBits) }

// turns says whether the word may turn what a phrase says.
func (n wordNote) turns() bool { return n&(1<<turnBits-1) != 0 }

// readWords fills r.classes and r.turns. What is known of a word stays as a note with it,
// if there is a noter for it.
func (r *reader) readWords(d *sentiment.Doc) {
	r.classes, r.turns = slices.Grow(r.classes[:0], len(d.Tokens))[:len(d.Tokens)], false
	noter := d.Noter(r.automaton)
	for i := range r.classes {
		note := wordNote(0)
		if noter >= 0 {
			note = wordNote(d.Tokens[i].Note(noter))
		}
		if note == 0 {
			if note = noteOf(r.automaton.classOf(d, i), turnAt(d, i, turnsByWord())); noter >= 0 {
				d.Note(i, noter, int32(note))
			}
		}
		r.classes[i] = note.class()
		r.turns = r.turns || note.turns()
	}
}

// classOf returns the class of token i.
func (a *automaton) classOf(d *sentiment.Doc, i int) classID {
	if n := d.Word(i); n != 0 {
		return a.numbers[n]
	}
	return a.words.class(d.Hash(i), d.Lower(i))
}
