package insight

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// JackknifeGroups is how many groups the customers are divided into to tell how
// sure a figure is: the delete-a-group jackknife (Kott 2001) measures how much it
// moves when each group in turn is left out. A customer's answers lie in one
// group, so that several of one customer do not count as so many witnesses.
const JackknifeGroups = 50

// estimate is a figure and what it is without each group.
type estimate struct {
	value   float64
	without [JackknifeGroups]float64
}

// plus adds another estimate from the same groups.
func (e estimate) plus(o estimate) estimate {
	e.value += o.value
	for g := range e.without {
		e.without[g] += o.without[g]
	}
	return e
}

func (e estimate) standardError() float64 {
	var sum float64
	for _, v := range e.without {
		sum += (v - e.value) * (v - e.value)
	}
	return math.Sqrt(sum * (JackknifeGroups - 1) / JackknifeGroups)
}

// interval is the 95 % interval by Student's t with a degree of freedom for each
// group but one.
func (e estimate) interval() (low, high float64) {
	const t = 2.009575 // 97.5 %, 49 degrees of freedom
	half := t * e.standardError()
	return e.value - half, e.value + half
}

// chance is how often a figure this far from 0 comes about where it truly is 0.
func (e estimate) chance() float64 {
	const freedom = JackknifeGroups - 1
	if e.value == 0 {
		return 1
	}
	se := e.standardError()
	if se == 0 {
		return 0
	}
	t := e.value / se
	return mathext.RegIncBeta(freedom/2., .5, freedom/(freedom+t*t))
}
