package insight

import "time"

const (
	// TrendWeeks are the past weeks that a trend is compared with.
	TrendWeeks   = 8
	trendLeast   = 5    // complaints that an alert needs
	trendLift    = 1.3  // times the usual, or nobody would act on it
	trendQ       = 0.01 // false discovery rate over all cells of one look
	trendHistory = 3    // weeks without which nothing is usual yet
)

// CellCounts are the complaints about a topic in a cell and all feedback of the
// cell's place and channel: index 0 is now, i the same time i weeks ago.
type CellCounts struct {
	Cell
	Complaints [TrendWeeks + 1]int
	Feedback   [TrendWeeks + 1]int
}

// Trends tests every cell against its own past weeks and returns what exceeds
// it, false discoveries controlled over all cells (Benjamini & Yekutieli 2001).
// What is usual is the larger of the usual number and the usual share of the
// feedback that came in: neither a busy week nor another mix is an alert. Weeks
// without any feedback in the cell's surroundings are no history. Of cells that hold
// the same complaints one speaks.
func Trends(kind AlertKind, cells []CellCounts, since, until time.Time) []Signal {
	signals := make([]Signal, 0, len(cells))
	var p []float64
	for i := range cells {
		c := &cells[i]
		usual, ok := c.usual()
		if !ok {
			continue
		}
		s := Signal{
			Kind: kind, Cell: c.Cell, Since: since, Until: until,
			Observed: c.Complaints[0], Expected: usual.Mean, P: usual.Tail(c.Complaints[0]),
		}
		signals, p = append(signals, s), append(p, s.P)
	}
	found := newDiscoveries(p, anyDependence(len(p)))
	kept := signals[:0]
	for _, s := range signals {
		if !s.standsOutWith(s.Observed, s.Expected) {
			continue
		}
		if s.Q = found.q(s.P); s.Q <= trendQ {
			kept = append(kept, s)
		}
	}
	return oneStory(kept, cells)
}

// usual is what the cell would hold now.
func (c *CellCounts) usual() (Baseline, bool) {
	var numbers, shares []int
	for week := 1; week <= TrendWeeks; week++ {
		if c.Feedback[week] == 0 {
			continue
		}
		numbers = append(numbers, c.Complaints[week])
		scaled := float64(c.Complaints[week]) * float64(c.Feedback[0]) / float64(c.Feedback[week])
		shares = append(shares, int(scaled+0.5))
	}
	if len(numbers) < trendHistory {
		return Baseline{}, false
	}
	byNumber, byShare := NewBaseline(numbers, 1), NewBaseline(shares, 1)
	if byShare.Mean > byNumber.Mean {
		return Baseline{byShare.Mean, max(byShare.Dispersion, byNumber.Dispersion)}, true
	}
	return byNumber, true
}
