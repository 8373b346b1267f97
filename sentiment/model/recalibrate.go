package model

// affine maps logits to logits: z becomes mix times z plus shift.
type affine struct {
	mix   [Classes]row // what each class's logit adds to the three
	shift row
}

// unchanged is the map that changes nothing.
func unchanged() (a affine) {
	for c := range Classes {
		a.mix[c][c] = 1
	}
	return a
}

func (a *affine) apply(z row) row {
	out := a.shift
	for c, x := range z {
		out.plus(x, &a.mix[c])
	}
	return out
}

// What holds the recalibration to the base, as if it had been seen in that many
// examples: the shares of the classes change more often than what the words mean.
// Weaker ones gain a point after 50 events where the feedback stays as it is, and
// lose up to six where it changes.
const (
	shiftPrior = 60
	mixPrior   = 200
)

// recalibrationSteps of gradient descent with momentum suffice for twelve numbers.
const recalibrationSteps = 400

// recalibrate fits a logistic regression on the base model's logits, which starts
// at the base and is held to it, so that few examples change little (Platt 1999,
// with more than two classes).
func recalibrate(logits []row, examples []Example) affine {
	a := unchanged()
	var speed affine
	size, total := 1.0, 0.0 // mean square of the logits: the curvature along mix
	for i, z := range logits {
		total += examples[i].weight()
		for _, x := range z {
			size += examples[i].weight() * float64(x) * float64(x)
		}
	}
	total = max(total, 1)
	size = max(1, size/total)
	for range recalibrationSteps {
		g := a.gradient(logits, examples)
		for c := range a.mix {
			for k := range a.mix[c] {
				ideal := float32(0)
				if k == c {
					ideal = 1
				}
				slope := (g.mix[c][k] + mixPrior*(a.mix[c][k]-ideal)) / float32(total+mixPrior)
				speed.mix[c][k] = 0.9*speed.mix[c][k] - float32(0.3/size)*slope
				a.mix[c][k] += speed.mix[c][k]
			}
		}
		for k := range a.shift {
			slope := (g.shift[k] + shiftPrior*a.shift[k]) / float32(total+shiftPrior)
			speed.shift[k] = 0.9*speed.shift[k] - 0.3*slope
			a.shift[k] += speed.shift[k]
		}
	}
	return a
}

// gradient of the log loss over all examples.
func (a *affine) gradient(logits []row, examples []Example) (g affine) {
	for i, z := range logits {
		p := softmax(a.apply(z))
		p[examples[i].Class]--
		w := examples[i].weight()
		for k := range p {
			e := float32(w * p[k])
			g.shift[k] += e
			for c, x := range z {
				g.mix[c][k] += e * x
			}
		}
	}
	return g
}

// mixed returns the model whose logits are those of m through a, chosen among with
// these offsets.
func (m *Model) mixed(a affine, prefer row) *Model {
	out := &Model{Card: m.Card, prefer: prefer, keys: m.keys}
	linear := a
	linear.shift = row{}
	out.bias = a.apply(m.bias)
	for i := range m.dense {
		out.dense[i] = linear.apply(m.dense[i])
	}
	out.grams, out.words = m.grams.mixed(&linear), m.words.mixed(&linear)
	return out
}

func (t *table) mixed(a *affine) table {
	rows := make([]row, len(t.steps))
	for i, s := range t.steps {
		rows[i] = a.apply(t.weights(s).row())
	}
	return newTable(rows)
}
