package model

import (
	"context"
	"errors"
	"math"
	"slices"

	"earshot/sentiment/vader"
)

// Method is how a model was adapted to a stream's own ratings.
type Method string

// The methods. Kept means that the base stays: nothing was better on later events.
const (
	Kept         Method = "kept"
	Recalibrated Method = "recalibrated" // the base's logits mapped anew: twelve numbers
	Retrained    Method = "retrained"    // trained on, from the base's logits
)

// How many rated events each method asks for.
const (
	minRecalibrated = 30
	minRetrained    = 200
)

// AdaptReport tells what Adapt found. Both confusions are over the same events,
// each judged by what had been learned from events before it.
type AdaptReport struct {
	Examples int       `json:"examples"`
	Method   Method    `json:"method"`
	Tried    []Trial   `json:"tried"`
	Base     Confusion `json:"base"`
	Adapted  Confusion `json:"adapted"` // equals Base where the base is kept
}

// Trial is one candidate against the base on later events.
type Trial struct {
	Method  Method  `json:"method"`
	Judged  int     `json:"judged"`
	Gain    int     `json:"gain"`     // events more right than the base's
	Differ  int     `json:"differ"`   // events of which only one of the two was right
	LogGain float64 `json:"log_gain"` // mean gain in log likelihood, nats an event
	Sigma   float64 `json:"sigma"`    // LogGain in its own standard errors
	Adopted bool    `json:"adopted"`

	base, own Confusion
}

// better tells whether the candidate is better than the base beyond noise. The
// likelihood has the power to tell with few events, but it also rises where only the
// shares of the classes are better known, so that the hits must rise too.
func (t *Trial) better() bool {
	return t.Gain > 0 && t.Sigma >= 1 && float64(t.Gain) >= t.needed()
}

// decisive is how many events the two must differ on before the hits have a say.
const decisive = 5

// surely is the quantile of the normal distribution that the gain in hits must pass:
// it is no chance with a probability of nine tenths.
const surely = 1.28

func (t *Trial) needed() float64 {
	if t.Differ < decisive {
		return 0
	}
	return surely * math.Sqrt(float64(t.Differ))
}

// Adapt fits a model to a stream: examples are its rated events, oldest first. A
// candidate replaces base only if it did better on events later than those it had
// learned from; then it is fitted anew on all. The base comes back where it stays.
// vectors serve the training as in Options. Adapt is deterministic.
func Adapt(ctx context.Context, base *Model, vectors *Vectors, examples []Example) (*Model, *AdaptReport, error) {
	a := adaptation{base: base, vectors: vectors, examples: examples, logits: make([]row, len(examples))}
	s, v := NewScorer(base), new(vader.Scorer)
	for i, e := range examples {
		a.logits[i] = s.logits(e.Text, v.Score(e.Text).Compound)
	}
	report := &AdaptReport{Examples: len(examples), Method: Kept, Tried: []Trial{}}
	var best learner
	for _, c := range []struct {
		method Method
		least  int
		learn  learner
	}{{Recalibrated, minRecalibrated, a.recalibrated}, {Retrained, minRetrained, a.retrained}} {
		if len(examples) < c.least || oneSided(examples) {
			continue
		}
		t, err := a.try(ctx, c.method, c.learn)
		if err != nil {
			return nil, nil, err
		}
		if t.Judged > 0 && t.better() && (best == nil || t.own.Accuracy() >= report.Adapted.Accuracy()) {
			best, report.Method, report.Adapted = c.learn, c.method, t.own
		}
		report.Base = t.base
		report.Tried = append(report.Tried, *t)
	}
	if best == nil {
		report.Adapted = report.Base
		return base, report, nil
	}
	for i := range report.Tried {
		report.Tried[i].Adopted = report.Tried[i].Method == report.Method
	}
	m, err := best(ctx, len(examples))
	if err != nil {
		return nil, nil, err
	}
	m.Base, m.Examples = base.Version, len(examples)
	m.Version = m.hash()
	return m, report, nil
}

// A stream must show this share of other classes than its most frequent one, or this
// many events of them.
const (
	otherShare  = 1.0 / 8
	otherEvents = 25
)

// oneSided tells whether nearly all events are of one class. They show its share,
// which later ones seldom keep, and little of how the others are worded.
func oneSided(examples []Example) bool {
	var counts [Classes]int
	for _, e := range examples {
		counts[e.Class]++
	}
	others := float64(len(examples) - slices.Max(counts[:]))
	return others < min(otherShare*float64(len(examples)), otherEvents)
}

type adaptation struct {
	base     *Model
	vectors  *Vectors
	examples []Example
	logits   []row // of the base
}

// learner fits a model to the first n examples; ErrTooFew says that it cannot.
type learner func(ctx context.Context, n int) (*Model, error)

// rounds of learning from a beginning and judging on what follows it.
const rounds = 6

// try judges a learner on the last two thirds of the examples, round by round.
func (a *adaptation) try(ctx context.Context, method Method, learn learner) (*Trial, error) {
	t := &Trial{Method: method}
	n := len(a.examples)
	sum, squares := 0.0, 0.0
	for r := range rounds {
		from, to := n/3+r*(n-n/3)/rounds, n/3+(r+1)*(n-n/3)/rounds
		m, err := learn(ctx, from)
		if errors.Is(err, ErrTooFew) {
			continue
		}
		if err != nil {
			return nil, err
		}
		s, v := NewScorer(m), new(vader.Scorer)
		for i := from; i < to; i++ {
			e := a.examples[i]
			p, was := s.Score(e.Text, v.Score(e.Text).Compound), a.base.predict(a.logits[i])
			t.count(e.Class, was.Class, p.Class)
			gain := math.Log(p.P[e.Class]+1e-9) - math.Log(was.P[e.Class]+1e-9)
			sum += gain
			squares += gain * gain
		}
	}
	t.Judged = t.own.Total()
	if t.Judged > 1 {
		n := float64(t.Judged)
		t.LogGain = sum / n
		t.Sigma = t.LogGain / math.Sqrt(max(1e-12, (squares/n-t.LogGain*t.LogGain)/n))
	}
	return t, nil
}

func (t *Trial) count(truth, was, own Class) {
	t.base[truth][was]++
	t.own[truth][own]++
	if (was == truth) != (own == truth) {
		t.Differ++
		if own == truth {
			t.Gain++
		} else {
			t.Gain--
		}
	}
}

// offsetsFade is after how many events the base's offsets, made for other
// feedback, count half.
const offsetsFade = 50

func (a *adaptation) recalibrated(_ context.Context, n int) (*Model, error) {
	prefer := a.base.prefer
	for c := range prefer {
		prefer[c] *= offsetsFade / float32(offsetsFade+n)
	}
	return a.base.mixed(recalibrate(a.logits[:n], a.examples[:n]), prefer), nil
}

func (a *adaptation) retrained(ctx context.Context, n int) (*Model, error) {
	m, _, err := Train(ctx, a.examples[:n], Options{Base: a.base, Vectors: a.vectors, Card: a.base.Card})
	if err != nil {
		return nil, err
	}
	for c := range m.prefer { // half way: offsets found on few events promise too much
		m.prefer[c] /= 2
	}
	return m, nil
}

func (e Example) weight() float64 {
	if e.Weight == 0 {
		return 1
	}
	return e.Weight
}
