// Package dictionary numbers lower-case words. A table is built once and asked for
// every word of every text, so it is small, and a look-up touches three places in it
// at the most.
package dictionary

import "strings"

// Table numbers words from 1; 0 stands for any other. It is immutable once built.
type Table struct {
	slots []slot // a power of two, at most a quarter full: most misses meet an empty slot at once
	text  string // all words, end to end
	ends  []uint32
}

// slot is empty if id is 0; tag is the high half of the hash.
type slot struct{ tag, id uint16 }

// MaxWords is how many words fit a table.
const MaxWords = 1<<16 - 1

// Of numbers words in their order: those used most go first, as they lie together
// then. A word that comes again keeps its first number. More than MaxWords panic.
func Of(words []string) *Table {
	if len(words) > MaxWords {
		panic("dictionary: more words than numbers")
	}
	size := 64
	for size < 4*len(words) {
		size *= 2
	}
	t := &Table{slots: make([]slot, size), ends: make([]uint32, 1, len(words)+1)}
	var kept strings.Builder
	for _, w := range words {
		h := Hash([]byte(w))
		if t.ID(h, []byte(w)) != 0 {
			continue
		}
		at := t.home(h)
		for t.slots[at].id != 0 {
			at = (at + 1) & uint32(size-1)
		}
		t.slots[at] = slot{uint16(h >> 16), uint16(len(t.ends))}
		kept.WriteString(w)
		t.text = kept.String()
		t.ends = append(t.ends, uint32(kept.Len()))
	}
	return t
}

// Len is the number of words and one: the length of a list by number.
func (t *Table) Len() int { return len(t.ends) }

// Word returns the word of a number; "" for 0.
func (t *Table) Word(id int) string {
	if id == 0 {
		return ""
	}
	return t.text[t.ends[id-1]:t.ends[id]]
}

// ID returns the number of a word whose hash is h.
func (t *Table) ID(h uint32, word []byte) int {
	tag := uint16(h >> 16)
	for at := t.home(h); ; at = (at + 1) & uint32(len(t.slots)-1) {
		s := t.slots[at]
		if s.id == 0 {
			return 0
		}
		if s.tag == tag && t.text[t.ends[s.id-1]:t.ends[s.id]] == string(word) {
			return int(s.id)
		}
	}
}

// home mixes the high bits, which are FNV's better ones, into the place.
func (t *Table) home(h uint32) uint32 { return (h ^ h>>15) & uint32(len(t.slots)-1) }

// Start is the hash of no bytes.
const Start uint32 = 2166136261

// Step adds a byte to a hash: FNV-1a.
func Step(h uint32, c byte) uint32 { return (h ^ uint32(c)) * 16777619 }

// Hash is the hash of a word.
func Hash(word []byte) uint32 {
	h := Start
	for _, c := range word {
		h = Step(h, c)
	}
	return h
}
