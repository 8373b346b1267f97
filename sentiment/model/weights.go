package model

import "math"

// table holds one weight for each class and feature in 8 bits: a text asks for rows all
// over it, so that it should fit the processor's cache. Every use widens a row to the
// same float32 values, so that a model scores the same before it is stored and after.
type table struct {
	steps  []steps
	scales row // of a step, by class
}

// steps are a row in steps of its table, each a byte of int8, the first one lowest.
type steps uint32

func (s steps) of(c Class) int8 { return int8(s >> (8 * c)) }

// newTable rounds rows to steps, in place too.
func newTable(rows []row) table {
	t := table{steps: make([]steps, len(rows)), scales: quantise(rows)}
	for i := range rows {
		t.steps[i] = stepsOf(&rows[i], &t.scales)
	}
	return t
}

// at returns the weights of a feature.
func (t *table) at(feature uint32) weights { return t.weights(t.steps[feature]) }

// weights widens steps.
func (t *table) weights(s steps) weights {
	// The conversions of products keep compilers from fusing them with a sum.
	return weights{
		float32(float32(s.of(Negative)) * t.scales[Negative]),
		float32(float32(s.of(Neutral)) * t.scales[Neutral]),
		float32(float32(s.of(Positive)) * t.scales[Positive]),
	}
}

// weights are a row to sum up: the compiler keeps the fields of a struct in registers, but
// not the elements of an array.
type weights struct{ negative, neutral, positive float32 }

func (w weights) row() row { return row{w.negative, w.neutral, w.positive} }

func (w weights) plus(v weights) weights {
	return weights{w.negative + v.negative, w.neutral + v.neutral, w.positive + v.positive}
}

func (w weights) times(x float32) weights {
	return weights{float32(x * w.negative), float32(x * w.neutral), float32(x * w.positive)}
}

// stepsOf are the weights of a row that was rounded to scales.
func stepsOf(r *row, scales *row) (s steps) {
	for c, w := range r {
		s |= steps(uint8(int8(math.Round(float64(w/scales[c]))))) << (8 * c)
	}
	return s
}

// quantise rounds rows to 8 bits, in place.
func quantise(rows []row) (scales row) {
	for c := range Classes {
		top := 0.0
		for i := range rows {
			top = max(top, math.Abs(float64(rows[i][c])))
		}
		scales[c] = float32(top / 127)
		if scales[c] == 0 {
			scales[c] = 1
		}
		for i := range rows {
			w := &rows[i][c]
			*w = float32(math.Round(float64(*w/scales[c]))) * scales[c]
		}
	}
	return scales
}
