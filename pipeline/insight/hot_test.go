package insight

import (
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// dayOfTraffic is busy at noon and in the evening.
func dayOfTraffic() []int {
	out := make([]int, dayHours)
	for h := range out {
		out[h] = []int{20, 20, 60, 200, 400, 150, 700, 300}[h/3]
	}
	return out
}

// drawGrid draws complaints at a rate that is the same in all hours, save for what
// lift says.
func drawGrid(src rand.Source, topics int, lift func(topic, hour int) float64) [][]int {
	grid := make([][]int, topics)
	for i := range grid {
		for h, n := range dayOfTraffic() {
			rate := 0.02 * float64(1+i) * lift(i, h)
			grid[i] = append(grid[i], int(distuv.Poisson{Lambda: rate * float64(n), Src: src}.Rand()))
		}
	}
	return grid
}

// TestHotCellsFindThePlantedHour: the busiest hours have most complaints and are
// not marked, the planted one is.
func TestHotCellsFindThePlantedHour(t *testing.T) {
	const topic, hour = 2, 22
	grid := drawGrid(rand.NewPCG(1, 1), 5, func(i, h int) float64 {
		if i == topic && h == hour {
			return 3
		}
		return 1
	})
	for i, row := range HotCells(grid, dayOfTraffic()) {
		for h, c := range row {
			if c.Hot != (i == topic && h == hour) {
				t.Errorf("topic %d, %d h: hot %v with %d complaints, %.1f expected, q %.3g", i, h, c.Hot, c.Complaints, c.Expected, c.Q)
			}
			if c.Hour != h || c.Complaints != grid[i][h] || c.Traffic != dayOfTraffic()[h] {
				t.Errorf("topic %d, %d h: %+v", i, h, c)
			}
		}
	}
}

// TestHotCellsOfEvenGrids: where nothing is planted, hardly any grid has a mark.
func TestHotCellsOfEvenGrids(t *testing.T) {
	const grids = 300
	marked := 0
	for seed := range uint64(grids) {
		grid := drawGrid(rand.NewPCG(seed, 7), 6, func(int, int) float64 { return 1 })
		for _, row := range HotCells(grid, dayOfTraffic()) {
			for _, c := range row {
				if c.Hot {
					marked++
				}
			}
		}
	}
	if marked > grids/20 {
		t.Errorf("%d marks in %d grids without anything in them", marked, grids)
	}
}

func TestHotCellsOfLittle(t *testing.T) {
	for name, test := range map[string]struct {
		grid    [][]int
		traffic []int
	}{
		"no rows":       {nil, []int{1, 2}},
		"no complaints": {[][]int{{0, 0}}, []int{5, 5}},
		"no traffic":    {[][]int{{4, 0}}, []int{0, 0}},
		"one hour":      {[][]int{{9, 0}}, []int{100, 0}},
		"two alone":     {[][]int{{2, 0}}, []int{1, 1_000_000}},
	} {
		for _, row := range HotCells(test.grid, test.traffic) {
			for _, c := range row {
				if c.Hot {
					t.Errorf("%s: %+v", name, c)
				}
			}
		}
	}
}
