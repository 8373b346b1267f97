package topic

import (
	"encoding/binary"
	"math"
	"slices"
)

// automaton finds many phrases at once. It is filled by add, then finished. A phrase is
// looked for where its rarest word stands, and from there to both sides.
type automaton struct {
	words   *wordTable
	phrases *phraseTrie
	symbols map[string]symbol // by an element's key; nil once finished
	shares  []float64         // by symbol: how often its words are said; nil once finished
	routes  []route           // by variant; nil once finished
	begun   map[string]int32  // beginnings of routes, up to a gap; nil once finished

	variants []variant // once finished, in the order of hits

	classes []class     // of words; the first satisfies nothing
	sets    []symbol    // of all classes
	firsts  []firstStep // of all classes
	numbers []int32     // class by number in the scanner's vocabulary
}

func newAutomaton() automaton {
	return automaton{words: newWordTable(), phrases: newPhraseTrie(), symbols: map[string]symbol{}, begun: map[string]int32{}}
}

// add makes the variants of a phrase end in the pattern id.
func (a *automaton) add(variants [][]element, id int32) {
	for _, v := range variants {
		r := a.route(v)
		at := a.path(r)
		a.phrases.building[at].ends = append(a.phrases.building[at].ends, int32(len(a.variants)))
		a.routes, a.variants = append(a.routes, r), append(a.variants, a.variant(r, id))
	}
}

func (a *automaton) route(v []element) (out route) {
	for _, e := range v {
		p := spot{gap: e.gap, share: math.Inf(1)}
		if e.words != nil {
			p.symbol = a.symbol(e)
			p.share = a.shares[p.symbol]
		}
		out = append(out, p)
	}
	return out
}

// path leads through the places of v, from its anchor on, to a node.
func (a *automaton) path(v route) int32 {
	anchor, back := v.anchor()
	before, behind := slices.Clone(v[:anchor]), v[anchor+1:]
	slices.Reverse(before)
	at := int32(forward)
	if back {
		at, before, behind = backward, behind, before
	}
	at = a.follow(a.phrases.addWord(at, v[anchor].symbol), behind)
	if len(before) > 0 {
		at = a.follow(a.phrases.addTurn(at), before)
	}
	return at
}

func (a *automaton) follow(at int32, list route) int32 {
	for _, p := range list {
		if p.gap > 0 {
			at = a.phrases.addGap(at, p.gap)
		} else {
			at = a.phrases.addWord(at, p.symbol)
		}
	}
	return at
}

func (a *automaton) symbol(e element) symbol {
	key := e.key()
	s, ok := a.symbols[key]
	if !ok {
		s = symbol(len(a.symbols))
		a.symbols[key] = s
		a.shares = append(a.shares, shareOfAny(e.words))
		for _, w := range e.words {
			a.words.add(w, s)
		}
	}
	return s
}

func (a *automaton) finish() {
	a.order()
	a.phrases.finish()
	first := a.phrases.firstSteps(len(a.symbols))
	known := map[string]int32{}
	a.words.finish(func(symbols []symbol) int32 { return a.class(known, first, symbols) })
	a.numberWords()
	a.symbols, a.shares, a.routes, a.begun = nil, nil, nil, nil
}

// symbol is what a place of a phrase asks for: a set of words and stems.
type symbol int32

// mask stands for a set of symbols: a bit of the first half and one of the second for
// each of them, by which most misses are told at once.
type mask [4]uint64

// bits are the places of a symbol in both halves.
func (s symbol) bits() (first, second uint32) {
	h := uint32(s) * 0x9e3779b1
	return h >> 25, 128 + h>>18&127
}

func (m *mask) add(s symbol) {
	first, second := s.bits()
	m[first>>6] |= 1 << (first & 63)
	m[second>>6] |= 1 << (second & 63)
}

func (m *mask) join(o *mask) {
	for i := range m {
		m[i] |= o[i]
	}
}

// mayHold is false where s is not in the set.
func (m *mask) mayHold(s symbol) bool {
	first, second := s.bits()
	return m[first>>6&3]>>(first&63)&(m[second>>6&3]>>(second&63))&1 != 0
}

// class is all words that satisfy the same symbols.
type class struct {
	mask          mask
	sets, symbols int32 // where its symbols start, and how many there are
	firsts, steps int32 // the same of the phrases that may start with such a word

	gapsBefore, gapsBehind bool // one of these goes on behind a gap on that side
}

// symbolsOf returns the symbols of a class, rising.
func (a *automaton) symbolsOf(c *class) []symbol { return a.sets[c.sets : c.sets+c.symbols] }

// satisfies says whether the words of a class satisfy s.
func (a *automaton) satisfies(c *class, s symbol) bool {
	_, ok := slices.BinarySearch(a.symbolsOf(c), s)
	return ok
}

func (a *automaton) firstsOf(c *class) []firstStep { return a.firsts[c.firsts : c.firsts+c.steps] }

// firstStep leads from a root to a node. Most phrases go on there with one certain word,
// which most texts do not have.
type firstStep struct {
	to        int32
	next, far symbol // of the word that stands next, and of that behind a gap; or none, several
	ends      bool   // phrases end there
	back      bool   // the next word stands before this one
}

// What stands for the symbol of a firstStep.
const (
	none    symbol = -1
	several symbol = -2
)

// one is the symbol of edges if there is just one.
func one(edges []symEdge) symbol {
	switch len(edges) {
	case 0:
		return none
	case 1:
		return edges[0].symbol
	}
	return several
}

// mayFollow is false where no word of m satisfies s.
func (m *mask) mayFollow(s symbol) bool { return s == several || s != none && m.mayHold(s) }

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
	for _, s := range a.firstsOf(&c) {
		c.gapsBefore = c.gapsBefore || s.back && s.far != none
		c.gapsBehind = c.gapsBehind || !s.back && s.far != none
	}
	id = int32(len(a.classes))
	a.classes = append(a.classes, c)
	known[string(key)] = id
	return id
}
