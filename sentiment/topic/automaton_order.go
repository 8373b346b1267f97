package topic

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
)

// Wherever phrases are looked for, hits are told in the order of a search that follows
// all phrases from their first word on: of equal mentions the first one counts.

// variant is one reading of a phrase.
type variant struct {
	pattern int32
	gaps    [maxGaps]gapPlace
}

// gapPlace is a gap of a variant.
type gapPlace struct {
	begun int32 // equal where the variants are equal up to the gap; 0: no gap
	words int32 // before it
}

// variant describes a route, and numbers its gaps in r.
func (a *automaton) variant(r route, pattern int32) variant {
	v, gaps := variant{pattern: pattern}, 0
	if !slices.ContainsFunc(r, func(p spot) bool { return p.gap > 0 }) {
		return v
	}
	var key []byte
	for i, p := range r {
		key = binary.LittleEndian.AppendUint32(key, uint32(p.symbol))
		key = append(key, byte(p.gap))
		if p.gap == 0 {
			continue
		}
		if a.begun[string(key)] == 0 {
			a.begun[string(key)] = int32(len(a.begun) + 1)
		}
		r[i].begun = a.begun[string(key)]
		v.gaps[gaps] = gapPlace{r[i].begun, int32(i - gaps)}
		gaps++
	}
	return v
}

// order numbers the variants anew.
func (a *automaton) order() {
	order := make([]int, len(a.routes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(v, o int) int {
		if c := a.routes[v].compare(a.routes[o]); c != 0 {
			return c
		}
		return v - o
	})
	rank, variants := make([]int32, len(order)), make([]variant, len(order))
	for i, v := range order {
		rank[v], variants[i] = int32(i), a.variants[v]
	}
	for i := range a.phrases.building {
		ends := a.phrases.building[i].ends
		for j, v := range ends {
			ends[j] = rank[v]
		}
		slices.Sort(ends)
	}
	a.variants = variants
}

// compare puts what is shorter first, words before gaps, and earlier gaps first.
func (r route) compare(o route) int {
	return slices.CompareFunc(r, o, func(a, b spot) int {
		if a.begun != b.begun {
			return cmp.Compare(a.begun, b.begun)
		}
		return cmp.Compare(a.symbol, b.symbol)
	})
}

// compare orders hits by their first token. Of those that begin together and are equal
// up to a gap the one whose next word stands first goes first.
func (a *automaton) compare(h, o *hit) int {
	if h.first != o.first {
		return h.first - o.first
	}
	v, w := &a.variants[h.variant], &a.variants[o.variant]
	for i := range v.gaps {
		if v.gaps[i].begun != w.gaps[i].begun || v.gaps[i].begun == 0 {
			break
		}
		if c := h.wordAfter(v.gaps[i].words) - o.wordAfter(w.gaps[i].words); c != 0 {
			return c
		}
	}
	return int(h.variant - o.variant)
}

// wordAfter is the place of the word that n words of the phrase stand before.
func (h *hit) wordAfter(n int32) int {
	rest := h.mask
	for range n {
		rest &= rest - 1
	}
	return bits.TrailingZeros64(rest)
}
