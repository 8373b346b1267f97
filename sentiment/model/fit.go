package model

import (
	"context"
	"math"
	"math/rand/v2"
)

// fit is one run of Adagrad (Duchi, Hazan & Singer 2011) over a softmax regression.
type fit struct {
	data        *dataset
	rows        []int
	idf         []float32
	opts        Options
	w, g        []row // weights and sums of squared gradients
	dw, dg      [denseSize]row
	bias, gbias row
}

// newFit starts at the base model where there is one, else at zero.
func newFit(d *dataset, rows []int, opts Options) *fit {
	f := &fit{data: d, rows: rows, idf: d.idf(rows), opts: opts, w: make([]row, Buckets), g: make([]row, Buckets)}
	if d.base != nil {
		for c := range Classes {
			f.dw[baseAt+int(c)][c] = 1
		}
	}
	return f
}

// lookUp is after how many texts training looks whether it is still wanted.
const lookUp = 1024

func (f *fit) run(ctx context.Context, step func(int)) error {
	random := rand.New(rand.NewPCG(f.opts.Seed, 1))
	order := append([]int(nil), f.rows...)
	for epoch := range f.opts.Epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		rate := float32(f.opts.Rate * (1 - 0.9*float64(epoch)/float64(f.opts.Epochs)))
		for n, i := range order {
			if n%lookUp == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			f.learn(&f.data.rows[i], rate)
		}
		step(len(order))
	}
	return nil
}

func (f *fit) logits(r *vector) row {
	z := f.bias
	for j, b := range r.buckets {
		z.plus(r.values[j]*f.idf[b], &f.w[b])
	}
	for i, x := range r.dense {
		if x != 0 {
			z.plus(x, &f.dw[i])
		}
	}
	return z
}

func (f *fit) learn(r *vector, rate float32) {
	p := softmax(f.logits(r))
	var e row // gradient of the loss by z
	for c := range e {
		e[c] = float32(p[c]) * r.weight
	}
	e[r.class] -= r.weight
	l2 := float32(f.opts.L2)
	for j, b := range r.buckets {
		adagrad(&f.w[b], &f.g[b], &e, r.values[j]*f.idf[b], rate, l2)
	}
	for i, x := range r.dense {
		adagrad(&f.dw[i], &f.dg[i], &e, x, rate, l2)
	}
	adagrad(&f.bias, &f.gbias, &e, 1, rate*0.1, 0)
}

func adagrad(w, sum, e *row, x, rate, l2 float32) {
	if x == 0 {
		return
	}
	for c := range w {
		g := e[c]*x + l2*w[c]
		sum[c] += g * g
		w[c] -= rate * g / float32(math.Sqrt(float64(sum[c])+1e-8))
	}
}

// model folds idf, word vectors, base model and calibration into one set of
// weights, so that scoring knows none of them.
func (f *fit) model(cal calibrator) *Model {
	m := &Model{bias: f.bias}
	grams, words := make([]row, Buckets), f.foldVectors(m)
	for b := range grams {
		grams[b].plus(f.idf[b], &f.w[b])
	}
	copy(m.dense[:], f.dw[:Dense])
	words = f.foldBase(m, grams, words)
	m.scale(cal.slope, grams, words)
	m.grams, m.words = newTable(grams), newTable(words)
	m.bias.add(&cal.shift)
	return m
}

// foldVectors returns the rows of the words with a vector, which become the model's keys.
func (f *fit) foldVectors(m *Model) []row {
	v := f.data.vectors
	if v == nil {
		return nil
	}
	m.keys = v.known()
	words := make([]row, 2*len(m.keys))
	for i, k := range m.keys {
		v.meaning(k, func(j int, x float32) {
			words[2*i].plus(x, &f.dw[plainAt+j])
			words[2*i+1].plus(x, &f.dw[negatedAt+j])
		})
	}
	return words
}

// foldBase adds the base model's weights, mixed by what was learned of its logits.
// A base that knows words of its own brings them only where the vectors are the same.
func (f *fit) foldBase(m *Model, grams, words []row) []row {
	base := f.data.base
	if base == nil {
		return words
	}
	mix := func(to, from *row) {
		for c, x := range from {
			to.plus(x, &f.dw[baseAt+c])
		}
	}
	mix(&m.bias, &base.bias)
	for i := range m.dense {
		mix(&m.dense[i], &base.dense[i])
	}
	for b := range grams {
		from := base.grams.at(uint32(b)).row()
		mix(&grams[b], &from)
	}
	if words == nil {
		m.keys, words = base.keys, make([]row, 2*len(base.keys))
	}
	for i, k := range m.keys {
		if j := find(base.keys, k); j >= 0 {
			plain, negated := base.words.at(uint32(2*j)).row(), base.words.at(uint32(2*j+1)).row()
			mix(&words[2*i], &plain)
			mix(&words[2*i+1], &negated)
		}
	}
	return words
}

// scale multiplies all weights.
func (m *Model) scale(x float32, grams, words []row) {
	times := func(r *row) {
		for c := range r {
			r[c] *= x
		}
	}
	times(&m.bias)
	for i := range m.dense {
		times(&m.dense[i])
	}
	for b := range grams {
		times(&grams[b])
	}
	for i := range words {
		times(&words[i])
	}
}
