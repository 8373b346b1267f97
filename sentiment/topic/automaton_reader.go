package topic

import (
	"slices"

	"earshot/sentiment"
)

// hit is one pattern found at tokens [first, end); mask marks the tokens that
// its words matched, counted from first (gaps are left out).
type hit struct {
	pattern    int32
	variant    int32
	first, end int
	mask       uint64
}

// reader runs the automaton over one text. Its buffers are reused.
type reader struct {
	automaton *automaton
	tokens    []token
	hits      []hit

	before, behind mask // of all words that a gap beside the anchor may reach
}

// token is what the automaton sees of a word.
type token struct {
	class  *class
	joined bool // nothing parts it from the word before
	opens  bool // a clause: no gap reaches into it
}

// read finds every pattern. The walks that start at a token are of bounded length, so
// the cost is linear in the text.
func (r *reader) read(a *automaton, d *sentiment.Doc) {
	r.automaton = a
	r.tokens, r.hits = r.tokens[:0], r.hits[:0]
	r.tokens = slices.Grow(r.tokens, len(d.Tokens))[:len(d.Tokens)]
	for i := range r.tokens {
		r.tokens[i] = token{class: &a.classes[a.classOf(d, i)], joined: d.Tokens[i].Break == sentiment.NoBreak}
	}
	for _, c := range d.Clauses {
		first, _ := c.Tokens()
		r.tokens[first].opens = true
	}
	for i := range r.tokens {
		if c := r.tokens[i].class; c.steps > 0 {
			r.start(i, c)
		}
	}
	slices.SortFunc(r.hits, a.compare)
}

// start follows the phrases whose anchor token i is.
func (r *reader) start(i int, c *class) {
	var nothing mask
	before, behind := &nothing, &nothing // the words beside it
	if i > 0 && r.tokens[i].joined {
		before = &r.tokens[i-1].class.mask
	}
	if i+1 < len(r.tokens) && r.tokens[i+1].joined {
		behind = &r.tokens[i+1].class.mask
	}
	if c.gapsBefore {
		r.reachBefore(i)
	}
	if c.gapsBehind {
		r.reachBehind(i)
	}
	firsts := r.automaton.firstsOf(c)
	for j := range firsts {
		s, next, far := &firsts[j], behind, &r.behind
		if s.back {
			next, far = before, &r.before
		}
		if s.ends || next.mayFollow(s.next) || far.mayFollow(s.far) {
			r.walk(s.to, hit{first: i, end: i + 1, mask: 1})
		}
	}
}

// reachBehind fills r.behind.
func (r *reader) reachBehind(i int) {
	r.behind = mask{}
	for j := i + 1; j <= i+1+maxGap && j < len(r.tokens) && r.tokens[j].joined && !r.tokens[j].opens; j++ {
		r.behind.join(&r.tokens[j].class.mask)
	}
}

// reachBefore fills r.before.
func (r *reader) reachBefore(i int) {
	r.before = mask{}
	for j := i - 1; j >= max(0, i-1-maxGap) && r.tokens[j+1].joined && !r.tokens[j+1].opens; j-- {
		r.before.join(&r.tokens[j].class.mask)
	}
}

// walk goes on from node, which is reached with the words of h.
func (r *reader) walk(node int32, h hit) {
	t := r.automaton.phrases
	for _, v := range t.endsOf(node) {
		h.pattern, h.variant = r.automaton.variants[v].pattern, v
		r.hits = append(r.hits, h)
	}
	n := &t.nodes[node]
	if n.turn != 0 {
		r.walk(n.turn, h)
	}
	if n.back {
		r.walkBack(node, h)
		return
	}
	if h.end >= len(r.tokens) || !r.tokens[h.end].joined {
		return
	}
	r.step(node, h, h.end)
	for _, g := range t.gapsOf(node) {
		for i := h.end; i <= h.end+int(g.max) && i < len(r.tokens) && r.tokens[i].joined && !r.tokens[i].opens; i++ {
			r.step(g.to, h, i)
		}
	}
}

// walkBack is walk to the other side.
func (r *reader) walkBack(node int32, h hit) {
	if h.first == 0 || !r.tokens[h.first].joined {
		return
	}
	r.step(node, h, h.first-1)
	for _, g := range r.automaton.phrases.gapsOf(node) {
		for i := h.first - 1; i >= max(0, h.first-1-int(g.max)) && r.tokens[i+1].joined && !r.tokens[i+1].opens; i-- {
			r.step(g.to, h, i)
		}
	}
}

// step follows the node's edges with token i.
func (r *reader) step(node int32, h hit, i int) {
	edges, c := r.automaton.phrases.edgesOf(node), r.tokens[i].class
	if len(edges) > few {
		r.search(node, edges, h.with(i), c)
		return
	}
	for _, e := range edges {
		if c.mask.mayHold(e.symbol) && r.automaton.satisfies(c, e.symbol) {
			r.walk(e.to, h.with(i))
		}
	}
}

// with is the hit with token i beside it, to either side.
func (h hit) with(i int) hit {
	if i < h.first {
		h.mask = h.mask<<(h.first-i) | 1
		h.first = i
	} else {
		h.mask |= 1 << (i - h.first)
		h.end = i + 1
	}
	return h
}

// search is step for a node of many edges.
func (r *reader) search(node int32, edges []symEdge, h hit, c *class) {
	for _, s := range r.automaton.symbolsOf(c) {
		if !r.automaton.phrases.pairs.mayHold(node, s) {
			continue
		}
		edges = edges[seek(edges, s):]
		if len(edges) > 0 && edges[0].symbol == s {
			r.walk(edges[0].to, h)
		}
	}
}

// seek returns the place of the first edge whose symbol is not below s.
func seek(edges []symEdge, s symbol) int {
	from, to := 0, len(edges)
	for from < to {
		if mid := int(uint(from+to) >> 1); edges[mid].symbol < s {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from
}
