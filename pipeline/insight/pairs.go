package insight

import "slices"

// maxPairs bounds the combinations of two dimensions' values that are counted;
// a pair of dimensions with more is left out.
const maxPairs = 4 << 20

// maxPairHours bounds those that are counted by hour of the week, too; of a pair of
// dimensions with more the rows are counted when a week is asked for.
const maxPairHours = 16 << 20

// pairs counts the feedback of each combination of two dimensions by channel.
type pairs struct {
	a, b     Dimension
	width    int // values of b
	channels int
	counts   []int32
	weeks    []int32 // by hour of the week, too; nil where no windows are looked for
}

func pairUp(t *Table) (out []pairs) {
	channels := len(t.values[Channel].names)
	for _, a := range []Dimension{Location, Product} { // what somebody can act on
		for b := a + 1; b < dimensions; b++ {
			na, nb := len(t.values[a].names), len(t.values[b].names)
			if na < 3 || nb < 3 || na*nb*channels > maxPairs { // one value is no choice
				continue
			}
			x := pairs{a: a, b: b, width: nb, channels: channels, counts: make([]int32, na*nb*channels)}
			if a == Location && len(x.counts)*weekHours <= maxPairHours {
				x.weeks = make([]int32, len(x.counts)*weekHours)
			}
			out = append(out, x)
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
	at := x.at(e)
	x.counts[at*x.channels+int(e.values[Channel])] += n
	if x.weeks != nil {
		x.weeks[(at*weekHours+int(e.hour))*x.channels+int(e.values[Channel])] += n
	}
}

func clonePairs(in []pairs) []pairs {
	out := slices.Clone(in)
	for i := range out {
		out[i].counts, out[i].weeks = slices.Clone(out[i].counts), slices.Clone(out[i].weeks)
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

// dueWeek fills what is due in the combination's hours.
func (x *pairs) dueWeek(at int, rates []float64, k *week) {
	hours := x.weeks[at*weekHours*x.channels : (at+1)*weekHours*x.channels]
	for h := range k.expected {
		sum := 0.0
		for ch, n := range hours[h*x.channels : (h+1)*x.channels] {
			sum += float64(n) * rates[ch]
		}
		k.expected[h] = sum
	}
}

// cell is the combination as a cell.
func (x *pairs) cell(at int) (c cell) {
	c.values[x.a], c.values[x.b] = uint32(at/x.width), uint32(at%x.width)
	return c
}
