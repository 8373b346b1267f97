package insight

import (
	"math"
	"testing"
)

// TestHopesAreTakenOver where nothing of a combination is explained: its window is about
// what a new search finds. Where something is, it is searched anew.
func TestHopesAreTakenOver(t *testing.T) {
	table := newWorld(3, 5).table()
	m := newMiner(table, Options{}.withDefaults())
	taken, searched := 0, 0
	for topic := 1; topic < len(m.topics.names); topic++ {
		m.begin(uint32(topic))
		m.candidates()
		m.begin(uint32(topic))
		told := only(Location, 1+topic%3)
		m.explain(told, m.inside(told).rows)
		for _, c := range m.candidates() {
			if c.family() != combinedHours {
				continue
			}
			if c.anew == nil {
				searched++
				if !told.meets(c.values) {
					t.Errorf("%+v is searched for anew, nothing of it is explained", c.cell)
				}
				continue
			}
			taken++
			again, ok := c.anew()
			if !ok || told.meets(c.values) {
				t.Fatalf("%+v is taken over, found %v", c.cell, ok)
			}
			if c.cell == again.cell && (c.observed != again.observed || math.Abs(c.expected-again.expected) > 0.02*again.expected) {
				t.Errorf("%+v: %d of %.3f, by a new search %d of %.3f", c.cell, c.observed, c.expected, again.observed, again.expected)
			}
		}
	}
	if taken == 0 {
		t.Errorf("no window is taken over, %d are searched for", searched)
	}
}
