package insight

import (
	"math"
	"math/rand/v2"
)

// steadyDays are days without a rise, with complaints as they are due at a level.
type steadyDays struct {
	days  *days
	level *level
	least int     // complaints without which no rise is told
	p     float64 // of the time since one day
}

// chance is how likely the time since any such day has as low a p value.
func (s *steadyDays) chance(random *rand.Rand) float64 {
	n, mean := len(s.days.expected), s.level.mean()
	due := make([]float64, n+1) // since a day
	for i := n - 1; i >= 0; i-- {
		due[i] = due[i+1] + s.days.expected[i]*mean
	}
	need, sums := s.needs(due, mean)
	d := &daysDrawing{random: random, due: s.days.expected, observed: make([]int, n), sums: make([]float64, n)}
	return union(sums, random, func(i int) int {
		day := i + MinBefore
		after := atLeast(need[i], poissonTerms(due[day]), random)
		return d.reaching(need, day, after, int(math.Round(due[0]-due[day])))
	})
}

// needs are the complaints that are needed since each day that may be the first, with the
// running sums of their chances.
func (s *steadyDays) needs(due []float64, mean float64) (need []int, sums []float64) {
	sum := 0.0
	for _, e := range due[min(MinBefore, len(due)-1) : len(due)-1] {
		n, chance := s.level.least(s.least, e/mean, s.p)
		sum += chance
		need, sums = append(need, n), append(sums, sum)
	}
	return need, sums
}

// daysDrawing draws days with complaints as they are due.
type daysDrawing struct {
	random   *rand.Rand
	due      []float64
	observed []int
	sums     []float64
}

// reaching draws days with so many complaints since one and before, and returns since how
// many days there are as many as needed.
func (d *daysDrawing) reaching(need []int, day, after, before int) (n int) {
	clear(d.observed)
	d.deal(before, 0, day)
	d.deal(after, day, len(d.due))
	since := 0
	for i := len(need) - 1; i >= 0; i-- {
		if since += d.observed[i+MinBefore]; since >= need[i] {
			n++
		}
	}
	return max(n, 1)
}

// deal gives complaints to some days.
func (d *daysDrawing) deal(n, from, to int) {
	sum := 0.0
	for i := from; i < to; i++ {
		sum += d.due[i]
		d.sums[i] = sum
	}
	for range n {
		d.observed[from+pickBy(d.sums[from:to], d.random)]++
	}
}
