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
// window it has to stand out from the chain, from the value's own past and from
// the others since that day.
func (m *miner) rise(at cell, c, whole *counts) (candidate, bool) {
	k := &c.days
	total, all := 0, 0.0
	for d := range k.observed {
		total += k.observed[d]
		all += k.expected[d]
	}
	if total < m.opts.MinCount {
		return candidate{}, false
	}
	var top candidate
	ratio, afterDue := 0.0, 0.0
	after, due := total, all
	for d := range k.observed {
		if d >= MinBefore && after >= m.opts.MinCount/2 && doubled(total, after, all, due) {
			if r := scanRatio(after, total, due/all*float64(total)); r > ratio {
				ratio, afterDue = r, due
				top = candidate{cell: at, observed: after, expected: due}
				top.from = int32(d)
			}
		}
		after -= k.observed[d]
		due -= k.expected[d]
	}
	if ratio == 0 {
		return candidate{}, false
	}
	top.ratio = scanRatio(top.observed, len(m.hits), top.expected)
	own := upperTail(top.observed, total, afterDue/all)
	chain, others := own, own
	if !at.whole() {
		chain = overdispersedTail(top.observed, afterDue, 0)
		o, e := whole.days.since(top.from)
		others = upperTail(top.observed, o, afterDue/e)
	}
	top.p = min(1, max(own, chain, others)*float64(len(k.observed)))
	return top, true
}

// doubled tells whether the rate after a day is at least changeFactor times the
// one before it.
func doubled(total, after int, all, due float64) bool {
	before := all - due
	return due > 0 && before > 0 && float64(after)/due >= changeFactor*float64(total-after)/before
}
