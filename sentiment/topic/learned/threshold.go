package learned

import (
	"cmp"
	"math"
	"slices"
)

// bounds finds how many topics an example has at least and at most.
func bounds(has [][]bool) (least, most int) {
	for i, row := range has {
		n := 0
		for _, yes := range row {
			if yes {
				n++
			}
		}
		if i == 0 {
			least = n
		}
		least, most = min(least, n), max(most, n)
	}
	return least, most
}

// setThresholds finds the log-odds from which a topic counts, the same for all, for
// the best micro-F1 of texts held back.
func (m *Model) setThresholds(held [][]float32, has [][]bool) {
	type decision struct {
		z   float32
		yes bool
	}
	var open []decision // those the threshold makes
	there, hits, found := 0, 0, 0
	for i, z := range held {
		for c, x := range z {
			if has[i][c] {
				there++
			}
			switch rank := rankOf(z, c); {
			case rank < m.Least:
				found++
				if has[i][c] {
					hits++
				}
			case rank < m.Most:
				open = append(open, decision{x, has[i][c]})
			}
		}
	}
	slices.SortFunc(open, func(a, b decision) int { return cmp.Compare(b.z, a.z) })
	best, at := -1.0, float32(math.Inf(1))
	for _, d := range open {
		found++
		if d.yes {
			hits++
		}
		if f := 2 * float64(hits) / float64(found+there); f > best {
			best, at = f, d.z
		}
	}
	m.Thresholds = make([]float64, len(m.Topics))
	for c := range m.Thresholds {
		m.Thresholds[c] = float64(min(at, math.MaxFloat32))
	}
}
