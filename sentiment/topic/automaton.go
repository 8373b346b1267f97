package topic

import (
	"encoding/binary"
	"slices"
)

// automaton finds many phrases at once. It is filled by add, then finished.
type automaton struct {
	words   *wordTrie
	phrases *phraseTrie
	symbols map[string]symbol // by an element's key; nil once finished

	classes []class // of words; the first satisfies nothing
	numbers []int32 // class by number in the scanner's vocabulary
}

func newAutomaton() automaton {
	return automaton{words: newWordTrie(), phrases: newPhraseTrie(), symbols: map[string]symbol{}}
}

// add makes the variants of a phrase end in the pattern id.
func (a *automaton) add(variants [][]element, id int32) {
	for _, v := range variants {
		at := int32(0)
		for _, e := range v {
			if e.words == nil {
				at = a.phrases.addGap(at, e.gap)
			} else {
				at = a.phrases.addWord(at, a.symbol(e))
			}
		}
		a.phrases.building[at].ends = append(a.phrases.building[at].ends, id)
	}
}

func (a *automaton) symbol(e element) symbol {
	s, ok := a.symbols[e.key()]
	if !ok {
		s = symbol(len(a.symbols))
		a.symbols[e.key()] = s
		for _, w := range e.words {
			a.words.add(w, s)
		}
	}
	return s
}

func (a *automaton) finish() {
	a.phrases.finish()
	first := a.phrases.firstSteps(len(a.symbols))
	known := map[string]int32{}
	a.words.finish(func(symbols []symbol) int32 { return a.class(known, first, symbols) })
	a.numberWords()
	a.symbols = nil
}

// symbol is what a place of a phrase asks for: a set of words and stems.
type symbol int32

// bit places a symbol in a mask of 64, by which most misses are told at once.
func (s symbol) bit() uint64 { return 1 << (uint32(s) * 0x9e3779b1 >> 26) }

// class is all words that satisfy the same symbols.
type class struct {
	symbols []symbol // rising
	mask    uint64
	first   []firstStep // the phrases that may start with such a word
}

// firstStep leads from the root to a node. Where the node needs a certain word next,
// the mask tells most texts that do not have it.
type firstStep struct {
	to   int32
	now  bool   // phrases end there, or a gap follows
	mask uint64 // of the words that may follow at once
}

// class returns the number of the class that satisfies symbols.
func (a *automaton) class(known map[string]int32, first [][]firstStep, symbols []symbol) int32 {
	if len(a.classes) == 0 {
		a.classes = append(a.classes, class{})
		known[""] = 0
	}
	key := make([]byte, 0, 4*len(symbols))
	for _, s := range symbols {
		key = binary.LittleEndian.AppendUint32(key, uint32(s))
	}
	id, ok := known[string(key)]
	if ok {
		return id
	}
	c := class{symbols: slices.Clone(symbols)}
	for _, s := range symbols {
		c.mask |= s.bit()
		c.first = append(c.first, first[s]...)
	}
	c.first = slices.Clip(c.first)
	id = int32(len(a.classes))
	a.classes = append(a.classes, c)
	known[string(key)] = id
	return id
}
