package insight

import (
	"cmp"
	"slices"
)

// One problem stands out in many cells: at a location, in its evening hours, in one of its
// channels. Told once, it must count once among the discoveries, too: if each of its cells
// counted, a few large problems would make room for many chance claims (Brzyski et al. 2017,
// who count one discovery for each clump of markers that stand side by side).

// worthCounting is the p value above which no cell becomes a discovery, and none need be
// held against others.
const worthCounting = 0.01

// countOnce sets the p value of the cells to 1 that stand for a problem which another cell
// of their topic shows more clearly. p holds the weighed p values of found.
func countOnce(found []candidate, p []float64) {
	var order []int
	for i := range found {
		if p[i] <= worthCounting {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	var counted []cell
	for _, i := range order {
		if slices.ContainsFunc(counted, found[i].overlaps) {
			p[i] = 1
			continue
		}
		counted = append(counted, found[i].cell)
	}
}

// overlaps says whether one of two cells holds all values of the other and they have hours in
// common.
func (c cell) overlaps(other cell) bool {
	return (c.within(other) || other.within(c)) && c.window.overlaps(other.window)
}

// within says whether c has all values that other names.
func (c cell) within(other cell) bool {
	for d, v := range other.values {
		if v != 0 && c.values[d] != v {
			return false
		}
	}
	return true
}

// overlaps says whether two windows have an hour in common.
func (w window) overlaps(other window) bool {
	if w.days == 0 || other.days == 0 {
		return true
	}
	return w.day < other.day+other.days && other.day < w.day+w.days && w.hour < other.hour+other.hours && other.hour < w.hour+w.hours
}
