package topic

import "encoding/binary"

// automaton finds many phrases at once. It is filled by add, then finished.
type automaton struct {
	words   *wordTrie
	phrases *phraseTrie
	symbols map[string]symbol // by an element's key; nil once finished

	classes []class     // of words; the first satisfies nothing
	sets    []symbol    // of all classes
	firsts  []firstStep // of all classes
	numbers []int32     // class by number in the scanner's vocabulary
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

// mask stands for a set of symbols: two bits for each of them, by which most misses
// are told at once.
type mask [2]uint64

func (m *mask) add(s symbol) {
	h := uint32(s) * 0x9e3779b1
	m[0] |= 1 << (h >> 26)
	m[1] |= 1 << (h >> 20 & 63)
}

// meets is false where the sets have nothing in common.
func (m *mask) meets(o *mask) bool { return m[0]&o[0] != 0 && m[1]&o[1] != 0 }

// class is all words that satisfy the same symbols.
type class struct {
	mask          mask
	sets, symbols int32 // where its symbols start, and how many there are
	firsts, steps int32 // the same of the phrases that may start with such a word
}

// symbolsOf returns the symbols of a class, rising.
func (a *automaton) symbolsOf(c *class) []symbol { return a.sets[c.sets : c.sets+c.symbols] }

func (a *automaton) firstsOf(c *class) []firstStep { return a.firsts[c.firsts : c.firsts+c.steps] }

// firstStep leads from the root to a node. Where the node needs a certain word next,
// the mask tells most texts that do not have it.
type firstStep struct {
	to   int32
	now  bool // phrases end there, or a gap follows
	mask mask // of the words that may follow at once
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
	c := class{sets: int32(len(a.sets)), symbols: int32(len(symbols)), firsts: int32(len(a.firsts))}
	for _, s := range symbols {
		c.mask.add(s)
		a.firsts = append(a.firsts, first[s]...)
	}
	a.sets = append(a.sets, symbols...)
	c.steps = int32(len(a.firsts)) - c.firsts
	id = int32(len(a.classes))
	a.classes = append(a.classes, c)
	known[string(key)] = id
	return id
}
