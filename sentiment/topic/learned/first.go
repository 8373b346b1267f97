package learned

import (
	"context"

	"earshot/sentiment"
)

// topicCosts are how much errors may count against large weights: texts that speak
// of many topics want the first. What the folds hold back chooses.
var topicCosts = [...]float64{20, 5}

// topicRows are the examples as the topics' first stage learns from them.
type topicRows struct {
	vectors []*vector
	fold    []int
	has     [][]bool // by row and topic
	idf     []float32
}

func (t *training) topicRows() *topicRows {
	m, n := t.model, len(t.examples)
	r := &topicRows{vectors: make([]*vector, n), fold: make([]int, n), has: make([][]bool, n)}
	found := ruleReader{rules: m.rules}
	var doc sentiment.Doc
	for i, e := range t.examples {
		doc.Scan(e.Text)
		r.vectors[i], r.fold[i], r.has[i] = topicVector(&doc, m.vectors, &found), i%folds, make([]bool, len(m.Topics))
		for _, l := range e.Topics {
			if c, ok := m.topic(l.Topic); ok {
				r.has[i][c] = true
			}
		}
	}
	r.idf = idfOf(r.vectors)
	for _, v := range r.vectors {
		v.reweigh(r.idf)
	}
	return r
}

// table folds the idf into weights.
func (r *topicRows) table(weights [][]float32) table {
	for _, w := range weights {
		for b, x := range r.idf {
			w[b] *= x
		}
	}
	return newTable(weights, vectorAt)
}

// task is to learn the topics at a cost.
func (r *topicRows) task(m *Model, cost float64) *task {
	return &task{rows: r.vectors, fold: r.fold, classes: len(m.Topics), yes: func(i, c int) bool { return r.has[i][c] },
		cost: cost, solve: func(p *problem) []float32 { return p.solveRatio(m.space(), vectorAt) }}
}

// trial is what the folds say of a cost.
type trial struct {
	cost       float64
	second     []float32
	thresholds []float64
	held       HeldBack
}

// topics learns which topics a text has: at each cost without the folds, then at the
// best from all examples.
func (t *training) topics(ctx context.Context, report *HeldBack) error {
	m := t.model
	rows := t.topicRows()
	m.Least, m.Most = bounds(rows.has)
	var best *trial
	for _, cost := range topicCosts {
		x, err := t.try(ctx, rows, cost)
		if err != nil {
			return err
		}
		if best == nil || x.held.Micro().F1() > best.held.Micro().F1() {
			best = x
		}
	}
	weights, err := t.fitAll(ctx, rows.task(m, best.cost), folds)
	if err != nil {
		return err
	}
	m.labels, m.second, m.Thresholds, report.Topics = rows.table(weights), best.second, best.thresholds, best.held.Topics
	return nil
}

// try learns both stages at a cost from what the folds hold back.
func (t *training) try(ctx context.Context, rows *topicRows, cost float64) (*trial, error) {
	all := make([]evidence, len(rows.vectors))
	err := t.holdBack(ctx, rows.task(t.model, cost), func(without int, weights [][]float32) {
		t.heldEvidence(rows.table(weights), rows.fold, without, all)
	})
	if err != nil {
		return nil, err
	}
	x := &trial{cost: cost}
	var held [][]float32
	if x.second, held, err = t.second(ctx, all, rows.fold, rows.has); err != nil {
		return nil, err
	}
	m := *t.model
	m.setThresholds(held, rows.has)
	x.held.countTopics(&m, held, rows.has)
	x.thresholds = m.Thresholds
	return x, nil
}
