package insight

const (
	changeP      = 0.001 // chance of a change point where there is none, all days looked at
	changeFactor = 2     // a change at least doubles the rate
)

// MinBefore is how many days must lie before a change point.
const MinBefore = 14

// days holds counts by day.
type days struct {
	observed []int
	expected []float64
}

// since sums from a day on.
func (k *days) since(day int32) (observed int, expected float64) {
	for d := int(day); d < len(k.observed); d++ {
		observed += k.observed[d]
		expected += k.expected[d]
	}
	return observed, expected
}

// rise is the time since the day on which a value's rate went up most. Like a
// window it has to stand out from the value's own past, by what is known of its level,
// from the chain and from the others since that day. Its p value is that of the best of
// all days; the draws that tell it are left to whoever needs them.
func (m *miner) rise(at cell, c, whole *counts, known func(outside int, due float64) *level) (candidate, bool) {
	top, ok := m.steepest(at, &c.days)
	if !ok {
		return top, false
	}
	total, due := c.days.since(0)
	before := known(total-top.observed, due-top.expected)
	others := 0.0
	if !at.whole() {
		o, e := whole.days.since(top.from)
		others = max(overdispersedTail(top.observed, top.expected, 0), upperTail(top.observed, o, top.expected/e))
	}
	const (
		worthDrawing = 5    // about how many days are independent of each other
		certain      = 1e-7 // draws do not matter
	)
	single, n := before.tail(top.observed, top.expected), float64(len(c.days.observed))
	p := min(1, single*n)
	if single*worthDrawing < hopeless && others < hopeless && p > certain && total < fewComplaints {
		top.draws = &drawn{&steadyDays{&c.days, before, m.opts.MinCount / 2, p / n}, m.seed(at), uint64(total)}
		p = single
	}
	top.p = max(p, others)
	return top, true
}

// steepest is the time since the day that says most.
func (m *miner) steepest(at cell, k *days) (top candidate, ok bool) {
	total, all := k.since(0)
	if total < m.opts.MinCount {
		return top, false
	}
	ratio := 0.0
	after, due := total, all
	for d := range k.observed {
		if d >= MinBefore && after >= m.opts.MinCount/2 && doubled(total, after, all, due) {
			if r := scanRatio(after, total, due/all*float64(total)); r > ratio {
				ratio = r
				top = candidate{cell: at, observed: after, expected: due}
				top.from = int32(d)
			}
		}
		after -= k.observed[d]
		due -= k.expected[d]
	}
	top.ratio = scanRatio(top.observed, len(m.hits), top.expected)
	return top, ratio > 0
}

// doubled tells whether the rate after a day is at least changeFactor times the
// one before it.
func doubled(total, after int, all, due float64) bool {
	before := all - due
	return due > 0 && before > 0 && float64(after)/due >= changeFactor*float64(total-after)/before
}
