package insight

// exposure counts the feedback of one cell by channel: with a topic's rates in
// the channels it says how many complaints are due.
type exposure struct {
	channels int
	week     []int32 // by hour of the week, then channel
	days     []int32 // by day, then channel; nil where no rise is looked for
}

func newExposure(channels int, span int32) exposure {
	return exposure{channels: channels, week: make([]int32, weekHours*channels), days: make([]int32, int(span)*channels)}
}

func (x *exposure) add(e *entry, n int32) {
	ch := int(e.values[Channel])
	x.week[int(e.hour)*x.channels+ch] += n
	if x.days != nil {
		x.days[int(e.day)*x.channels+ch] += n
	}
}

// total is the feedback of each channel.
func (x *exposure) total() []float64 {
	out := make([]float64, x.channels)
	for i, n := range x.week {
		out[i%x.channels] += float64(n)
	}
	return out
}

// due spreads the counts over hours or days by the channels' rates.
func due(counts []int32, rates []float64) []float64 {
	out := make([]float64, len(counts)/len(rates))
	for i := range out {
		sum := 0.0
		for ch, n := range counts[i*len(rates) : (i+1)*len(rates)] {
			sum += float64(n) * rates[ch]
		}
		out[i] = sum
	}
	return out
}

// exposures are those of the chain and of every value of a dimension.
type exposures struct {
	whole  exposure
	values [dimensions][]exposure
}

// expose counts all rows.
func expose(t *Table) *exposures {
	t.settle()
	channels := len(t.values[Channel].names)
	x := &exposures{whole: newExposure(channels, t.span)}
	for d := range dimensions {
		x.values[d] = make([]exposure, len(t.values[d].names))
		for v := range x.values[d] {
			x.values[d][v] = newExposure(channels, t.span)
		}
	}
	for i := range t.rows {
		x.add(&t.rows[i], 1)
	}
	return x
}

// add counts a row n times; a negative n takes it away.
func (x *exposures) add(e *entry, n int32) {
	x.whole.add(e, n)
	for d, v := range e.values {
		if v != 0 {
			x.values[d][v].add(e, n)
		}
	}
}

func (x *exposures) clone() *exposures {
	out := &exposures{whole: x.whole.clone()}
	for d := range x.values {
		out.values[d] = make([]exposure, len(x.values[d]))
		for v := range x.values[d] {
			out.values[d][v] = x.values[d][v].clone()
		}
	}
	return out
}

func (x *exposure) clone() exposure {
	return exposure{x.channels, append([]int32(nil), x.week...), append([]int32(nil), x.days...)}
}
