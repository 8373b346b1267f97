package insight

import (
	"math"
	"testing"
)

// TestWeeksOfManyCombinations: a pair of dimensions with too many values to be counted
// by hour has its rows counted instead, to the same weeks, explained rows left out.
func TestWeeksOfManyCombinations(t *testing.T) {
	m := newMiner(newWorld(3, 5).table(), Options{}.withDefaults())
	m.begin(1)
	compared := 0
	compare := func() {
		for p := range m.pairs {
			counted := &m.pairs[p]
			if counted.weeks == nil {
				continue
			}
			rows := *counted
			rows.weeks = nil
			const location = 1
			var wanted []int
			for b := range counted.width {
				wanted = append(wanted, location*counted.width+b)
			}
			want := m.weeksAt(&rows, location, wanted)
			for i, got := range m.weeksAt(counted, location, wanted) {
				if got.observed != want[i].observed {
					t.Errorf("%v: complaints %v, by rows %v", counted.cell(wanted[i]), got.observed, want[i].observed)
				}
				for h, e := range got.expected {
					if math.Abs(e-want[i].expected[h]) > 1e-9 {
						t.Errorf("%v, hour %d: %v are due, by rows %v", counted.cell(wanted[i]), h, e, want[i].expected[h])
					}
					if e > 0 {
						compared++
					}
				}
			}
		}
	}
	compare()
	before := compared
	if before == 0 {
		t.Fatal("nothing to compare")
	}
	var explained []int32
	for row := range m.rows {
		if e := &m.rows[row]; e.values[Location] == 1 && e.hour < weekHours/2 {
			explained = append(explained, int32(row))
		}
	}
	m.explain(only(Location, 1), explained)
	compare()
	if compared-before >= before {
		t.Error("explained rows count on")
	}
}
