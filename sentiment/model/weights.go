package model

import "math"

// table holds one weight for each class and feature in 8 bits: a text asks for rows all
// over it, so that it should fit the processor's cache. Every use widens a row to the
// same float32 values, so that a model scores the same before it is stored and after.
type table struct {
	steps  [][4]int8 // the fourth is unused: a row is one word of memory
	scales row       // of a step, by class
}

// newTable rounds rows to steps, in place too.
func newTable(rows []row) table {
	t := table{steps: make([][4]int8, len(rows)), scales: quantise(len(rows), func(i int) *row { return &rows[i] })}
	for i := range rows {
		t.steps[i] = steps(&rows[i], &t.scales)
	}
	return t
}

// at returns the weights of a feature.
func (t *table) at(feature uint32) row { return t.row(t.steps[feature]) }

// row widens steps.
func (t *table) row(s [4]int8) row {
	// The conversions of products keep compilers from fusing them with a sum.
	return row{float32(float32(s[0]) * t.scales[0]), float32(float32(s[1]) * t.scales[1]), float32(float32(s[2]) * t.scales[2])}
}

// steps are the weights of a row that was rounded to scales.
func steps(r *row, scales *row) (s [4]int8) {
	for c, w := range r {
		s[c] = int8(math.Round(float64(w / scales[c])))
	}
	return s
}

// quantise rounds the weights of n rows to 8 bits, in place.
func quantise(n int, at func(int) *row) (scales row) {
	for c := range Classes {
		top := 0.0
		for i := range n {
			top = max(top, math.Abs(float64(at(i)[c])))
		}
		scales[c] = float32(top / 127)
		if scales[c] == 0 {
			scales[c] = 1
		}
		for i := range n {
			w := &at(i)[c]
			*w = float32(math.Round(float64(*w/scales[c]))) * scales[c]
		}
	}
	return scales
}
