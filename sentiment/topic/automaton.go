package topic

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"earshot/sentiment"
)

// automaton finds many phrases at once.
type automaton struct {
	words   *wordTrie
	phrases *phraseTrie
	symbols map[string]symbol // by an element's key; nil once finished
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
		a.phrases.nodes[at].ends = append(a.phrases.nodes[at].ends, id)
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
	a.words.finish()
	a.phrases.finish(len(a.symbols))
	a.symbols = nil
}

// symbol is what a place of a phrase asks for: a set of words and stems.
type symbol int32

// wordTrie maps a word to the symbols it satisfies, by its bytes.
type wordTrie struct {
	nodes []wordNode
}

type wordNode struct {
	next  []byteEdge
	dense *[utf8.RuneSelf]int32 // the ASCII edges of a node with many; 0: none
	stems []symbol              // of the stems that end on the way here, this node included
	exact []symbol              // stems, and the words that end here
}

type byteEdge struct {
	b  byte
	to int32
}

// crowded is how many edges are looked up by a table rather than one by one.
const crowded = 4

func (n *wordNode) step(b byte) (int32, bool) {
	if n.dense != nil && b < utf8.RuneSelf {
		to := n.dense[b]
		return to, to != 0
	}
	for _, e := range n.next {
		if e.b == b {
			return e.to, true
		}
	}
	return 0, false
}

func newWordTrie() *wordTrie { return &wordTrie{nodes: make([]wordNode, 1)} }

func (t *wordTrie) add(word string, s symbol) {
	bare, stem := strings.CutSuffix(word, "*")
	at := int32(0)
	for i := range len(bare) {
		to, ok := t.nodes[at].step(bare[i])
		if !ok {
			to = int32(len(t.nodes))
			t.nodes = append(t.nodes, wordNode{})
			t.nodes[at].next = append(t.nodes[at].next, byteEdge{bare[i], to})
		}
		at = to
	}
	if stem {
		t.nodes[at].stems = append(t.nodes[at].stems, s)
	} else {
		t.nodes[at].exact = append(t.nodes[at].exact, s)
	}
}

// finish hands the stems down, so that a look-up ends in one list.
func (t *wordTrie) finish() {
	for at := range t.nodes { // a child's index is greater than its parent's
		n := &t.nodes[at]
		n.compact()
		slices.Sort(n.stems)
		n.stems = slices.Compact(n.stems)
		for _, e := range n.next {
			child := &t.nodes[e.to]
			child.stems = append(child.stems, n.stems...)
		}
		n.exact = append(n.exact, n.stems...)
		slices.Sort(n.exact)
		n.exact = slices.Compact(n.exact)
	}
}

// compact gives a node with many edges its table.
func (n *wordNode) compact() {
	if len(n.next) <= crowded {
		return
	}
	n.dense = new([utf8.RuneSelf]int32)
	for _, e := range n.next {
		if e.b < utf8.RuneSelf {
			n.dense[e.b] = e.to
		}
	}
}

// symbols returns what word satisfies, in rising order.
func (t *wordTrie) symbols(word []byte) []symbol {
	at := int32(0)
	for _, b := range word {
		to, ok := t.nodes[at].step(b)
		if !ok {
			return t.nodes[at].stems
		}
		at = to
	}
	return t.nodes[at].exact
}

// phraseTrie holds all phrases, place by place.
type phraseTrie struct {
	building map[uint64]int32 // node<<32 | symbol -> node; nil once finished
	first    []int32          // the edges of the root, by symbol; 0: none
	nodes    []phraseNode
}

type phraseNode struct {
	ends  []int32   // patterns that end here
	edges []symEdge // by symbol
	mask  uint64    // of the edges' symbols: tells most misses at once
	gaps  []gapEdge
}

type symEdge struct {
	symbol symbol
	to     int32
}

type gapEdge struct {
	max int
	to  int32
}

func (s symbol) bit() uint64 { return 1 << (uint32(s) * 0x9e3779b1 >> 26) }

func newPhraseTrie() *phraseTrie {
	return &phraseTrie{building: map[uint64]int32{}, nodes: make([]phraseNode, 1)}
}

func (t *phraseTrie) newNode() int32 {
	t.nodes = append(t.nodes, phraseNode{})
	return int32(len(t.nodes) - 1)
}

func (t *phraseTrie) addWord(at int32, s symbol) int32 {
	key := uint64(at)<<32 | uint64(s)
	if to, ok := t.building[key]; ok {
		return to
	}
	to := t.newNode()
	t.building[key] = to
	return to
}

func (t *phraseTrie) addGap(at int32, n int) int32 {
	for _, g := range t.nodes[at].gaps {
		if g.max == n {
			return g.to
		}
	}
	to := t.newNode()
	t.nodes[at].gaps = append(t.nodes[at].gaps, gapEdge{n, to})
	return to
}

func (t *phraseTrie) finish(symbols int) {
	t.first = make([]int32, symbols)
	for _, key := range slices.Sorted(maps.Keys(t.building)) {
		n, e := &t.nodes[key>>32], symEdge{symbol(uint32(key)), t.building[key]}
		n.edges = append(n.edges, e)
		n.mask |= e.symbol.bit()
		if key>>32 == 0 {
			t.first[e.symbol] = e.to
		}
	}
	t.building = nil
}

// follow returns where symbol s leads from n.
func (n *phraseNode) follow(s symbol) (int32, bool) {
	if len(n.edges) > 8 {
		i, ok := slices.BinarySearchFunc(n.edges, s, func(e symEdge, s symbol) int { return int(e.symbol - s) })
		if !ok {
			return 0, false
		}
		return n.edges[i].to, true
	}
	for _, e := range n.edges {
		if e.symbol == s {
			return e.to, true
		}
	}
	return 0, false
}

// hit is one pattern found at tokens [first, end); mask marks the tokens that
// its words matched, counted from first (gaps are left out).
type hit struct {
	pattern    int32
	first, end int
	mask       uint64
}

// reader runs the automaton over one text. Its buffers are reused.
type reader struct {
	tokens []token
	hits   []hit
}

// token is what the automaton sees of a word.
type token struct {
	symbols []symbol
	mask    uint64 // of the symbols
	joined  bool   // nothing parts it from the word before
	opens   bool   // a clause: no gap reaches into it
}

// read finds every pattern. Each token starts a walk of bounded length, so the
// cost is linear in the text.
func (r *reader) read(a *automaton, d *sentiment.Doc) {
	r.tokens, r.hits = r.tokens[:0], r.hits[:0]
	for i := range d.Tokens {
		tok := token{symbols: a.words.symbols(d.Lower(i)), joined: d.Tokens[i].Break == sentiment.NoBreak}
		for _, s := range tok.symbols {
			tok.mask |= s.bit()
		}
		r.tokens = append(r.tokens, tok)
	}
	for _, c := range d.Clauses {
		first, _ := c.Tokens()
		r.tokens[first].opens = true
	}
	for i := range r.tokens {
		for _, s := range r.tokens[i].symbols {
			if to := a.phrases.first[s]; to != 0 {
				r.walk(a.phrases, to, i, i+1, 1)
			}
		}
	}
}

// walk goes on from node, whose last word was token next-1.
func (r *reader) walk(t *phraseTrie, node int32, first, next int, mask uint64) {
	n := &t.nodes[node]
	for _, p := range n.ends {
		r.hits = append(r.hits, hit{p, first, next, mask})
	}
	if next >= len(r.tokens) || !r.tokens[next].joined {
		return
	}
	r.step(t, n, first, next, mask)
	for _, g := range n.gaps {
		for i := next; i <= next+g.max && i < len(r.tokens) && r.tokens[i].joined && !r.tokens[i].opens; i++ {
			r.step(t, &t.nodes[g.to], first, i, mask)
		}
	}
}

// step follows n's edges with the token at next.
func (r *reader) step(t *phraseTrie, n *phraseNode, first, next int, mask uint64) {
	tok := &r.tokens[next]
	if tok.mask&n.mask == 0 {
		return
	}
	for _, s := range tok.symbols {
		if to, ok := n.follow(s); ok {
			r.walk(t, to, first, next+1, mask|1<<(next-first))
		}
	}
}
