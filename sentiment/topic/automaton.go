package topic

import (
	"slices"
	"strings"

	"earshot/sentiment"
)

// symbol is what a place of a phrase asks for: a set of words and stems.
type symbol int32

// wordTrie maps a word to the symbols it satisfies, by its bytes.
type wordTrie struct {
	nodes []wordNode
}

type wordNode struct {
	next  []byteEdge
	stems []symbol // of the stems that end on the way here, this node included
	exact []symbol // stems, and the words that end here
}

type byteEdge struct {
	b  byte
	to int32
}

func (n *wordNode) step(b byte) (int32, bool) {
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
	edges map[uint64]int32 // node<<32 | symbol
	first []int32          // the edges of the root, by symbol; 0: none
	nodes []phraseNode
}

type phraseNode struct {
	ends []int32 // patterns that end here
	gaps []gapEdge
	leaf bool // no edge leads on
}

type gapEdge struct {
	max int
	to  int32
}

func newPhraseTrie() *phraseTrie {
	return &phraseTrie{edges: map[uint64]int32{}, nodes: make([]phraseNode, 1)}
}

func (t *phraseTrie) newNode() int32 {
	t.nodes = append(t.nodes, phraseNode{})
	return int32(len(t.nodes) - 1)
}

func (t *phraseTrie) addWord(at int32, s symbol) int32 {
	key := uint64(at)<<32 | uint64(s)
	if to, ok := t.edges[key]; ok {
		return to
	}
	to := t.newNode()
	t.edges[key] = to
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
	for i := range t.nodes {
		t.nodes[i].leaf = true
	}
	for key, to := range t.edges {
		t.nodes[key>>32].leaf = false
		if key>>32 == 0 {
			t.first[uint32(key)] = to
		}
	}
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
	syms [][]symbol
	hits []hit
}

// read finds every pattern. Each token starts a walk of bounded length, so the
// cost is linear in the text.
func (r *reader) read(w *wordTrie, t *phraseTrie, d *sentiment.Doc) {
	r.syms, r.hits = r.syms[:0], r.hits[:0]
	for i := range d.Tokens {
		r.syms = append(r.syms, w.symbols(d.Lower(i)))
	}
	for i, syms := range r.syms {
		for _, s := range syms {
			if to := t.first[s]; to != 0 {
				r.walk(t, d, to, i, i+1, 1)
			}
		}
	}
}

// walk goes on from node, whose last word was token next-1.
func (r *reader) walk(t *phraseTrie, d *sentiment.Doc, node int32, first, next int, mask uint64) {
	n := &t.nodes[node]
	for _, p := range n.ends {
		r.hits = append(r.hits, hit{p, first, next, mask})
	}
	if !n.leaf {
		r.step(t, d, node, first, next, mask)
	}
	for _, g := range n.gaps {
		for skip := range g.max + 1 {
			if !joined(d, next+skip) {
				break
			}
			r.step(t, d, g.to, first, next+skip, mask)
		}
	}
}

// step follows node's edges with the token at next.
func (r *reader) step(t *phraseTrie, d *sentiment.Doc, node int32, first, next int, mask uint64) {
	if !joined(d, next) {
		return
	}
	for _, s := range r.syms[next] {
		if to, ok := t.edges[uint64(node)<<32|uint64(s)]; ok {
			r.walk(t, d, to, first, next+1, mask|1<<(next-first))
		}
	}
}

// joined says whether token i exists and nothing parts it from the one before.
func joined(d *sentiment.Doc, i int) bool {
	return i < len(d.Tokens) && d.Tokens[i].Break == sentiment.NoBreak
}
