package pipeline

// Rating is what a customer answered in figures; nil means not asked or not answered.
type Rating struct {
	Stars *float64 // 1..5
	CSAT  *int     // 1..5
	NPS   *int     // 0..10
}

// RatingOf is the rating of an event.
func RatingOf(e *Event) Rating {
	r := Rating{Stars: e.Rating}
	if e.Survey != nil {
		r.CSAT, r.NPS = e.Survey.CSAT, e.Survey.NPS
	}
	return r
}

// Label is the class that a rating stands for: stars before CSAT before NPS. 4-5
// stars, CSAT 4-5 and NPS 9-10 are positive; 1-2 and 0-6 negative. ok is false if
// there is none.
func (r Rating) Label() (label Label, ok bool) {
	switch {
	case r.Stars != nil:
		return between(*r.Stars, 2, 4), true
	case r.CSAT != nil:
		return between(float64(*r.CSAT), 2, 4), true
	case r.NPS != nil:
		return between(float64(*r.NPS), 6, 9), true
	}
	return "", false
}

func between(x, low, high float64) Label {
	switch {
	case x >= high:
		return Positive
	case x <= low:
		return Negative
	}
	return Neutral
}

// onStars brings the rating to 1..5. The answers of NPS are dealt out so that each
// keeps its class: 0-3 and 4-6 are one and two stars, 7-8 three, 9 and 10 four and five.
func (r Rating) onStars() (stars float64, ok bool) {
	switch {
	case r.Stars != nil:
		return min(max(*r.Stars, 1), 5), true
	case r.CSAT != nil:
		return float64(min(max(*r.CSAT, 1), 5)), true
	case r.NPS != nil:
		return [...]float64{1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5}[min(max(*r.NPS, 0), 10)], true
	}
	return 0, false
}
