package topic

import (
	"slices"

	"earshot/sentiment"
)

// hit is one pattern found.
type hit struct {
	span
	pattern int32
	variant int32
}

// span is tokens [first, end); mask marks those that words of a pattern matched, counted
// from first (gaps are left out).
type span struct {
	first, end int
	mask       uint64
}

// reader runs the automaton over one text. Its buffers are reused.
type reader struct {
	automaton *automaton
	tokens    []sentiment.Token
	classes   []classID // of the tokens
	turns     bool      // a word may turn what a phrase says
	hits      []hit

	before, behind mask // of all words that a gap beside the anchor may reach
}

// read finds every pattern. The walks that start at a token are of bounded length, so
// the cost is linear in the text.
func (r *reader) read(a *automaton, d *sentiment.Doc) {
	r.automaton, r.tokens, r.hits = a, d.Tokens, r.hits[:0]
	r.readWords(d)
	for i, id := range r.classes {
		if id.starts() {
			r.start(i)
		}
	}
	r.order()
}

// order sorts the hits. Most texts have few, nearly in order.
func (r *reader) order() {
	if len(r.hits) > few {
		slices.SortFunc(r.hits, func(h, o hit) int { return r.automaton.compare(&h, &o) })
		return
	}
	for i := 1; i < len(r.hits); i++ {
		for j := i; j > 0 && r.automaton.compare(&r.hits[j], &r.hits[j-1]) < 0; j-- {
			r.hits[j], r.hits[j-1] = r.hits[j-1], r.hits[j]
		}
	}
}

// joined says whether nothing parts token i from the word before.
func (r *reader) joined(i int) bool { return r.tokens[i].Break == sentiment.NoBreak }

// reached says whether a gap goes on from the word before to token i.
func (r *reader) reached(i int) bool { return r.joined(i) && !r.tokens[i].OpensClause }

// classAt returns the class of token i.
func (r *reader) classAt(i int) *class { return &r.automaton.classes[r.classes[i].place()] }

// start follows the phrases whose anchor token i is.
func (r *reader) start(i int) {
	c := r.classAt(i)
	h := span{first: i, end: i + 1, mask: 1}
	r.end(r.automaton.aloneOf(c), h)
	if i+1 < len(r.tokens) && r.joined(i+1) && c.behind > 0 {
		if c.gapsBehind {
			r.reachBehind(i)
		}
		r.follow(r.automaton.firstsBehind(c), i+1, &r.behind, h)
	}
	if i > 0 && r.joined(i) && c.behind < c.steps {
		if c.gapsBefore {
			r.reachBefore(i)
		}
		r.follow(r.automaton.firstsBefore(c), i-1, &r.before, h)
	}
}

// follow goes on with those of the steps that token next, beside the anchor, may follow,
// or one of far.
func (r *reader) follow(steps []firstStep, next int, far *mask, h span) {
	c := r.classAt(next)
	for i := range steps {
		s := &steps[i]
		switch {
		case s.pair:
			if symbol := symbol(s.next); c.mask.mayHold(symbol) && r.automaton.satisfies(c, symbol) {
				r.walk(s.to, h.with(next))
			}
		case r.automaton.mayFollow(s.next, &c.mask) || r.automaton.mayFollow(s.far, far):
			r.goOn(s.to, h)
		}
	}
}

// end adds a hit for each variant that ends with the words of h.
func (r *reader) end(ends []ending, h span) {
	for _, e := range ends {
		r.hits = append(r.hits, hit{h, e.pattern, e.variant})
	}
}

// reachBehind fills r.behind.
func (r *reader) reachBehind(i int) {
	r.behind = mask{}
	for j := i + 1; j <= i+1+maxGap && j < len(r.tokens) && r.reached(j); j++ {
		r.behind.join(&r.classAt(j).mask)
	}
}

// reachBefore fills r.before.
func (r *reader) reachBefore(i int) {
	r.before = mask{}
	for j := i - 1; j >= max(0, i-1-maxGap) && r.reached(j+1); j-- {
		r.before.join(&r.classAt(j).mask)
	}
}

// walk goes on from node, which is reached with the words of h.
func (r *reader) walk(node int32, h span) {
	r.end(r.automaton.phrases.endsOf(node), h)
	r.goOn(node, h)
}

// goOn is walk without what ends at the node.
func (r *reader) goOn(node int32, h span) {
	t := r.automaton.phrases
	n := &t.nodes[node]
	if n.turn != 0 {
		r.walk(n.turn, h)
	}
	if n.back {
		r.walkBack(node, h)
		return
	}
	if h.end >= len(r.tokens) || !r.joined(h.end) {
		return
	}
	r.step(node, h, h.end)
	for _, g := range t.gapsOf(node) {
		for i := h.end; i <= h.end+int(g.max) && i < len(r.tokens) && r.reached(i); i++ {
			r.step(g.to, h, i)
		}
	}
}

// walkBack is goOn to the other side.
func (r *reader) walkBack(node int32, h span) {
	if h.first == 0 || !r.joined(h.first) {
		return
	}
	r.step(node, h, h.first-1)
	for _, g := range r.automaton.phrases.gapsOf(node) {
		for i := h.first - 1; i >= max(0, h.first-1-int(g.max)) && r.reached(i+1); i-- {
			r.step(g.to, h, i)
		}
	}
}

// step follows the node's edges with token i.
func (r *reader) step(node int32, h span, i int) {
	edges, c := r.automaton.phrases.edgesOf(node), r.classAt(i)
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
func (h span) with(i int) span {
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
func (r *reader) search(node int32, edges []symEdge, h span, c *class) {
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
