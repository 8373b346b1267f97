package insight

import "slices"

// decompose measures all parts, and the whole, with and without each group.
func decompose(p *Panel) ([]ChangePart, estimate) {
	d := newDesign(p, true)
	groups := d.grams(p)
	all := total(groups, func(int) bool { return true })
	full := d.split(all)
	parts, whole := d.parts(full), estimate{value: full.whole}
	for g := range groups {
		all.add(groups[g], -1)
		s := d.split(all)
		all.add(groups[g], 1)
		whole.without[g] = s.whole
		for i, part := range d.parts(s) {
			parts[i].estimate.without[g] = part.estimate.value
		}
	}
	return parts, whole
}

// split is a change taken apart, in points.
type split struct {
	whole, rest float64
	mix         [mixDimensions]float64
	prevalence  []float64 // by kind of mention
	severity    []float64
	shares      [][2]float64 // of the mentions in the two periods, percent
}

// split follows Gelbach (2016): what a regression's coefficient of the period
// changes by when columns are added is the sum over these columns of coefficient
// times the column's own difference between the periods. The circumstances come
// first, so that a topic counts only as far as it changed within them; the answers
// of both periods weigh alike (Kitagawa 1955). The identity is exact.
func (d *design) split(g gram) *split {
	within, everything := newSolver(g, d.base()), newSolver(g, d.width)
	s := &split{whole: 100 * g.difference(g.y())}
	effect := within.coefficients(g.y())
	for dim := range s.mix {
		for column := d.mixFrom[dim]; column < d.mixFrom[dim+1]; column++ {
			s.mix[dim] += 100 * g.difference(column) * effect[column]
		}
	}
	// What a column changed by within the circumstances, times what it does.
	effect = everything.coefficients(g.y())
	weights := within.weights(periodColumn)
	part := func(column int) float64 {
		moved := 0.0
		for i, w := range weights {
			moved += w * g.at(i, column)
		}
		return 100 * moved * effect[column]
	}
	s.rest = s.whole - sum(s.mix[:])
	for _, k := range d.kinds {
		prevalence, severity := part(k.column), 0.0
		if k.byPeriod >= 0 {
			severity = part(k.byPeriod)
		}
		s.prevalence, s.severity = append(s.prevalence, prevalence), append(s.severity, severity)
		s.shares = append(s.shares, g.shares(k.column))
		s.rest -= prevalence + severity
	}
	return s
}

// perPeriod are the sums of a column over the earlier and the later period.
func (g gram) perPeriod(column int) (earlier, later float64) {
	both, half := g.at(0, column), g.at(periodColumn, column)
	return both/2 - half, both/2 + half
}

// difference is the mean of a column in the later period less that in the earlier.
func (g gram) difference(column int) float64 {
	n0, n1 := g.perPeriod(0)
	s0, s1 := g.perPeriod(column)
	return s1/max(n1, 1) - s0/max(n0, 1)
}

func (g gram) shares(column int) [2]float64 {
	n0, n1 := g.perPeriod(0)
	s0, s1 := g.perPeriod(column)
	return [2]float64{100 * s0 / max(n0, 1), 100 * s1 / max(n1, 1)}
}

// parts lists a split: the mixes, the topics in the order of their kinds, the rest.
func (d *design) parts(s *split) []ChangePart {
	var out []ChangePart
	for dim, name := range mixNames() {
		if d.mixFrom[dim] < d.mixFrom[dim+1] {
			out = append(out, ChangePart{Kind: MixPart, Name: name, estimate: estimate{value: s.mix[dim]}})
		}
	}
	first := len(out)
	for i, k := range d.kinds {
		at := slices.IndexFunc(out[first:], func(p ChangePart) bool { return p.Name == k.topic }) + first
		if at < first {
			at = len(out)
			out = append(out, ChangePart{Kind: TopicPart, Name: k.topic,
				Complaints: new(float64), Praise: new(float64), Severity: new(float64), ShareFrom: new(float64), ShareTo: new(float64)})
		}
		p := &out[at]
		p.estimate.value += s.prevalence[i] + s.severity[i]
		*p.Severity += s.severity[i]
		if k.praise {
			*p.Praise = s.prevalence[i]
			continue
		}
		*p.Complaints, *p.ShareFrom, *p.ShareTo = s.prevalence[i], s.shares[i][0], s.shares[i][1]
	}
	return append(out, ChangePart{Kind: RestPart, estimate: estimate{value: s.rest}})
}
