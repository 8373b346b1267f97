package simulate

import (
	"math"
	"math/rand/v2"
	"time"
)

// arrivals is a binary heap of messages by arrival.
type arrivals []*message

func (a arrivals) before(i, j int) bool {
	if d := a[i].arrival.Compare(a[j].arrival); d != 0 {
		return d < 0
	}
	return a[i].seq < a[j].seq
}

func (a *arrivals) push(m *message) {
	*a = append(*a, m)
	h := *a
	for i := len(h) - 1; i > 0 && h.before(i, (i-1)/2); i = (i - 1) / 2 {
		h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
	}
}

func (a *arrivals) pop() *message {
	h := *a
	top, last := h[0], len(h)-1
	h[0], h[last] = h[last], nil
	h = h[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			break
		}
		if child+1 < last && h.before(child+1, child) {
			child++
		}
		if !h.before(child, i) {
			break
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
	*a = h
	return top
}

// until yields the messages that arrive before t, in order.
func (a *arrivals) until(t time.Time, yield func(*message) bool) bool {
	for len(*a) > 0 && (*a)[0].arrival.Before(t) {
		if !yield(a.pop()) {
			return false
		}
	}
	return true
}

// lognormal draws a duration with the given median; sigma is that of its logarithm.
func lognormal(rng *rand.Rand, median time.Duration, sigma float64) time.Duration {
	x := float64(median) * math.Exp(sigma*rng.NormFloat64())
	return time.Duration(min(x, float64(90*24*time.Hour))).Truncate(time.Second)
}
