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
	for i := range d.Tokens {
		r.tokens = append(r.tokens, token{class: &a.classes[a.classOf(d, i)], joined: d.Tokens[i].Break == sentiment.NoBreak})
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

// reach is what stands on one side of a token.
type reach struct {
	next mask // of the word next to it
	far  mask // of all words that a gap may reach
}

// start follows the phrases whose anchor token i is.
func (r *reader) start(i int, c *class) {
	before, behind := r.before(i, c.gapsBefore), r.behind(i, c.gapsBehind)
	firsts := r.automaton.firstsOf(c)
	for j := range firsts {
		s, beside := &firsts[j], &behind
		if s.back {
			beside = &before
		}
		if s.ends || s.next.meets(&beside.next) || s.far.meets(&beside.far) {
			r.walk(s.to, hit{first: i, end: i + 1, mask: 1})
		}
	}
}

func (r *reader) behind(i int, gaps bool) (s reach) {
	if i+1 == len(r.tokens) || !r.tokens[i+1].joined {
		return s
	}
	s.next = r.tokens[i+1].class.mask
	if !gaps {
		return s
	}
	for j := i + 1; j <= i+1+maxGap && j < len(r.tokens) && r.tokens[j].joined && !r.tokens[j].opens; j++ {
		s.far.join(&r.tokens[j].class.mask)
	}
	return s
}

func (r *reader) before(i int, gaps bool) (s reach) {
	if i == 0 || !r.tokens[i].joined {
		return s
	}
	s.next = r.tokens[i-1].class.mask
	if !gaps {
		return s
	}
	for j := i - 1; j >= max(0, i-1-maxGap) && r.tokens[j+1].joined && !r.tokens[j+1].opens; j-- {
		s.far.join(&r.tokens[j].class.mask)
	}
	return s
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
	if r.tokens[h.end].class.mask.meets(&n.mask) {
		r.step(node, h, h.end)
	}
	for _, g := range t.gapsOf(node) {
		mask := &t.nodes[g.to].mask
		for i := h.end; i <= h.end+int(g.max) && i < len(r.tokens) && r.tokens[i].joined && !r.tokens[i].opens; i++ {
			if r.tokens[i].class.mask.meets(mask) {
				r.step(g.to, h, i)
			}
		}
	}
}

// walkBack is walk to the other side.
func (r *reader) walkBack(node int32, h hit) {
	t := r.automaton.phrases
	if h.first == 0 || !r.tokens[h.first].joined {
		return
	}
	if r.tokens[h.first-1].class.mask.meets(&t.nodes[node].mask) {
		r.step(node, h, h.first-1)
	}
	for _, g := range t.gapsOf(node) {
		mask := &t.nodes[g.to].mask
		for i := h.first - 1; i >= max(0, h.first-1-int(g.max)) && r.tokens[i+1].joined && !r.tokens[i+1].opens; i-- {
			if r.tokens[i].class.mask.meets(mask) {
				r.step(g.to, h, i)
			}
		}
	}
}

// step follows the node's edges with token i, whose mask meets the node's.
func (r *reader) step(node int32, h hit, i int) {
	t := r.automaton.phrases
	c := r.tokens[i].class
	if i < h.first {
		h.mask = h.mask<<(h.first-i) | 1
		h.first = i
	} else {
		h.mask |= 1 << (i - h.first)
		h.end = i + 1
	}
	symbols, edges := r.automaton.symbolsOf(c), t.edgesOf(node)
	if len(edges) > few {
		for _, s := range symbols {
			if !t.pairs.mayHold(node, s) {
				continue
			}
			edges = edges[seek(edges, s):]
			if len(edges) > 0 && edges[0].symbol == s {
				r.walk(edges[0].to, h)
			}
		}
		return
	}
	for len(symbols) > 0 && len(edges) > 0 {
		switch e, s := edges[0], symbols[0]; {
		case e.symbol == s:
			r.walk(e.to, h)
			edges, symbols = edges[1:], symbols[1:]
		case e.symbol > s:
			symbols = symbols[1:]
		default:
			edges = edges[1:]
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
