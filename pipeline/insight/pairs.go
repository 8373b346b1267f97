package insight

import "slices"

// maxPairs bounds the combinations of two dimensions' values that are counted;
// a pair of dimensions with more is left out.
const maxPairs = 4 << 20

// pairs counts the feedback of each combination of two dimensions by channel.
type pairs struct {
	a, b     Dimension
	width    int // values of b
	channels int
	counts   []int32
}

func pairUp(t *Table) (out []pairs) {
	channels := len(t.values[Channel].names)
	for _, a := range []Dimension{Location, Product} { // what somebody can act on
		for b := a + 1; b < dimensions; b++ {
			na, nb := len(t.values[a].names), len(t.values[b].names)
			if na < 3 || nb < 3 || na*nb*channels > maxPairs { // one value is no choice
				continue
			}
			out = append(out, pairs{a, b, nb, channels, make([]int32, na*nb*channels)})
		}
	}
	for i := range t.rows {
		e := &t.rows[i]
		for p := range out {
			out[p].add(e, 1)
		}
	}
	return out
}

// add counts a row n times; a negative n takes it away.
func (x *pairs) add(e *entry, n int32) {
	x.counts[x.at(e)*x.channels+int(e.values[Channel])] += n
}

func clonePairs(in []pairs) []pairs {
	out := slices.Clone(in)
	for i := range out {
		out[i].counts = slices.Clone(out[i].counts)
	}
	return out
}

func (x *pairs) at(e *entry) int { return int(e.values[x.a])*x.width + int(e.values[x.b]) }

// due is what the rates make of the combination's feedback.
func (x *pairs) due(at int, rates []float64) float64 {
	sum := 0.0
	for ch, n := range x.counts[at*x.channels : (at+1)*x.channels] {
		sum += float64(n) * rates[ch]
	}
	return sum
}

// cell is the combination as a cell.
func (x *pairs) cell(at int) (c cell) {
	c.values[x.a], c.values[x.b] = uint32(at/x.width), uint32(at%x.width)
	return c
}
