package learned

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"earshot/sentiment"
	"earshot/sentiment/model"
)

// Example is one labelled text. Topics may be empty: the text has none.
type Example struct {
	Text   string
	Topics []Label
}

// Label is a topic of a text and, if known, how the text speaks of it.
type Label struct{ Topic, Polarity string }

// Options of training; the zero value is the recipe.
type Options struct {
	Seed     uint64 // order of the examples; the same seed gives the same model
	Card     Card   // TrainedOn is kept
	Progress func(done, total int)
}

// The recipe: how much errors count against large weights, how many examples a
// topic or polarity needs, and the folds of the cross-validation.
const (
	topicCost    = 20
	polarityCost = 1
	enough       = 10
	folds        = 3
	maxTopics    = 128
)

// ErrTooFew means that there is not enough to learn from.
var ErrTooFew = errors.New("needs a topic with at least 10 examples and 10 texts without it")

// Train fits a model and says how well it does on texts held back. It is deterministic.
func Train(ctx context.Context, examples []Example, opts Options) (*Model, *HeldBack, error) {
	m, err := newModel()
	if err != nil {
		return nil, nil, err
	}
	m.Card.TrainedOn, m.Examples = opts.Card.TrainedOn, len(examples)
	m.Topics = topicsOf(examples)
	if len(m.Topics) == 0 {
		return nil, nil, ErrTooFew
	}
	if len(m.Topics) > maxTopics {
		return nil, nil, fmt.Errorf("%d topics: a model learns at most %d", len(m.Topics), maxTopics)
	}
	if m.rules, err = chooseRules(examples, m.Topics); err != nil {
		return nil, nil, err
	}
	m.Rules = m.rules.tagger.Version()
	m.Polarities = polaritiesOf(examples)
	t := &training{model: m, examples: examples, opts: opts}
	t.total = (2*len(m.Topics) + len(m.Polarities)) * (folds + 1)
	held := new(HeldBack)
	if err := t.topics(ctx, held); err != nil {
		return nil, nil, err
	}
	if len(m.Polarities) > 0 {
		if err := t.polarities(ctx, held); err != nil {
			return nil, nil, err
		}
	}
	if m.Version, err = m.hash(); err != nil {
		return nil, nil, err
	}
	return m, held, nil
}

// newModel takes the shipped word vectors and sentiment model.
func newModel() (*Model, error) {
	vectors, err := model.WordVectors()
	if err != nil {
		return nil, err
	}
	base, err := model.Base()
	if err != nil {
		return nil, err
	}
	return &Model{Card: Card{Vectors: vectorsVersion(vectors), Base: base.Version}, vectors: vectors, base: base}, nil
}

// topicsOf lists the topics that enough of the examples have, and enough have not.
func topicsOf(examples []Example) []string {
	counts := map[string]int{}
	for _, e := range examples {
		seen := map[string]bool{}
		for _, l := range e.Topics {
			if !seen[l.Topic] {
				counts[l.Topic]++
			}
			seen[l.Topic] = true
		}
	}
	maps.DeleteFunc(counts, func(_ string, n int) bool { return n < enough || len(examples)-n < enough })
	return slices.Sorted(maps.Keys(counts))
}

// polaritiesOf lists the polarities with enough examples; none if it is only one.
func polaritiesOf(examples []Example) (out []string) {
	counts := map[string]int{}
	for _, e := range examples {
		for _, l := range e.Topics {
			counts[l.Polarity]++
		}
	}
	for _, p := range []string{Positive, Negative, Neutral, Conflict} {
		if counts[p] >= enough {
			out = append(out, p)
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// training is what the fits of one Train share.
type training struct {
	model       *Model
	examples    []Example
	opts        Options
	done, total int
}

// task is a set of rows to learn classes from, one against all others.
type task struct {
	rows    []*vector
	fold    []int // of each row
	classes int
	yes     func(i, c int) bool // row i has class c
	cost    float64
	solve   func(*problem) []float32
}

// fit learns a class from the rows outside of a fold; there is no fold of number folds.
func (t *training) fit(ctx context.Context, k *task, class, without int) ([]float32, error) {
	p := problem{cost: k.cost, seed: t.opts.Seed}
	for i, r := range k.rows {
		if k.fold[i] != without {
			p.rows, p.yes = append(p.rows, r), append(p.yes, k.yes(i, class))
		}
	}
	w := k.solve(&p)
	if t.done++; t.opts.Progress != nil {
		t.opts.Progress(t.done, t.total)
	}
	return w, ctx.Err()
}

// crossFit returns the weights of each class, and calls held with those learned
// without each fold.
func (t *training) crossFit(ctx context.Context, k *task, held func(without int, weights [][]float32)) (weights [][]float32, err error) {
	for without := range folds + 1 {
		weights = nil
		for c := range k.classes {
			w, err := t.fit(ctx, k, c, without)
			if err != nil {
				return nil, err
			}
			weights = append(weights, w)
		}
		if without < folds {
			held(without, weights)
		}
	}
	return weights, nil
}

// dots calls yield with the log-odds of the rows of a fold.
func (k *task) dots(weights [][]float32, fold int, yield func(i int, z []float32)) {
	for i, r := range k.rows {
		if k.fold[i] != fold {
			continue
		}
		z := make([]float32, len(weights))
		for c, w := range weights {
			z[c] = float32(r.dot(w))
		}
		yield(i, z)
	}
}

// topics learns which topics a text has.
func (t *training) topics(ctx context.Context, report *HeldBack) error {
	m := t.model
	rows, fold := make([]*vector, len(t.examples)), make([]int, len(t.examples))
	has := make([][]bool, len(t.examples))
	found := ruleReader{rules: m.rules}
	var doc sentiment.Doc
	for i, e := range t.examples {
		doc.Scan(e.Text)
		rows[i], fold[i], has[i] = topicVector(&doc, m.vectors, &found), i%folds, make([]bool, len(m.Topics))
		for _, l := range e.Topics {
			if c, ok := m.topic(l.Topic); ok {
				has[i][c] = true
			}
		}
	}
	idf := idfOf(rows)
	for _, r := range rows {
		r.reweigh(idf)
	}
	labels := func(weights [][]float32) table {
		for _, w := range weights {
			for b, x := range idf {
				w[b] *= x
			}
		}
		return newTable(weights, vectorAt)
	}
	all := make([]evidence, len(rows))
	weights, err := t.crossFit(ctx, &task{rows: rows, fold: fold, classes: len(m.Topics), yes: func(i, c int) bool { return has[i][c] },
		cost: topicCost, solve: func(p *problem) []float32 { return p.solveRatio(m.space(), vectorAt) }},
		func(without int, weights [][]float32) { t.heldEvidence(labels(weights), fold, without, all) })
	if err != nil {
		return err
	}
	m.labels = labels(weights)
	held, err := t.second(ctx, all, fold, has)
	if err != nil {
		return err
	}
	m.Least, m.Most = bounds(has)
	m.setThresholds(held, has)
	report.countTopics(m, held, has)
	return nil
}

// mention is a topic of an example with its polarity.
type mention struct{ example, topic, class int }

// mentions lists the topics of all examples whose polarity is known.
func (t *training) mentions() (out []mention) {
	m := t.model
	for i, e := range t.examples {
		seen := map[int]bool{}
		for _, l := range e.Topics {
			c, known := m.topic(l.Topic)
			p := slices.Index(m.Polarities, l.Polarity)
			if known && p >= 0 && !seen[c] {
				seen[c] = true
				out = append(out, mention{i, c, p})
			}
		}
	}
	return out
}

// polarities learns how a text speaks of a topic.
func (t *training) polarities(ctx context.Context, report *HeldBack) error {
	m := t.model
	list := t.mentions()
	rows, fold := make([]*vector, len(list)), make([]int, len(list))
	r := newReader(m)
	var doc sentiment.Doc
	for i, x := range list {
		if i == 0 || list[i-1].example != x.example {
			doc.Scan(t.examples[x.example].Text)
			r.read(&doc)
			r.spread()
		}
		rows[i], fold[i] = new(vector), x.example%folds
		r.polarityVector(rows[i], x.topic)
	}
	held := make([][]float32, len(list))
	stage := &task{rows: rows, fold: fold, classes: len(m.Polarities), yes: func(i, c int) bool { return list[i].class == c },
		cost: polarityCost, solve: func(p *problem) []float32 { return p.solve(m.polaritySpace()) }}
	weights, err := t.crossFit(ctx, stage, func(without int, weights [][]float32) {
		stage.dots(weights, without, func(i int, z []float32) { held[i] = z })
	})
	if err != nil {
		return err
	}
	m.polarity = newTable(weights, aboutAt)
	report.countPolarities(m, held, list)
	return nil
}

// topic returns the place of a topic.
func (m *Model) topic(name string) (int, bool) {
	return slices.BinarySearch(m.Topics, name)
}
