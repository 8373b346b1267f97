package topic

import (
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

	classes []class     // of words
	sets    []symbol    // of all classes
	alone   []ending    // of all classes
	firsts  []firstStep // of all classes
	unions  []mask      // of firsts that several words may follow
	numbers []classID   // by number in the scanner's vocabulary
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
	a.phrases.finish(a.variants)
	first := a.phrases.beginnings(len(a.symbols), &a.unions)
	known := map[string]classID{}
	a.words.finish(func(symbols []symbol) classID { return a.class(known, first, symbols) })
	a.numberWords()
	a.symbols, a.shares, a.routes, a.begun = nil, nil, nil, nil
}

// symbol is what a place of a phrase asks for: a set of words and stems.
type symbol int32

// mask stands for a set of symbols: a bit in each half for each of them, by which most
// misses are told at once.
type mask struct{ first, second uint64 }

// bits are the places of a symbol in both halves.
func (s symbol) bits() (first, second uint32) {
	h := uint32(s) * 0x9e3779b1
	return h >> 26, h >> 20 & 63
}

func (m *mask) add(s symbol) {
	first, second := s.bits()
	m.first |= 1 << first
	m.second |= 1 << second
}

func (m *mask) join(o *mask) {
	m.first |= o.first
	m.second |= o.second
}

// mayHold is false where s is not in the set.
func (m *mask) mayHold(s symbol) bool {
	first, second := s.bits()
	return m.first>>first&(m.second>>second)&1 != 0
}

// meets is false where no symbol is in both sets.
func (m *mask) meets(o *mask) bool { return m.first&o.first != 0 && m.second&o.second != 0 }
