package insight

// cell is what a finding is about: a value of up to two dimensions, a window of
// the week, from a day on. 0 is any.
type cell struct {
	values [dimensions]uint32
	window window
	from   int32
}

func (c cell) covers(e *entry) bool {
	return e.day >= c.from && c.holds(e) && c.window.covers(e.hour)
}

// holds says whether the values are those of the cell, at any time.
func (c cell) holds(e *entry) bool {
	for d, v := range c.values {
		if v != 0 && e.values[d] != v {
			return false
		}
	}
	return true
}

// meets says whether something of the cell may be of these values.
func (c cell) meets(values [dimensions]uint32) bool {
	for d, v := range c.values {
		if v != 0 && values[d] != 0 && values[d] != v {
			return false
		}
	}
	return true
}

// names says whether the cell is of one value of a dimension.
func (c cell) names(d Dimension) bool { return c.values[d] != 0 }

// key is a cell of all days made ready for going over many rows.
type key struct {
	hours  [weekHours]bool
	named  []Dimension
	values [dimensions]uint32
}

func (c cell) key() *key {
	k := &key{values: c.values}
	for h := range k.hours {
		k.hours[h] = c.window.covers(uint8(h))
	}
	for d, v := range c.values {
		if v != 0 {
			k.named = append(k.named, Dimension(d))
		}
	}
	return k
}

func (k *key) fits(e *entry) bool {
	for _, d := range k.named {
		if e.values[d] != k.values[d] {
			return false
		}
	}
	return k.hours[e.hour]
}

// whole says whether the cell is the chain, at some time.
func (c cell) whole() bool { return c.values == [dimensions]uint32{} }

// candidate is the best cell of a family of cells that were looked at together.
type candidate struct {
	cell
	observed int
	expected float64                  // by the channels' rates
	ratio    float64                  // likelihood ratio against them
	p        float64                  // corrected for the family's size; where draws are due, no less than without them
	own      float64                  // p of a window beside the cell's own hours alone, without draws
	draws    *drawn                   // that p still needs; nil: none
	anew     func() (candidate, bool) // looks for the window, which is one found earlier; nil: it is not
}

// settle draws what p needs.
func (c *candidate) settle() {
	if c.draws != nil {
		c.p, c.draws = max(c.p, c.draws.chance()), nil
	}
}

// joint says whether the cell is a combination of two dimensions' values.
func (c cell) joint() bool {
	n := 0
	for _, v := range c.values {
		if v != 0 {
			n++
		}
	}
	return n > 1
}
