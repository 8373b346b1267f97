package model

import "math"

// calibrator maps logits to logits whose softmax says how often it is right:
// one slope and a shift for each class, fitted on held-back predictions
// (bias-corrected temperature scaling; Guo et al., ICML 2017; Alexandari et al., ICML 2020).
type calibrator struct {
	slope float32
	shift row
}

func (k calibrator) apply(z row) row {
	out := k.shift
	out.plus(k.slope, &z)
	return out
}

// calibrationSteps of gradient descent with momentum suffice for four numbers.
const calibrationSteps = 300

// newCalibrator minimises the mean log loss of the held-back logits.
func newCalibrator(held []row, data *dataset) calibrator {
	k := calibrator{slope: 1}
	var speed, slopeSpeed = [Classes]float64{}, 0.0
	size, total := 0.0, 0.0 // mean square of the logits: the curvature along the slope
	for i, z := range held {
		w := float64(data.rows[i].weight)
		total += w
		for _, x := range z {
			size += w * float64(x) * float64(x)
		}
	}
	size = max(1, size/total)
	for range calibrationSteps {
		var shift [Classes]float64
		slope := 0.0
		for i, z := range held {
			p := softmax(k.apply(z))
			p[data.rows[i].class]--
			w := float64(data.rows[i].weight) / total
			for c := range p {
				shift[c] += w * p[c]
				slope += w * p[c] * float64(z[c])
			}
		}
		slopeSpeed = 0.9*slopeSpeed - 0.3*slope/size
		k.slope = float32(math.Max(0.05, float64(k.slope)+slopeSpeed))
		for c := range shift {
			speed[c] = 0.9*speed[c] - 0.3*shift[c]
			k.shift[c] += float32(speed[c])
		}
	}
	return k
}

// preference searches a grid for what to add to the logits so that accuracy
// plus macro-F1 of the chosen classes is best on held-back examples.
func preference(held []row, data *dataset) row {
	var best row
	bestValue := -1.0
	for a := -10; a <= 10; a++ {
		for b := -10; b <= 10; b++ {
			o := row{0, float32(a) / 10, float32(b) / 10}
			if v := value(held, data, o); v > bestValue+1e-9 {
				best, bestValue = o, v
			}
		}
	}
	return best
}

func value(held []row, data *dataset, prefer row) float64 {
	m := Model{prefer: prefer}
	var c weighted
	for i, z := range held {
		c[data.rows[i].class][m.choose(z)] += float64(data.rows[i].weight)
	}
	return c.value()
}

// weighted is a confusion of weights.
type weighted [Classes][Classes]float64

// value is accuracy plus macro-F1 over the classes that occur.
func (c *weighted) value() float64 {
	right, total, f1, classes := 0.0, 0.0, 0.0, 0.0
	for k := range c {
		truth, predicted := 0.0, 0.0
		for j := range c {
			truth += c[k][j]
			predicted += c[j][k]
		}
		right, total = right+c[k][k], total+truth
		if truth > 0 {
			f1 += 2 * c[k][k] / (truth + predicted)
			classes++
		}
	}
	if total == 0 {
		return 0
	}
	return right/total + f1/classes
}
