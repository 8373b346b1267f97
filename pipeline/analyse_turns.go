package pipeline

import (
	"math"
	"strings"

	"earshot/sentiment"
	"earshot/sentiment/topic"
)

// moodShift is the statistic of tipped from which the mood counts as another: half of
// eight turns .57 from the other half, one of two 1.13 from the other. It was chosen on 968
// chats with a task bot, rated turn by turn (docs/models.md).
const moodShift = 0.8

// spoken says whether a turn is analysed: the customer's, with words.
func (t Turn) spoken() bool { return t.Role == "customer" && !blank(t.Text) }

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
	d.said = d.said[:0]
	start := 0
	for i, t := range turns {
		if !t.spoken() {
			continue
		}
		said := ExplainedTurn{Turn: i, Start: start, End: start + len(t.Text), Score: whole.Score}
		if said.End > len(d.doc.Text) {
			break
		}
		if said.End-start < len(d.doc.Text) { // not the only one
			said.Score = a.turn(d, d.doc.Text[start:said.End], lang, foundIn(found, start, said.End))
		}
		d.said = append(d.said, said)
		start = said.End + 1 // the line break
	}
	if len(d.said) == 0 {
		return nil
	}
	c := &Conversation{Turns: len(d.said), Start: d.said[0].Score, End: d.said[len(d.said)-1].Score}
	if at, ok := tipped(d.said); ok {
		c.Tipped = &at
	}
	return c
}

// turn is the score of one turn.
func (a *TextAnalyzer) turn(d *desk, said string, lang sentiment.Language, found topic.Result) float64 {
	if d.turn == nil {
		d.turn = &desk{learned: d.learned}
	}
	d.turn.scan(said)
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

// tipped finds the turn that parts the scores into two moods: the one that a shift of the
// mean explains best, by the likelihood-ratio statistic for a change in the mean of
// numbers that scatter alike (Hinkley 1970). One friendly goodbye is no other mood. It
// returns the turn's place among all turns.
func tipped(said []ExplainedTurn) (at int, ok bool) {
	total, before, strongest := 0.0, 0.0, 0.0
	for _, t := range said {
		total += t.Score
	}
	n := float64(len(said))
	for i := 1; i < len(said); i++ {
		before += said[i-1].Score
		k := float64(i)
		shift := math.Abs(before/k-(total-before)/(n-k)) * math.Sqrt(k*(n-k)/n)
		if shift > strongest {
			at, strongest = said[i].Turn, shift
		}
	}
	return at, strongest >= moodShift
}
