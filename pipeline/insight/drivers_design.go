package insight

// Bounds of a model: rarer ones are not told apart.
const (
	maxMixValues   = 100 // of a dimension
	minMixAnswers  = 20
	maxMentions    = 120 // topics, complaints and praise each for itself
	minMentions    = 20  // answers of both periods together
	minEachMention = 20  // in each period, for its effect to be compared
)

// design says which columns of a linear model a row fills: the intercept, where
// there are two periods the later less the earlier one, the values of the
// circumstances, the mentions, and the mentions by period.
type design struct {
	periods  bool
	width    int // columns; the answer itself comes after them
	mixFrom  [mixDimensions + 1]int
	mix      [mixDimensions][]int // column by value, -1: the one others are compared with
	column   []int                // by mention, -1: too rare
	byPeriod []int                // by mention, -1: too rare in a period
	kinds    []mentionKind        // of the mentions that have a column, in their order
}

// mentionKind is a topic that is complained of or praised.
type mentionKind struct {
	topic            string
	praise           bool
	column, byPeriod int
	events           int
}

// base is how many columns are there without the mentions.
func (d *design) base() int { return d.mixFrom[mixDimensions] }

func newDesign(p *Panel, periods bool) *design {
	d := &design{periods: periods, width: 1}
	if periods {
		d.width++
	}
	var values [mixDimensions][]int
	for dim := range values {
		values[dim] = make([]int, len(p.values[dim].names))
	}
	mentions := 2 * len(p.topics.names)
	counts, later := make([]int, mentions), make([]int, mentions)
	p.each(func(r *panelRow, said []uint32) {
		for dim, v := range r.values {
			values[dim][v]++
		}
		for _, m := range said {
			counts[m]++
			if r.later {
				later[m]++
			}
		}
	})
	for dim := range values {
		d.addMix(p, dim, values[dim])
	}
	d.mixFrom[mixDimensions] = d.width
	d.addMentions(p, counts, later)
	return d
}

// addMix gives the values of a dimension columns, all but the most frequent one,
// which the others are compared with; rare values share one.
func (d *design) addMix(p *Panel, dim int, counts []int) {
	const rare = -2
	columns := make([]int, len(counts))
	for v := range columns {
		columns[v] = rare
	}
	d.mixFrom[dim] = d.width
	names := p.values[dim].names
	for i, v := range frequent(counts, func(v int) string { return names[v] }, minMixAnswers, maxMixValues) {
		if i == 0 {
			columns[v] = -1
			continue
		}
		columns[v] = d.width
		d.width++
	}
	shared := d.width
	for v, n := range counts {
		if columns[v] == rare {
			columns[v] = shared
			if n > 0 {
				d.width = shared + 1
			}
		}
	}
	d.mix[dim] = columns
}

// addMentions gives the frequent mentions columns. What everybody speaks of gets
// none: there is nothing to compare it with.
func (d *design) addMentions(p *Panel, counts, later []int) {
	d.column, d.byPeriod = make([]int, len(counts)), make([]int, len(counts))
	for m := range counts {
		d.column[m], d.byPeriod[m] = -1, -1
	}
	name := func(m int) string { return p.topics.names[m>>1] + string(rune('0'+m&1)) }
	for _, m := range frequent(counts, name, minMentions, maxMentions) {
		if counts[m] > len(p.rows)-minMentions {
			continue
		}
		k := mentionKind{topic: p.topics.names[m>>1], praise: m&1 == 1, column: d.width, byPeriod: -1, events: counts[m]}
		d.width++
		if d.periods && min(later[m], counts[m]-later[m]) >= minEachMention {
			k.byPeriod = d.width
			d.width++
		}
		d.column[m], d.byPeriod[m] = k.column, k.byPeriod
		d.kinds = append(d.kinds, k)
	}
}

// fill writes the columns of a row that are not 0 and their values, the answer
// last.
func (d *design) fill(r *panelRow, said []uint32, columns []int, values []float64) ([]int, []float64) {
	columns, values = append(columns[:0], 0), append(values[:0], 1)
	add := func(column int, value float64) {
		if column >= 0 {
			columns, values = append(columns, column), append(values, value)
		}
	}
	half := -.5
	if r.later {
		half = .5
	}
	if d.periods {
		add(periodColumn, half)
	}
	for dim, v := range r.values {
		add(d.mix[dim][v], 1)
	}
	for _, m := range said {
		add(d.column[m], 1)
		add(d.byPeriod[m], half)
	}
	add(d.width, float64(r.value))
	return columns, values
}

// periodColumn is -1/2 in the earlier and 1/2 in the later period, so that its
// coefficient is the difference and those of the mentions are of both periods alike.
const periodColumn = 1
