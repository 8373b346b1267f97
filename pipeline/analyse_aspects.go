package pipeline

import (
	"bytes"
	"strings"

	"earshot/sentiment"
	"earshot/sentiment/dictionary"
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
	var out Answer
	a.Answer(&out, e, Question{Aspects: names})
	return out.Analysis, out.Aspects
}

// aspect answers for one name.
func (d *desk) aspect(name string, found []topic.Mention, out *Analysis) Aspect {
	if out.Sentiment.Label == Unknown {
		return Aspect{Topic: name, Sentiment: Unknown}
	}
	if d.tagged {
		if p, ok := d.topics.Polarity(name); ok {
			return Aspect{Topic: name, Sentiment: Label(p.Label), Score: p.Score}
		}
	}
	lower := strings.ToLower(name)
	s, ok := mentionScore(found, lower)
	if !ok && out.Vader != (Vader{}) { // else it is no English
		s, ok = d.wordScore(lower)
	}
	if !ok {
		s = out.Sentiment.Score
	}
	return Aspect{Topic: name, Sentiment: LabelOf(s), Score: s}
}

// mentionScore is the mean score of the mentions that name stands for.
func mentionScore(found []topic.Mention, name string) (float64, bool) {
	sum, n := 0.0, 0
	for _, m := range found {
		if topic.Covers(name, m.Topic) || endsIn(m.Topic, name) {
			sum, n = sum+m.Score, n+1
		}
	}
	if n == 0 {
		return 0, false
	}
	return sum / float64(n), true
}

// endsIn says whether name is the last part of a topic.
func endsIn(topic, name string) bool {
	group, ok := strings.CutSuffix(topic, name)
	return ok && strings.HasSuffix(group, ".")
}

// askedWord is a word of an aspect, without a plural s.
type askedWord struct {
	text         string
	hash, plural uint32 // the dictionary's, of the word and of its plural
}

// wordScore is the mean score of the clauses that hold the words of name, in lower case.
func (d *desk) wordScore(name string) (float64, bool) {
	d.asked = d.asked[:0]
	for word := range strings.FieldsSeq(name) {
		w := askedWord{text: strings.TrimSuffix(word, "s"), hash: dictionary.Start}
		for i := range len(w.text) {
			w.hash = dictionary.Step(w.hash, w.text[i])
		}
		w.plural = dictionary.Step(w.hash, 's')
		d.asked = append(d.asked, w)
	}
	if len(d.asked) == 0 {
		return 0, false
	}
	sum, n := 0.0, 0
	for i, c := range d.doc.Clauses {
		if !holds(&d.doc, c, d.asked) {
			continue
		}
		sum, n = sum+d.clauseScore(i), n+1
	}
	if n == 0 {
		return 0, false
	}
	return sum / float64(n), true
}

// holds says whether words stand side by side in the clause, a plural s apart.
func holds(doc *sentiment.Doc, c sentiment.Clause, words []askedWord) bool {
	first, end := c.Tokens()
	for i := first; i+len(words) <= end; i++ {
		n := 0
		for n < len(words) && words[n].is(doc, i+n) {
			n++
		}
		if n == len(words) {
			return true
		}
	}
	return false
}

// is says whether the word, or its plural, is token i.
func (w *askedWord) is(doc *sentiment.Doc, i int) bool {
	if h := doc.Hash(i); h != w.hash && h != w.plural {
		return false
	}
	return string(bytes.TrimSuffix(doc.Lower(i), []byte("s"))) == w.text
}
