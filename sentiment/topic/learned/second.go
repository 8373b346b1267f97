package learned

import (
	"context"
	"slices"

	"earshot/sentiment"
)

// The log-odds of the topics are means over a text's words: where a long text
// speaks of many things, they say little of any. So a second stage weighs them
// anew, for each topic beside the words that show it most, and beside its strongest
// rival (Wolpert, "Stacked generalization", Neural Networks 1992).

// secondFeatures is the number of the second stage's features of a topic.
const secondFeatures = 9

// secondCost is its topicCost.
const secondCost = 0.1

// evidence is what the first stage says of a text: for each topic the log-odds, the
// strongest cue among the words, the next, and the sum of all.
type evidence struct {
	values []float32
	tokens int
}

func (e *evidence) part(i int) []float32 {
	k := len(e.values) / 4
	return e.values[i*k : (i+1)*k]
}

// add takes in the cue of a word for topic c.
func (e *evidence) add(c int, cue float32) {
	if cue == 0 {
		return
	}
	top, next := &e.part(1)[c], &e.part(2)[c]
	if cue > *top {
		*top, *next = cue, *top
	} else if cue > *next {
		*next = cue
	}
	e.part(3)[c] += cue
}

// rivals are the strongest topic and the runner-up.
type rivals struct {
	at          int
	best, other float32
}

func rivalsOf(values []float32) (r rivals) {
	r.best, r.other = values[0], values[0]
	for c, x := range values[1:] {
		switch {
		case x > r.best:
			r = rivals{at: c + 1, best: x, other: r.best}
		case c == 0 || x > r.other:
			r.other = x
		}
	}
	return r
}

// of returns the strength of the strongest topic but c.
func (r rivals) of(c int) float32 {
	if c == r.at {
		return r.other
	}
	return r.best
}

// features returns the features of topic c; odds and cues are the rivals of the
// log-odds and of the strongest cues.
func (e *evidence) features(c int, odds, cues rivals) [secondFeatures]float32 {
	z := e.part(0)[c]
	return [...]float32{z / 2, odds.of(c) / 2, 2 * float32(sigmoid(float64(z))),
		e.part(1)[c], e.part(2)[c], e.part(3)[c], cues.of(c), float32(e.tokens) / 30, 1}
}

// decide finds the log-odds of the topics by the second stage. read goes before it.
func (r *reader) decide() {
	odds, cues := rivalsOf(r.first.part(0)), rivalsOf(r.first.part(1))
	clear(r.z)
	for c := range r.z {
		weights := r.model.second[c*secondFeatures:]
		for j, x := range r.first.features(c, odds, cues) {
			r.z[c] += weights[j] * x
		}
	}
}

// heldEvidence reads the examples of a fold with what was learned without it.
func (t *training) heldEvidence(labels table, fold []int, without int, out []evidence) {
	m := *t.model
	m.labels = labels
	r := newReader(&m)
	var doc sentiment.Doc
	for i, f := range fold {
		if f == without {
			doc.Scan(t.examples[i].Text)
			r.read(&doc)
			out[i] = evidence{slices.Clone(r.first.values), r.first.tokens}
		}
	}
}

// second learns the second stage from evidence that was held back, and returns its
// log-odds, held back in their turn.
func (t *training) second(ctx context.Context, all []evidence, fold []int, has [][]bool) (held [][]float32, err error) {
	k := len(t.model.Topics)
	at := []uint32{0, 1, 2, 3, 4, 5, 6, 7, 8}
	held = make([][]float32, len(all))
	rows := make([]*vector, len(all))
	for i := range all {
		held[i], rows[i] = make([]float32, k), &vector{at: at, x: make([]float32, secondFeatures)}
	}
	for c := range k {
		for i := range all {
			x := all[i].features(c, rivalsOf(all[i].part(0)), rivalsOf(all[i].part(1)))
			copy(rows[i].x, x[:])
		}
		stage := &task{rows: rows, fold: fold, classes: 1, yes: func(i, _ int) bool { return has[i][c] }, cost: secondCost,
			solve: func(p *problem) []float32 { return p.solve(secondFeatures) }}
		weights, err := t.crossFit(ctx, stage, func(without int, w [][]float32) {
			stage.dots(w, without, func(i int, z []float32) { held[i][c] = z[0] })
		})
		if err != nil {
			return nil, err
		}
		t.model.second = append(t.model.second, weights[0]...)
	}
	return held, nil
}
