package topic

import (
	"encoding/binary"
	"slices"
)

// classID is the number of a class: above 0 if phrases may start with its words, else
// below. 0 is no class, so that it may stand for a word that was not looked up yet.
type classID int32

// nothing is the class of the words that no phrase has.
const nothing classID = -1

// starts says whether phrases may start with such a word.
func (id classID) starts() bool { return id > 0 }

// place is where the class stands in automaton.classes.
func (id classID) place() int32 { return max(int32(id), -int32(id)) }

// class is all words that satisfy the same symbols.
type class struct {
	mask          mask
	sets, symbols int32 // where its symbols start, and how many there are
	alone, ends   int32 // the same of the phrases that are such a word alone
	firsts        int32 // where the steps of longer phrases that may start with such a word start
	behind, steps int32 // how many of them go on behind the word, and how many there are

	gapsBefore, gapsBehind bool // one of these goes on behind a gap on that side
}

// symbolsOf returns the symbols of a class, rising.
func (a *automaton) symbolsOf(c *class) []symbol { return a.sets[c.sets : c.sets+c.symbols] }

// satisfies says whether the words of a class satisfy s.
func (a *automaton) satisfies(c *class, s symbol) bool {
	list := a.symbolsOf(c)
	if len(list) > few {
		_, ok := slices.BinarySearch(list, s)
		return ok
	}
	for _, own := range list {
		if own >= s {
			return own == s
		}
	}
	return false
}

func (a *automaton) aloneOf(c *class) []ending { return a.alone[c.alone : c.alone+c.ends] }

// firstsBehind are the steps of a class to the words behind, firstsBefore to those before.
func (a *automaton) firstsBehind(c *class) []firstStep { return a.firsts[c.firsts : c.firsts+c.behind] }

func (a *automaton) firstsBefore(c *class) []firstStep {
	return a.firsts[c.firsts+c.behind : c.firsts+c.steps]
}

// beginning is what starts with a symbol.
type beginning struct {
	alone          []ending
	behind, before []firstStep
}

// ending is a variant that ends at a node.
type ending struct{ variant, pattern int32 }

// firstStep leads from a root to a node. Most phrases go on there with few words, which
// most texts do not have.
type firstStep struct {
	to   int32
	next follower // of this word
	far  follower // behind a gap
	pair bool     // next is the only way on, and to is the node that it leads to
}

// pairsFirst orders steps so that those of a kind follow each other.
func pairsFirst(s, o firstStep) int {
	switch {
	case s.pair == o.pair:
		return 0
	case s.pair:
		return -1
	}
	return 1
}

// follower is the symbol of the one word that may follow, none, or below that the place
// of the union of several, counted down from several.
type follower int32

const (
	none    follower = -1
	several follower = -2
)

// followerOf is that of edges; the union of several is added to unions.
func followerOf(edges []symEdge, unions *[]mask) follower {
	switch len(edges) {
	case 0:
		return none
	case 1:
		return follower(edges[0].symbol)
	}
	var union mask
	for _, e := range edges {
		union.add(e.symbol)
	}
	*unions = append(*unions, union)
	return several - follower(len(*unions)-1)
}

// mayFollow is false where no word of m may follow.
func (a *automaton) mayFollow(f follower, m *mask) bool {
	switch {
	case f >= 0:
		return m.mayHold(symbol(f))
	case f == none:
		return false
	}
	return m.meets(&a.unions[several-f])
}

// class returns the number of the class that satisfies symbols.
func (a *automaton) class(known map[string]classID, first []beginning, symbols []symbol) classID {
	if len(a.classes) == 0 {
		a.classes = append(a.classes, class{}, class{}) // no class, and nothing
		known[""] = nothing
	}
	key := make([]byte, 0, 4*len(symbols))
	for _, s := range symbols {
		key = binary.LittleEndian.AppendUint32(key, uint32(s))
	}
	id, ok := known[string(key)]
	if ok {
		return id
	}
	c := class{sets: int32(len(a.sets)), symbols: int32(len(symbols)), alone: int32(len(a.alone)), firsts: int32(len(a.firsts))}
	for _, s := range symbols {
		c.mask.add(s)
		a.alone = append(a.alone, first[s].alone...)
		a.firsts = append(a.firsts, first[s].behind...)
	}
	c.behind = int32(len(a.firsts)) - c.firsts
	for _, s := range symbols {
		a.firsts = append(a.firsts, first[s].before...)
	}
	a.sets = append(a.sets, symbols...)
	for _, steps := range [][]firstStep{a.firsts[c.firsts : c.firsts+c.behind], a.firsts[c.firsts+c.behind:]} {
		slices.SortStableFunc(steps, pairsFirst)
	}
	c.ends, c.steps = int32(len(a.alone))-c.alone, int32(len(a.firsts))-c.firsts
	for _, s := range a.firstsBehind(&c) {
		c.gapsBehind = c.gapsBehind || s.far != none
	}
	for _, s := range a.firstsBefore(&c) {
		c.gapsBefore = c.gapsBefore || s.far != none
	}
	if id = classID(len(a.classes)); c.ends+c.steps == 0 {
		id = -id
	}
	a.classes = append(a.classes, c)
	known[string(key)] = id
	return id
}
