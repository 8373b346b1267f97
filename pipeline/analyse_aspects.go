package pipeline

import (
	"strings"

	"earshot/sentiment"
	"earshot/sentiment/topic"
)

// Aspect answers the question how a text speaks of something.
type Aspect struct {
	Topic     string  `json:"topic"`     // as asked
	Sentiment Label   `json:"sentiment"` // conflict, too, where a topics model knows it
	Score     float64 `json:"score"`     // -1..1
}

// AnalyzeAspects is Analyze, and the sentiment towards each of names, in order.
//
// A name stands for the topics equal to it, below it or ending in it: food covers
// food.taste, staff is service.staff. A topics model answers for the topics it was
// trained for. Where no topic is mentioned that name stands for, the clauses that hold
// the name itself count; where none does, the whole text.
func (a *TextAnalyzer) AnalyzeAspects(e *Event, names []string) (Analysis, []Aspect) {
	d := a.desks.Get().(*desk)
	defer a.desks.Put(d)
	text, truncated := AnalysedText(e)
	out := Analysis{Model: a.model, Truncated: truncated}
	found := a.read(d, e, text, &out)
	aspects := make([]Aspect, 0, len(names))
	for _, name := range names {
		if out.Sentiment.Label == Unknown {
			aspects = append(aspects, Aspect{Topic: name, Sentiment: Unknown})
			continue
		}
		if d.tagged {
			if p, ok := d.topics.Polarity(name); ok {
				aspects = append(aspects, Aspect{Topic: name, Sentiment: Label(p.Label), Score: p.Score})
				continue
			}
		}
		s, ok := mentionScore(found.Mentions, strings.ToLower(name))
		if !ok {
			s, ok = wordScore(&d.doc, name)
		}
		if !ok {
			s = out.Sentiment.Score
		}
		aspects = append(aspects, Aspect{Topic: name, Sentiment: labelOf(s), Score: s})
	}
	return out, aspects
}

// mentionScore is the mean score of the mentions that name stands for.
func mentionScore(found []topic.Mention, name string) (float64, bool) {
	sum, n := 0.0, 0
	for _, m := range found {
		if topic.Covers(name, m.Topic) || strings.HasSuffix(m.Topic, "."+name) {
			sum, n = sum+m.Score, n+1
		}
	}
	if n == 0 {
		return 0, false
	}
	return sum / float64(n), true
}

// wordScore is the mean compound of the clauses that hold the words of name.
func wordScore(doc *sentiment.Doc, name string) (float64, bool) {
	words := strings.Fields(strings.ToLower(name))
	if len(words) == 0 {
		return 0, false
	}
	sum, n := 0.0, 0
	for _, c := range doc.Clauses {
		if !holds(doc, c, words) {
			continue
		}
		sum, n = sum+doc.ClauseFigures(c).Compound, n+1
	}
	if n == 0 {
		return 0, false
	}
	return sum / float64(n), true
}

// holds says whether words stand side by side in the clause, a plural s apart.
func holds(doc *sentiment.Doc, c sentiment.Clause, words []string) bool {
	first, end := c.Tokens()
	for i := first; i+len(words) <= end; i++ {
		same := true
		for j, w := range words {
			if strings.TrimSuffix(string(doc.Lower(i+j)), "s") != strings.TrimSuffix(w, "s") {
				same = false
				break
			}
		}
		if same {
			return true
		}
	}
	return false
}
