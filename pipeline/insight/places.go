package insight

import "slices"

// places says where each location's rows begin in a settled table.
type places []int32

func findPlaces(t *Table) places {
	p := make(places, len(t.values[Location].names)+1)
	for i := range t.rows {
		p[t.rows[i].values[Location]+1]++
	}
	for v := 1; v < len(p); v++ {
		p[v] += p[v-1]
	}
	return p
}

// rows are the first row of a location and the one behind its last.
func (p places) rows(location int) (first, end int32) { return p[location], p[location+1] }

// between are those of sorted rows that lie from first up to end.
func between(rows []int32, first, end int32) []int32 {
	from, _ := slices.BinarySearch(rows, first)
	to, _ := slices.BinarySearch(rows, end)
	return rows[from:to]
}

// rowsOf are the first row that a cell may cover and the one behind the last.
func (m *miner) rowsOf(c cell) (first, end int32) {
	if location := c.values[Location]; location != 0 {
		return m.places.rows(int(location))
	}
	return 0, int32(len(m.rows))
}
