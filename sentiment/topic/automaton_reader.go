package topic

import "earshot/sentiment"

// hit is one pattern found at tokens [first, end); mask marks the tokens that
// its words matched, counted from first (gaps are left out).
type hit struct {
	pattern    int32
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

// read finds every pattern. Each token starts a walk of bounded length, so the
// cost is linear in the text.
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
		var next mask
		if i+1 < len(r.tokens) && r.tokens[i+1].joined {
			next = r.tokens[i+1].class.mask
		}
		firsts := a.firstsOf(r.tokens[i].class)
		for j := range firsts {
			if s := &firsts[j]; s.now || s.mask.meets(&next) {
				r.walk(s.to, i, i+1, 1)
			}
		}
	}
}

// walk goes on from node, whose last word was token next-1.
func (r *reader) walk(node int32, first, next int, mask uint64) {
	t := r.automaton.phrases
	for _, p := range t.endsOf(node) {
		r.hits = append(r.hits, hit{p, first, next, mask})
	}
	if next >= len(r.tokens) || !r.tokens[next].joined {
		return
	}
	r.step(node, first, next, mask)
	for _, g := range t.gapsOf(node) {
		for i := next; i <= next+int(g.max) && i < len(r.tokens) && r.tokens[i].joined && !r.tokens[i].opens; i++ {
			r.step(g.to, first, i, mask)
		}
	}
}

// step follows the node's edges with the token at next, by symbol.
func (r *reader) step(node int32, first, next int, mask uint64) {
	t := r.automaton.phrases
	c := r.tokens[next].class
	if !c.mask.meets(&t.nodes[node].mask) {
		return
	}
	symbols, edges := r.automaton.symbolsOf(c), t.edgesOf(node)
	mask |= 1 << (next - first)
	if len(edges) > few {
		for _, s := range symbols {
			if !t.pairs.mayHold(node, s) {
				continue
			}
			edges = edges[seek(edges, s):]
			if len(edges) > 0 && edges[0].symbol == s {
				r.walk(edges[0].to, first, next+1, mask)
			}
		}
		return
	}
	for len(symbols) > 0 && len(edges) > 0 {
		switch e, s := edges[0], symbols[0]; {
		case e.symbol == s:
			r.walk(e.to, first, next+1, mask)
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
