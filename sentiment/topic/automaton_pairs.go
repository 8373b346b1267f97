package topic

import "math/bits"

// pairSet tells most symbols that a node has no edge for at the price of one bit,
// however many edges it has: a Bloom filter with one hash function, an eighth full.
type pairSet struct {
	bits  []uint64 // a power of two; empty: no pairs
	shift uint
}

// few edges are held against a class one after the other, more are searched.
const few = 16

func newPairSet(t *phraseTrie) (p pairSet) {
	n := 0
	each := func(use func(node int32, s symbol)) {
		for node := int32(roots); node < int32(len(t.nodes)-1); node++ {
			if edges := t.edgesOf(node); len(edges) > few {
				for _, e := range edges {
					use(node, e.symbol)
				}
			}
		}
	}
	each(func(int32, symbol) { n++ })
	if n == 0 {
		return p
	}
	log := uint(max(6, bits.Len(uint(8*n-1))))
	p = pairSet{bits: make([]uint64, 1<<(log-6)), shift: 64 - log}
	each(func(node int32, s symbol) {
		h := p.place(node, s)
		p.bits[h>>6] |= 1 << (h & 63)
	})
	return p
}

func (p *pairSet) place(node int32, s symbol) uint64 {
	return (uint64(uint32(node))<<32 | uint64(uint32(s))) * 0x9e3779b97f4a7c15 >> p.shift
}

// mayHold is false where the node, one with many edges, has none for the symbol.
func (p *pairSet) mayHold(node int32, s symbol) bool {
	h := p.place(node, s)
	return p.bits[h>>6]>>(h&63)&1 != 0
}
