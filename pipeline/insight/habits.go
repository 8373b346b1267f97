package insight

// habit is how a topic spreads over the hours of the week and over the values of
// each dimension, and what is due there by its rates in the channels.
type habit struct {
	week               week
	observed, expected [dimensions][]float64
}

// habits are those of every topic, on all rows.
func habits(t *Table, base *exposures) []habit {
	counts := base.whole.total()
	out := make([]habit, len(t.hits))
	for topic, rows := range t.hits {
		k := &out[topic]
		for d := range dimensions {
			k.observed[d] = make([]float64, len(t.values[d].names))
			k.expected[d] = make([]float64, len(t.values[d].names))
		}
		rates := make([]float64, len(counts))
		for _, row := range rows {
			e := &t.rows[row]
			k.week.observed[e.hour]++
			rates[e.values[Channel]]++
			for d, v := range e.values {
				k.observed[d][v]++
			}
		}
		for ch, n := range counts {
			rates[ch] /= max(n, 1)
		}
		copy(k.week.expected[:], due(base.whole.week, rates))
		k.week.sum()
		for d := range dimensions {
			for v := 1; v < len(base.values[d]); v++ {
				k.expected[d][v] = sum(due(base.values[d][v].week, rates))
			}
		}
	}
	return out
}
