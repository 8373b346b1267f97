package vader

// valence rates token i, which is listed, by its lexicon entry and the three tokens before it.
func valence(t []Token, i int, capsDiffer bool) float64 {
	item := &t[i]
	if !acted(t[max(0, i-3):min(len(t), i+3)]) {
		if item.marks&upper != 0 && capsDiffer {
			return away(item.valence(), capsIncrease)
		}
		return item.valence()
	}
	if item.boosts != 0 || item.code == wKind && i+1 < len(t) && t[i+1].code == wOf {
		return 0
	}
	v := item.valence()
	if item.code == wNo && i+1 < len(t) && t[i+1].marks&listed != 0 {
		v = 0 // here "no" negates the next word and has no valence of its own
	}
	if afterNo(t, i) {
		v = item.valence() * negationScalar
	}
	if item.marks&upper != 0 && capsDiffer {
		v = away(v, capsIncrease)
	}
	for back := 1; back <= 3 && back <= i; back++ {
		if t[i-back].marks&listed != 0 {
			continue
		}
		v += boost(&t[i-back], back, v, capsDiffer)
		v = negate(t, i, back, v)
		if back == 3 {
			v = idioms(t, i, v)
		}
	}
	return least(t, i, v)
}

// acted says whether one of the tokens that the rules look at acts.
func acted(t []Token) bool {
	var seen marks
	for i := range t {
		seen |= t[i].marks
	}
	return seen&acts != 0
}

func afterNo(t []Token, i int) bool {
	return i > 0 && t[i-1].code == wNo ||
		i > 1 && t[i-2].code == wNo ||
		i > 2 && t[i-3].code == wNo && (t[i-1].code == wOr || t[i-1].code == wNor)
}

// away moves a positive v up and any other down.
func away(v, by float64) float64 {
	if v > 0 {
		return v + by
	}
	return v - by
}

// boost is what a degree adverb adds, the less the further it stands before.
func boost(t *Token, back int, v float64, capsDiffer bool) float64 {
	if t.boosts == 0 {
		return 0
	}
	s := t.boost()
	if v < 0 {
		s = -s
	}
	if t.marks&upper != 0 && capsDiffer {
		if v > 0 {
			s += capsIncrease
		} else {
			s -= capsIncrease
		}
	}
	switch back {
	case 2:
		s *= 0.95
	case 3:
		s *= 0.9
	}
	return s
}

// negate applies a negation that stands back words before token i. "never so"
// and "never this" strengthen, "without doubt" does nothing.
func negate(t []Token, i, back int, v float64) float64 {
	one := t[i-1].code
	switch back {
	case 2:
		if t[i-2].code == wNever && (one == wSo || one == wThis) {
			return v * 1.25
		}
		if t[i-2].code == wWithout && one == wDoubt {
			return v
		}
	case 3:
		two, three := t[i-2].code, t[i-3].code
		// The reference's operators bind so that "so" or "this" right before
		// the word is enough.
		if three == wNever && (two == wSo || two == wThis) || one == wSo || one == wThis {
			return v * 1.25
		}
		if three == wWithout && (two == wDoubt || one == wDoubt) {
			return v
		}
	}
	if t[i-back].marks&negates != 0 {
		return v * negationScalar
	}
	return v
}

// idioms replaces the valence within a special phrase, and adds two-word
// boosters. Token i has three tokens before it.
func idioms(t []Token, i int, v float64) float64 {
	three, two, one, zero := t[i-3].code, t[i-2].code, t[i-1].code, t[i].code
	for _, phrase := range [5][3]code{
		{one, zero}, {two, one, zero}, {two, one}, {three, two, one}, {three, two},
	} {
		if special, ok := specialCase(phrase); ok {
			v = special
			break
		}
	}
	if i+1 < len(t) {
		if special, ok := specialCase([3]code{zero, t[i+1].code}); ok {
			v = special
		}
	}
	if i+2 < len(t) {
		if special, ok := specialCase([3]code{zero, t[i+1].code, t[i+2].code}); ok {
			v = special
		}
	}
	return v + dampener(three, two) + dampener(two, one)
}

func specialCase(phrase [3]code) (float64, bool) {
	switch phrase {
	case [3]code{wThe, wShit}, [3]code{wThe, wBomb}, [3]code{wTo, wDie, wFor}:
		return 3, true
	case [3]code{wBad, wAss}:
		return 1.5, true
	case [3]code{wBus, wStop}:
		return 0, true
	case [3]code{wYeah, wRight}:
		return -2, true
	case [3]code{wKiss, wOf, wDeath}:
		return -1.5, true
	case [3]code{wBeating, wHeart}:
		return 3.1, true
	case [3]code{wBroken, wHeart}:
		return -2.9, true
	}
	return 0, false
}

// dampener is the booster value of "just enough", "kind of" and "sort of".
func dampener(a, b code) float64 {
	if a == wJust && b == wEnough || (a == wKind || a == wSort) && b == wOf {
		return -BoostIncrease
	}
	return 0
}

// least negates after "least", save in "at least" and "very least".
func least(t []Token, i int, v float64) float64 {
	if i == 0 || t[i-1].code != wLeast || t[i-1].marks&listed != 0 {
		return v
	}
	if i > 1 && (t[i-2].code == wAt || t[i-2].code == wVery) {
		return v
	}
	return v * negationScalar
}
