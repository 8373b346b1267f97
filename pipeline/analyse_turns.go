package pipeline

import (
	"math"
	"strings"

	"earshot/sentiment/vader"
)

// moodChange is how far the means before and after a turn must lie apart for it to
// count as the one where the mood tipped.
const moodChange = 0.4

// spoken says whether a turn is analysed: the customer's, with words.
func (t Turn) spoken() bool { return t.Role == "customer" && strings.TrimSpace(t.Text) != "" }

func customerTurns(turns []Turn) string {
	var said []string
	for _, t := range turns {
		if t.spoken() {
			said = append(said, t.Text)
		}
	}
	return strings.Join(said, "\n")
}

// conversation follows the customer's turns, as far as they were analysed; nil if
// there are none.
func (d *desk) conversation(turns []Turn) *Conversation {
	var places []int // in turns
	d.ends = d.ends[:0]
	end := 0
	for i, t := range turns {
		if !t.spoken() {
			continue
		}
		end += len(t.Text) + 1
		if end-1 > len(d.doc.Text) {
			break
		}
		places = append(places, i)
		d.ends = append(d.ends, end)
	}
	if len(places) == 0 {
		return nil
	}
	d.parts = d.lexicon.Parts(d.parts[:0], d.ends)
	scores := make([]float64, len(places))
	for i, p := range d.parts {
		scores[i] = p.Score()
		start := 0
		if i > 0 {
			start = d.ends[i-1]
		}
		if d.learned != nil && !d.doc.Wordless(start, d.ends[i]) {
			said := d.doc.Text[start : d.ends[i]-1]
			scores[i] = bySentimentModel(d.learned.Score(said, vader.Normalize(p.Positive+p.Negative))).Score
		}
	}
	c := &Conversation{Turns: len(places), Start: scores[0], End: scores[len(scores)-1]}
	if at, ok := tipped(scores); ok {
		c.Tipped = &places[at]
	}
	return c
}

// tipped finds the turn that parts the scores into the two moods furthest apart.
func tipped(scores []float64) (at int, ok bool) {
	total, before, furthest := 0.0, 0.0, 0.0
	for _, s := range scores {
		total += s
	}
	for i := 1; i < len(scores); i++ {
		before += scores[i-1]
		change := math.Abs(before/float64(i) - (total-before)/float64(len(scores)-i))
		if change > furthest {
			at, furthest = i, change
		}
	}
	return at, furthest >= moodChange
}
