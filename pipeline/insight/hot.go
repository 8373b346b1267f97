package insight

// HotQ is the false discovery rate among the marked cells of a heatmap.
const HotQ = 0.05

// HotCell is a cell of a heatmap: complaints in an hour against its traffic.
type HotCell struct {
	Hour       int     `json:"hour"` // column
	Complaints int     `json:"complaints"`
	Traffic    int     `json:"traffic"`  // all feedback of the hour
	Expected   float64 `json:"expected"` // complaints, were the row's rate the same in all other hours
	Q          float64 `json:"q"`
	Hot        bool    `json:"hot"` // more than traffic explains
}

// HotCells judges each cell of a grid of complaints (rows of topics, columns of
// hours) against the rest of its row: given all complaints of the row, those of an
// hour are binomial with the hour's share of the traffic (the conditional test of
// two Poisson rates, Przyborowski and Wilenski 1940). False discoveries are
// controlled over all cells of the grid after Benjamini and Yekutieli, since the
// cells of a row depend on each other.
func HotCells(complaints [][]int, traffic []int) [][]HotCell {
	const fewest = 3 // two complaints are no pattern
	total := 0
	for _, n := range traffic {
		total += n
	}
	var p []float64
	for _, row := range complaints {
		all := 0
		for _, k := range row {
			all += k
		}
		for hour, k := range row {
			share := 0.0
			if total > 0 {
				share = float64(traffic[hour]) / float64(total)
			}
			if k < fewest || share == 0 {
				p = append(p, 1)
				continue
			}
			p = append(p, upperTail(k, all, share))
		}
	}
	control := newDiscoveries(p, anyDependence(len(p)))
	out := make([][]HotCell, len(complaints))
	for i, row := range complaints {
		all := 0
		for _, k := range row {
			all += k
		}
		for hour, k := range row {
			c := HotCell{Hour: hour, Complaints: k, Traffic: traffic[hour], Q: control.q(p[len(row)*i+hour])}
			if rest := total - traffic[hour]; rest > 0 {
				c.Expected = float64(all-k) * float64(traffic[hour]) / float64(rest)
			}
			c.Hot = c.Q <= HotQ
			out[i] = append(out[i], c)
		}
	}
	return out
}
