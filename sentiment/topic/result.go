package topic

// Mention is a topic in one clause of the text.
type Mention struct {
	Topic      string
	Score      float64 // -1..1, of the clause and the phrase
	Polarity   float64 // of the phrase itself, negation applied; 0: none
	Clause     int     // index into Doc.Clauses
	Start, End int     // byte offsets
	pattern    int32
}

// Finding is a context, intent or tag and what shows it.
type Finding struct {
	Name       string
	Polarity   float64 // of an intent's phrase; 0: none
	Start, End int     // byte offsets of the words; 0, 0 where there are none
	pattern    int32   // -1: shown by hour or source
}

// Result is what a Tagger finds. Its slices belong to the State.
type Result struct {
	Mentions []Mention // by place in the text
	Contexts []Finding // by name
	Intents  []Finding // by name
	Tags     []string  // in the pack's order
}

// Polarity is the mean polarity of the mentions and intents whose phrases have
// one of their own; ok is false if none has.
func (r Result) Polarity() (mean float64, ok bool) {
	sum, n := 0.0, 0
	for _, m := range r.Mentions {
		if m.Polarity != 0 {
			sum, n = sum+m.Polarity, n+1
		}
	}
	for _, f := range r.Intents {
		if f.Polarity != 0 {
			sum, n = sum+f.Polarity, n+1
		}
	}
	if n == 0 {
		return 0, false
	}
	return sum / float64(n), true
}
