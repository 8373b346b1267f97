package topic

import (
	"cmp"
	"slices"
)

// phraseTrie holds all phrases, place by place: each from its anchor to one side, then,
// after a turn, from the anchor to the other side.
type phraseTrie struct {
	building []phraseGrowth   // nil once finished
	steps    map[uint64]int32 // node<<32 | symbol -> node; nil once finished

	nodes []phraseNode // one more than there are, as the end of the last one's lists
	edges []symEdge    // of all nodes, those of each by symbol
	gaps  []gapEdge
	ends  []ending
	pairs pairSet // of the nodes with many edges
}

// The roots: of phrases that go on behind their anchor, and of those that go on before it.
const (
	forward = iota
	backward
	roots
)

// phraseNode says where its lists start.
type phraseNode struct {
	edges, gaps, ends int32
	turn              int32 // node of the phrases that go on on the other side; 0: none
	back              bool  // the next word stands before the words so far
}

type symEdge struct {
	symbol symbol
	to     int32
}

type gapEdge struct{ max, to int32 }

// phraseGrowth is a node while phrases are added.
type phraseGrowth struct {
	edges []symEdge
	gaps  []gapEdge
	ends  []int32 // variants
	turn  int32
	back  bool
}

func newPhraseTrie() *phraseTrie {
	t := &phraseTrie{steps: map[uint64]int32{}, building: make([]phraseGrowth, roots)}
	t.building[backward].back = true
	return t
}

func (t *phraseTrie) newNode(back bool) int32 {
	t.building = append(t.building, phraseGrowth{back: back})
	return int32(len(t.building) - 1)
}

func (t *phraseTrie) addTurn(at int32) int32 {
	if t.building[at].turn == 0 {
		to := t.newNode(!t.building[at].back)
		t.building[at].turn = to
	}
	return t.building[at].turn
}

func (t *phraseTrie) addWord(at int32, s symbol) int32 {
	key := uint64(at)<<32 | uint64(s)
	if to, ok := t.steps[key]; ok {
		return to
	}
	to := t.newNode(t.building[at].back)
	t.steps[key] = to
	t.building[at].edges = append(t.building[at].edges, symEdge{s, to})
	return to
}

func (t *phraseTrie) addGap(at int32, n int) int32 {
	for _, g := range t.building[at].gaps {
		if g.max == int32(n) {
			return g.to
		}
	}
	to := t.newNode(t.building[at].back)
	t.building[at].gaps = append(t.building[at].gaps, gapEdge{int32(n), to})
	return to
}

func (t *phraseTrie) finish(variants []variant) {
	for _, b := range t.building {
		n := t.end()
		n.turn, n.back = b.turn, b.back
		slices.SortFunc(b.edges, func(a, b symEdge) int { return cmp.Compare(a.symbol, b.symbol) })
		t.nodes = append(t.nodes, n)
		t.edges, t.gaps = append(t.edges, b.edges...), append(t.gaps, b.gaps...)
		for _, v := range b.ends {
			t.ends = append(t.ends, ending{v, variants[v].pattern})
		}
	}
	t.nodes = append(t.nodes, t.end())
	t.building, t.steps = nil, nil
	t.pairs = newPairSet(t)
}

// end is a node whose lists start where all lists end so far.
func (t *phraseTrie) end() phraseNode {
	return phraseNode{edges: int32(len(t.edges)), gaps: int32(len(t.gaps)), ends: int32(len(t.ends))}
}

func (t *phraseTrie) edgesOf(node int32) []symEdge {
	return t.edges[t.nodes[node].edges:t.nodes[node+1].edges]
}

func (t *phraseTrie) gapsOf(node int32) []gapEdge {
	return t.gaps[t.nodes[node].gaps:t.nodes[node+1].gaps]
}

func (t *phraseTrie) endsOf(node int32) []ending {
	return t.ends[t.nodes[node].ends:t.nodes[node+1].ends]
}

// beginnings returns what the roots' edges lead to, by symbol; unions of followers are
// added. No phrase turns at its anchor: it goes on at the side where it has words
// (route.anchor).
func (t *phraseTrie) beginnings(symbols int, unions *[]mask) []beginning {
	list := make([]beginning, symbols)
	for root := range int32(roots) {
		for _, e := range t.edgesOf(root) {
			b := &list[e.symbol]
			b.alone = append(b.alone, t.endsOf(e.to)...)
			var far []symEdge
			for _, g := range t.gapsOf(e.to) {
				far = append(far, t.edgesOf(g.to)...)
			}
			step := firstStep{to: e.to, next: followerOf(t.edgesOf(e.to), unions), far: followerOf(far, unions)}
			if step.next >= 0 && step.far == none {
				step.to, step.pair = t.edgesOf(e.to)[0].to, true
			}
			switch {
			case step.next == none && step.far == none:
			case t.nodes[e.to].back:
				b.before = append(b.before, step)
			default:
				b.behind = append(b.behind, step)
			}
		}
	}
	return list
}
