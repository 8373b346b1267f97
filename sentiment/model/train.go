package model

import (
	"context"
	"errors"
	"fmt"
)

// Example is one labelled text.
type Example struct {
	Text   string
	Class  Class
	Weight float64 // 0 counts as 1
	Group  int     // where it comes from; see Options.Across
}

// Options of training; the zero value is the recipe.
type Options struct {
	Epochs   int      // 0: 8
	Rate     float64  // Adagrad's first step, falling to a tenth; 0: 0.05
	L2       float64  // 0: 1e-6
	Seed     uint64   // order of the examples; the same seed gives the same model
	Vectors  *Vectors // word vectors to learn from; nil: none
	Base     *Model   // model to go on from; nil: none
	Across   bool     // hold back whole groups, not thirds: for a model to use on other feedback
	Card     Card     // TrainedOn and Languages are kept
	Progress func(done, total int)
}

func (o Options) withDefaults() Options {
	if o.Epochs == 0 {
		o.Epochs = 8
	}
	if o.Rate == 0 {
		o.Rate = 0.05
	}
	if o.L2 == 0 {
		o.L2 = 1e-6
	}
	return o
}

// HeldBack is how well the model does on texts that the training did not see,
// by cross-validation.
type HeldBack struct {
	Confusion   Confusion
	Calibration Calibration
	Base        Confusion // of the base model on the same texts, empty without one
}

// KeepBase tells whether the base model did at least as well on the texts held back.
func (h *HeldBack) KeepBase() bool {
	return h.Base.Total() > 0 && h.Base.Accuracy()+h.Base.MacroF1() >= h.Confusion.Accuracy()+h.Confusion.MacroF1()
}

// ErrTooFew means that there is not enough to learn from.
var ErrTooFew = errors.New("needs at least 10 examples of each of two classes")

// folds of the cross-validation that finds calibration and offsets.
const folds = 3

// Train fits a softmax regression and calibrates it in a cross-validation, whose
// result it returns. It is deterministic.
func Train(ctx context.Context, examples []Example, opts Options) (*Model, *HeldBack, error) {
	opts = opts.withDefaults()
	if err := enough(examples); err != nil {
		return nil, nil, err
	}
	data, err := vectorise(ctx, examples, opts.Vectors, opts.Base)
	if err != nil {
		return nil, nil, err
	}
	t := training{data: data, opts: opts, fold: foldsOf(examples, opts.Across)}
	held, err := t.crossValidate(ctx)
	if err != nil {
		return nil, nil, err
	}
	f, err := t.fit(ctx, -1)
	if err != nil {
		return nil, nil, err
	}
	cal := newCalibrator(held, t.data)
	for i := range held {
		held[i] = cal.apply(held[i])
	}
	m := f.model(cal)
	m.prefer = preference(held, t.data)
	m.Card = opts.Card
	m.Examples = len(examples)
	if opts.Base != nil {
		m.Base = opts.Base.Version
	}
	m.Version = m.hash()
	return m, t.heldBack(m, held), nil
}

// training is what the runs of one Train share.
type training struct {
	data *dataset
	opts Options
	fold []int // of each example
	done int
}

// foldsOf deals the examples of each class out in turn, or by group if across.
func foldsOf(examples []Example, across bool) []int {
	fold := make([]int, len(examples))
	var dealt [Classes]int
	for i, e := range examples {
		fold[i] = dealt[e.Class] % folds
		dealt[e.Class]++
		if across {
			fold[i] = e.Group
		}
	}
	return fold
}

func (t *training) crossValidate(ctx context.Context) ([]row, error) {
	held := make([]row, len(t.fold))
	last := 0
	for _, k := range t.fold {
		last = max(last, k)
	}
	for k := range last + 1 {
		f, err := t.fit(ctx, k)
		if err != nil {
			return nil, err
		}
		for i := range held {
			if t.fold[i] == k {
				held[i] = f.logits(&t.data.rows[i])
			}
		}
	}
	return held, nil
}

// fit runs over the examples outside of a fold; -1 takes all.
func (t *training) fit(ctx context.Context, without int) (*fit, error) {
	var rows []int
	for i, k := range t.fold {
		if k != without {
			rows = append(rows, i)
		}
	}
	groups := 1
	for _, k := range t.fold {
		groups = max(groups, k+1)
	}
	f := newFit(t.data, rows, t.opts)
	return f, f.run(ctx, func(n int) {
		if t.done += n; t.opts.Progress != nil {
			t.opts.Progress(t.done, t.opts.Epochs*len(t.fold)*groups) // each fold leaves one share out, the last run none
		}
	})
}

func (t *training) heldBack(m *Model, held []row) *HeldBack {
	h := new(HeldBack)
	for i, z := range held {
		p, class := m.predict(z), t.data.rows[i].class
		h.Confusion[class][p.Class]++
		h.Calibration.Add(p.Confidence(), p.Class == class)
		if base := t.opts.Base; base != nil {
			z := row(t.data.rows[i].dense[baseAt:])
			h.Base[class][base.choose(z)]++
		}
	}
	return h
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
