package insight

// echo tells whether a cell is only another word for findings of other topics:
// less than half of what is too much is left among those whose complaints no such
// finding counts. Who is angry about the prices speaks of small portions, too.
func (m *miner) echo(c *candidate) bool {
	observed, expected := 0, c.expected
	for _, row := range m.spokenRows {
		if e := &m.rows[row]; !m.out[row] && c.covers(e) {
			expected -= m.rates[e.values[Channel]]
		}
	}
	for _, row := range m.hits {
		if !m.spoken[row] && c.covers(&m.rows[row]) {
			observed++
		}
	}
	usual := m.rest(c.observed, c.expected)
	lift := float64(c.observed) / (c.expected * usual)
	return float64(observed)/max(expected*usual, 1e-9)-1 < 0.5*(lift-1)
}
