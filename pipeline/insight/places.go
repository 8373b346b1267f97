package insight

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
