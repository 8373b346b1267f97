package insight

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Driver is what goes with the mention of a topic, all other mentions and the
// location, channel and segment being equal.
type Driver struct {
	Topic   string  `json:"topic"`
	Mention string  `json:"mention"` // complaint or praise
	KPI     KPI     `json:"kpi"`
	Effect  float64 `json:"effect"` // points of the KPI among those who mention it
	Low     float64 `json:"effect_low"`
	High    float64 `json:"effect_high"` // 95 %
	Share   float64 `json:"share"`       // of the answers that mention it, percent
	// Points is what the mentions make of the KPI: effect times share.
	Points     float64 `json:"points"`
	PointsLow  float64 `json:"points_low"` // 95 %
	PointsHigh float64 `json:"points_high"`
	Stability  float64 `json:"stability"` // share of half samples in which the lasso keeps it, 0..1
	Stable     bool    `json:"stable"`
	Events     int     `json:"events"` // answers that mention it
}

// DriverModel is the model that drivers are taken from.
type DriverModel struct {
	Drivers   []Driver `json:"drivers"` // most points first, either way
	KPI       KPI      `json:"kpi"`
	Answers   int      `json:"answers"`
	Explained float64  `json:"explained"` // share of the variance within circumstances, 0..1
	Penalty   float64  `json:"penalty"`   // of the ridge, by cross-validation
}

// MinDriverAnswers is how many answers a model needs.
const MinDriverAnswers = 100

// Drivers regresses a panel's answers on the mentions, complaints and praise each
// for itself, within locations, channels and segments: ridge regression (Hoerl and
// Kennard 1970) with the penalty of the best cross-validation. Topics that come
// together share what they cost by what each does without the other. The intervals
// are those of plain least squares: shrunk figures lie too close to 0 for theirs
// to hold the truth as often as they say.
func Drivers(p *Panel, kpi KPI) (*DriverModel, error) {
	m := &DriverModel{KPI: kpi, Answers: p.Len(), Drivers: []Driver{}}
	if p.Len() < MinDriverAnswers {
		return m, ErrFewAnswers
	}
	d := newDesign(p, false)
	if len(d.kinds) == 0 {
		return m, nil
	}
	within := withinGroups(d.grams(p), d.base())
	m.Penalty = within.penalty()
	shrunk, effects := ridge(within.whole, m.Penalty), within.effects()
	m.Explained = within.explained(m.Penalty)
	stability := within.stability()
	for i, k := range d.kinds {
		driver := Driver{Topic: k.topic, Mention: "complaint", KPI: kpi, Events: k.events, Stability: stability[i]}
		if k.praise {
			driver.Mention = "praise"
		}
		driver.Stable = driver.Stability >= stableShare
		driver.Effect, driver.Share = 100*shrunk[i], 100*within.shares[i].value
		driver.Points = driver.Effect * within.shares[i].value
		driver.Low, driver.High = effects[i].interval()
		driver.PointsLow, driver.PointsHigh = effects[i].times(within.shares[i]).interval()
		m.Drivers = append(m.Drivers, driver)
	}
	slices.SortStableFunc(m.Drivers, func(a, b Driver) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Points), math.Abs(a.Points)), strings.Compare(a.Topic, b.Topic))
	})
	return m, nil
}

// times multiplies two estimates from the same groups.
func (e estimate) times(o estimate) estimate {
	e.value *= o.value
	for g := range e.without {
		e.without[g] *= o.without[g]
	}
	return e
}

// withinGrams are the sums of products of mentions and answers that circumstances
// do not explain: of everything, without each group, and without each fold.
type withinGrams struct {
	groups  *[JackknifeGroups]gram // as counted
	first   int                    // column of the first mention
	whole   gram
	without [JackknifeGroups]gram
	shares  []estimate // of the mentions
}

func withinGroups(groups *[JackknifeGroups]gram, first int) *withinGrams {
	all := total(groups, func(int) bool { return true })
	w := &withinGrams{groups: groups, first: first, whole: residual(all, first), shares: make([]estimate, all.y()-first)}
	share := func(i int) float64 { return all.at(0, first+i) / max(all.rows(), 1) }
	for i := range w.shares {
		w.shares[i].value = share(i)
	}
	for g := range groups {
		all.add(groups[g], -1)
		w.without[g] = residual(all, first)
		for i := range w.shares {
			w.shares[i].without[g] = share(i)
		}
		all.add(groups[g], 1)
	}
	return w
}

// effects are the coefficients of the mentions in points, not shrunk.
func (w *withinGrams) effects() []estimate {
	out := make([]estimate, w.whole.y())
	for i, v := range ridge(w.whole, 0) {
		out[i].value = 100 * v
	}
	for g := range w.without {
		for i, v := range ridge(w.without[g], 0) {
			out[i].without[g] = 100 * v
		}
	}
	return out
}

// ridge solves with a penalty relative to each column's own square, so that rare
// and frequent topics are shrunk alike.
func ridge(g gram, penalty float64) []float64 {
	shrunk := gram{n: g.n, sums: slices.Clone(g.sums)}
	for i := range g.y() {
		shrunk.sums[i*g.n+i] *= 1 + penalty
	}
	return newSolver(shrunk, g.y()).coefficients(g.y())
}

// unexplained is the sum of squares that coefficients leave of the answers.
func unexplained(g gram, coefficients []float64) float64 {
	y := g.y()
	left := g.at(y, y)
	for i, a := range coefficients {
		left -= 2 * a * g.at(i, y)
		for j, b := range coefficients {
			left += a * b * g.at(i, j)
		}
	}
	return left
}

func (w *withinGrams) explained(penalty float64) float64 {
	y := w.whole.y()
	if w.whole.at(y, y) <= 0 {
		return 0
	}
	return max(0, 1-unexplained(w.whole, ridge(w.whole, penalty))/w.whole.at(y, y))
}

// penalty is the one with the least error on customers it was not fitted to.
func (w *withinGrams) penalty() float64 {
	const folds = 10
	penalties := []float64{0, .001, .003, .01, .03, .1, .3, 1}
	errors := make([]float64, len(penalties))
	for fold := range folds {
		train := residual(total(w.groups, func(g int) bool { return g%folds != fold }), w.first)
		test := residual(total(w.groups, func(g int) bool { return g%folds == fold }), w.first)
		for i, p := range penalties {
			errors[i] += unexplained(test, ridge(train, p))
		}
	}
	return penalties[slices.Index(errors, slices.Min(errors))]
}
