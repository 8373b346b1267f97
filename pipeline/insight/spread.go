package insight

import (
	"cmp"
	"math"
	"slices"
)

// fewValues of a dimension do not tell by how much they differ.
const fewValues = 8

// differ finds by how much the values of each dimension differ of themselves: the
// variance of their factors, 0 if it is not more than chance or there are few. A
// topic with few complaints hardly tells, so that it is drawn to what the topics
// have in common.
func (t *totals) differ(common *[dimensions]population) {
	for d := range t.values {
		observed, expected := make([]float64, len(t.values[d])), make([]float64, len(t.values[d]))
		for v := 1; v < len(observed); v++ {
			o, e := t.values[d][v].week.total()
			observed[v], expected[v] = float64(o), e
		}
		if own, ok := measureSpread(observed, expected); ok {
			t.spread[d] = max(0, common[d].shrink(own))
		}
	}
}

// measured is a figure with the variance of its error.
type measured struct{ value, variance float64 }

// measureSpread estimates the variance of factors by which counts differ from what
// is due, as far as their most usual level goes. It may be negative by chance. Where
// hardly any complaint is due, nothing can be told: its error is infinite.
func measureSpread(observed, expected []float64) (e measured, ok bool) {
	if len(observed) < fewValues {
		return measured{}, false
	}
	unknown := measured{0, math.Inf(1)}
	var o, due []float64
	for v := range observed {
		if expected[v] > 1 {
			o, due = append(o, observed[v]), append(due, expected[v])
		}
	}
	if len(o) < fewValues {
		return unknown, true
	}
	level, spread := usual(o, due)
	if at := level * median(due); at >= 0.5 {
		return measured{spread, (2 + 1/at) / (float64(len(due)) * at * at)}, true
	}
	return unknown, true
}

// usual finds the level of counts beside what is due, and the variance of the factors
// by which they differ from it beyond chance. What stands out, which is what is looked
// for, does not count: it begins without the quarter that is highest and takes in all
// that are not far off, until nothing changes. Expected are above 0.
func usual(observed, expected []float64) (level, spread float64) {
	const (
		far    = 0.005
		rounds = 30
	)
	out := highest(observed, expected, len(observed)/4)
	for range rounds {
		level, spread = moments(observed, expected, out)
		settled := true
		for v, o := range observed {
			if off := overdispersedTail(int(o), level*expected[v], max(0, spread)) < far; off != out[v] {
				out[v], settled = off, false
			}
		}
		if settled {
			break
		}
	}
	return level, spread
}

// highest marks the n counts that are most above what is due.
func highest(observed, expected []float64, n int) []bool {
	order := make([]int, len(observed))
	for v := range order {
		order[v] = v
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(observed[b]/expected[b], observed[a]/expected[a]), cmp.Compare(a, b))
	})
	marked := make([]bool, len(observed))
	for _, v := range order[:n] {
		marked[v] = true
	}
	return marked
}

// moments are the level of the counts that are not out and, by the method of moments
// for the negative binomial, the variance of their factors.
func moments(observed, expected []float64, out []bool) (level, spread float64) {
	o, e := 0.0, 0.0
	for v := range observed {
		if !out[v] {
			o, e = o+observed[v], e+expected[v]
		}
	}
	level = o / e
	excess, squares := 0.0, 0.0
	for v := range observed {
		if due := level * expected[v]; !out[v] {
			d := observed[v] - due
			excess, squares = excess+d*d-due, squares+due*due
		}
	}
	if squares == 0 {
		return level, 0
	}
	return level, excess / squares
}

// population is how the true values of several estimates are distributed.
type population struct{ mean, variance float64 }

// shrink draws an estimate to the population as far as its error explains what it
// differs by (Efron and Morris 1973).
func (p population) shrink(e measured) float64 {
	if math.IsInf(p.variance, 1) {
		return e.value
	}
	return p.mean + (e.value-p.mean)*p.variance/(p.variance+e.variance)
}

// populate measures the population that estimates come from. Few tell nothing. One
// far from the others says that they may be anywhere.
func populate(all []measured) population {
	const few = 4
	if len(all) < few {
		return population{0, math.Inf(1)}
	}
	values := make([]float64, len(all))
	for i := range all {
		values[i] = all[i].value
	}
	p := population{mean: max(0, median(values))}
	for _, e := range all {
		p.variance += ((e.value-p.mean)*(e.value-p.mean) - e.variance) / float64(len(all))
	}
	p.variance = max(0, p.variance)
	return p
}

// spreadsOf are what the topics have in common in how much the values of each
// dimension differ.
func spreadsOf(habits []habit) (out [dimensions]population) {
	for d := range out {
		var all []measured
		for i := range habits {
			if e, ok := measureSpread(habits[i].observed[d], habits[i].expected[d]); ok && !math.IsInf(e.variance, 1) {
				all = append(all, e)
			}
		}
		out[d] = populate(all)
	}
	return out
}

// dispersion is excess, none if there is not more than chance.
func dispersion(observed, expected []float64) float64 {
	return max(0, excess(observed, expected))
}

// excess is the variance of the factors by which counts differ from what is due,
// beyond chance. It goes by the median, so that a few outliers, which are what is
// looked for, do not count.
func excess(observed, expected []float64) float64 {
	const medianChiSquare = 0.4549364 // of one degree of freedom
	v := make([]float64, len(observed))
	for i, e := range expected {
		d := observed[i] - e
		v[i] = (d*d/medianChiSquare - e) / (e * e)
	}
	slices.Sort(v)
	return v[len(v)/2]
}

func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}
