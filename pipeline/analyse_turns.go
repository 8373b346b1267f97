package pipeline

import (
	"math"
	"strings"

	"earshot/sentiment"
	"earshot/sentiment/topic"
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

// conversation follows the customer's turns of an English text, as far as they were
// analysed; nil if there are none. A turn is judged as a text of its own.
func (a *TextAnalyzer) conversation(d *desk, turns []Turn, lang sentiment.Language, found topic.Result, whole Sentiment) *Conversation {
	var places []int // in turns
	var scores []float64
	start := 0
	for i, t := range turns {
		if !t.spoken() {
			continue
		}
		end := start + len(t.Text)
		if end > len(d.doc.Text) {
			break
		}
		places = append(places, i)
		if end-start == len(d.doc.Text) { // the only one
			scores = append(scores, whole.Score)
			break
		}
		scores = append(scores, a.turn(d, d.doc.Text[start:end], lang, foundIn(found, start, end)))
		start = end + 1 // the line break
	}
	if len(places) == 0 {
		return nil
	}
	c := &Conversation{Turns: len(places), Start: scores[0], End: scores[len(scores)-1]}
	if at, ok := tipped(scores); ok {
		c.Tipped = &places[at]
	}
	return c
}

// turn is the score of one turn.
func (a *TextAnalyzer) turn(d *desk, said string, lang sentiment.Language, found topic.Result) float64 {
	if d.turn == nil {
		d.turn = &desk{learned: d.learned}
	}
	d.turn.doc.Scan(said)
	var out Analysis
	a.score(d.turn, lang, found, &out)
	return out.Sentiment.Score
}

// foundIn is the part of found that lies in a stretch of the text.
func foundIn(found topic.Result, start, end int) (part topic.Result) {
	for _, m := range found.Mentions {
		if m.Start >= start && m.Start < end {
			part.Mentions = append(part.Mentions, m)
		}
	}
	for _, f := range found.Intents {
		if f.End > 0 && f.Start >= start && f.Start < end {
			part.Intents = append(part.Intents, f)
		}
	}
	return part
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
