package rated

import "earshot/pipeline"

// Rating is what a customer answered in figures; nil means not asked or not answered.
type Rating struct {
	Stars *float64 // 1..5
	CSAT  *int     // 1..5
	NPS   *int     // 0..10
}

// Of is the rating of an event.
func Of(e *pipeline.Event) Rating {
	r := Rating{Stars: e.Rating}
	if e.Survey != nil {
		r.CSAT, r.NPS = e.Survey.CSAT, e.Survey.NPS
	}
	return r
}

// Label is the class that a rating stands for: stars before CSAT before NPS. 4-5
// stars, CSAT 4-5 and NPS 9-10 are positive; 1-2 and 0-6 negative. ok is false if
// there is none.
func (r Rating) Label() (label pipeline.Label, ok bool) {
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

func between(x, low, high float64) pipeline.Label {
	switch {
	case x >= high:
		return pipeline.Positive
	case x <= low:
		return pipeline.Negative
	}
	return pipeline.Neutral
}
