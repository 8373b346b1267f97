package model

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
)

// Example is one labelled text.
type Example struct {
	Text   string
	Class  Class
	Weight float64 // 0 counts as 1
}

// Options of training; the zero value is the recipe.
type Options struct {
	Epochs   int     // 0: 8
	Rate     float64 // Adagrad's first step, falling to a tenth; 0: 0.03
	L2       float64 // 0: 1e-6
	Seed     uint64  // order of the examples; the same seed gives the same model
	Card     Card    // TrainedOn and Languages are kept
	Progress func(done, total int)
}

func (o Options) withDefaults() Options {
	if o.Epochs == 0 {
		o.Epochs = 8
	}
	if o.Rate == 0 {
		o.Rate = 0.03
	}
	if o.L2 == 0 {
		o.L2 = 1e-6
	}
	return o
}

// ErrTooFew means that there is not enough to learn from.
var ErrTooFew = errors.New("needs at least 10 examples of each of two classes")

// folds of the inner cross-validation that finds the class offsets.
const folds = 3

// Train fits a softmax regression by Adagrad (Duchi, Hazan & Singer 2011) and
// then finds the class offsets that suit accuracy and macro-F1 best in a
// cross-validation. It is deterministic.
func Train(ctx context.Context, examples []Example, opts Options) (*Model, error) {
	opts = opts.withDefaults()
	if err := enough(examples); err != nil {
		return nil, err
	}
	data := vectorise(examples)
	total := opts.Epochs * len(examples) * folds // the folds see 2/3 each, and one full run
	done := 0
	step := func(n int) {
		if done += n; opts.Progress != nil {
			opts.Progress(done, total)
		}
	}
	held := make([]Prediction, len(examples))
	for fold := range folds {
		var inside, outside []int
		for i := range examples {
			if i%folds == fold {
				outside = append(outside, i)
			} else {
				inside = append(inside, i)
			}
		}
		f := newFit(data, inside, opts)
		if err := f.run(ctx, step); err != nil {
			return nil, err
		}
		for _, i := range outside {
			held[i] = f.predict(&data.rows[i])
		}
	}
	all := make([]int, len(examples))
	for i := range all {
		all[i] = i
	}
	f := newFit(data, all, opts)
	if err := f.run(ctx, step); err != nil {
		return nil, err
	}
	m := f.model(offsets(held, examples))
	m.Card = opts.Card
	m.Examples = len(examples)
	m.Version = m.hash()
	return m, nil
}

func enough(examples []Example) error {
	var counts [Classes]int
	for i, e := range examples {
		if e.Class < 0 || e.Class >= Classes {
			return fmt.Errorf("example %d: no class %d", i+1, e.Class)
		}
		counts[e.Class]++
	}
	classes := 0
	for _, n := range counts {
		if n >= 10 {
			classes++
		}
	}
	if classes < 2 {
		return ErrTooFew
	}
	return nil
}

// fit is one run of Adagrad.
type fit struct {
	data        *dataset
	rows        []int
	opts        Options
	w, g        []row // weights and sums of squared gradients
	dw, dg      [Dense]row
	bias, gbias row
}

func newFit(d *dataset, rows []int, opts Options) *fit {
	return &fit{data: d, rows: rows, opts: opts, w: make([]row, Buckets), g: make([]row, Buckets)}
}

func (f *fit) run(ctx context.Context, step func(int)) error {
	random := rand.New(rand.NewPCG(f.opts.Seed, 1))
	order := append([]int(nil), f.rows...)
	for epoch := range f.opts.Epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		rate := float32(f.opts.Rate * (1 - 0.9*float64(epoch)/float64(f.opts.Epochs)))
		for _, i := range order {
			f.learn(&f.data.rows[i], rate)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		step(len(order))
	}
	return nil
}

func (f *fit) predict(r *vector) Prediction {
	z := f.bias
	for j, b := range r.buckets {
		w, x := &f.w[b], r.values[j]
		z[0] += w[0] * x
		z[1] += w[1] * x
		z[2] += w[2] * x
	}
	for i, x := range r.dense {
		for c := range z {
			z[c] += f.dw[i][c] * x
		}
	}
	return softmax(z)
}

func (f *fit) learn(r *vector, rate float32) {
	p := f.predict(r)
	var e row // gradient of the loss by z
	for c := range e {
		e[c] = float32(p[c]) * r.weight
	}
	e[r.class] -= r.weight
	l2 := float32(f.opts.L2)
	for j, b := range r.buckets {
		adagrad(&f.w[b], &f.g[b], &e, r.values[j], rate, l2)
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

// model folds idf and offsets into the weights.
func (f *fit) model(offset row) *Model {
	m := &Model{bias: f.bias, dense: f.dw, sparse: f.w}
	for b := range m.sparse {
		for c := range m.sparse[b] {
			m.sparse[b][c] *= f.data.idf[b]
		}
	}
	for c := range m.bias {
		m.bias[c] += offset[c]
	}
	return m
}

// offsets searches a grid for what to add to the classes' scores so that
// accuracy plus macro-F1 is best on held-back predictions.
func offsets(held []Prediction, examples []Example) row {
	logs := make([]row, len(held))
	for i, p := range held {
		for c := range p {
			logs[i][c] = float32(math.Log(p[c] + 1e-9))
		}
	}
	var best row
	bestValue := -1.0
	for a := -10; a <= 10; a++ {
		for b := -10; b <= 10; b++ {
			o := row{0, float32(a) / 10, float32(b) / 10}
			if v := value(logs, examples, o); v > bestValue+1e-9 {
				best, bestValue = o, v
			}
		}
	}
	return best
}

func value(logs []row, examples []Example, o row) float64 {
	var c Confusion
	for i, l := range logs {
		l.add(&o)
		best := Negative
		for k := Neutral; k < Classes; k++ {
			if l[k] > l[best] {
				best = k
			}
		}
		c[examples[i].Class][best]++
	}
	return c.Accuracy() + c.MacroF1()
}
