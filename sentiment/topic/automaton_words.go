package topic

import (
	"bytes"
	"slices"
	"strings"

	"earshot/sentiment"
)

// wordTrie maps a word to its class, by its bytes.
type wordTrie struct {
	building []wordGrowth // nil once finished

	root  [256]int32 // 0: none
	nodes []wordNode // one more than there are, as the end of the last one's edges
	bytes []byte     // of all edges, node by node
	to    []int32
}

type wordNode struct {
	edges int32 // where they start
	stem  int32 // class by the stems that end on the way here, this node included
	exact int32 // class by these and the words that end here
}

// wordGrowth is a node while words are added.
type wordGrowth struct {
	bytes        []byte
	to           []int32
	stems, exact []symbol
}

func newWordTrie() *wordTrie { return &wordTrie{building: make([]wordGrowth, 1)} }

func (t *wordTrie) add(word string, s symbol) {
	bare, stem := strings.CutSuffix(word, "*")
	at := int32(0)
	for i := range len(bare) {
		n := &t.building[at]
		if j := bytes.IndexByte(n.bytes, bare[i]); j >= 0 {
			at = n.to[j]
			continue
		}
		at = int32(len(t.building))
		n.bytes, n.to = append(n.bytes, bare[i]), append(n.to, at)
		t.building = append(t.building, wordGrowth{})
	}
	n := &t.building[at]
	if stem {
		n.stems = append(n.stems, s)
	} else {
		n.exact = append(n.exact, s)
	}
}

// finish hands the stems down, so that a look-up ends in one class.
func (t *wordTrie) finish(class func([]symbol) int32) {
	for at := range t.building { // a child's number is greater than its parent's
		n := &t.building[at]
		n.stems = sorted(n.stems)
		for _, to := range n.to {
			child := &t.building[to]
			child.stems = append(child.stems, n.stems...)
		}
		t.nodes = append(t.nodes, wordNode{edges: int32(len(t.to)), stem: class(n.stems), exact: class(sorted(append(n.exact, n.stems...)))})
		t.bytes, t.to = append(t.bytes, n.bytes...), append(t.to, n.to...)
	}
	t.nodes = append(t.nodes, wordNode{edges: int32(len(t.to))})
	for i, b := range t.bytes[:t.nodes[1].edges] {
		t.root[b] = t.to[i]
	}
	t.building = nil
}

func sorted(s []symbol) []symbol {
	slices.Sort(s)
	return slices.Compact(s)
}

// class returns the class of a word.
func (t *wordTrie) class(word []byte) int32 {
	if len(word) == 0 {
		return t.nodes[0].exact
	}
	at := t.root[word[0]]
	if at == 0 {
		return t.nodes[0].stem
	}
	for _, b := range word[1:] {
		n := &t.nodes[at]
		edges := t.bytes[n.edges:t.nodes[at+1].edges]
		i := 0
		for i < len(edges) && edges[i] != b {
			i++
		}
		if i == len(edges) {
			return n.stem
		}
		at = t.to[int(n.edges)+i]
	}
	return t.nodes[at].exact
}

// numberWords looks the scanner's vocabulary up beforehand: most words of a text are
// in it.
func (a *automaton) numberWords() {
	words := sentiment.Vocabulary()
	a.numbers = make([]int32, words.Len())
	for id := 1; id < words.Len(); id++ {
		a.numbers[id] = a.words.class([]byte(words.Word(id)))
	}
}

// classOf returns the class of token i.
func (a *automaton) classOf(d *sentiment.Doc, i int) int32 {
	if id := d.Word(i); id != 0 {
		return a.numbers[id]
	}
	return a.words.class(d.Lower(i))
}
