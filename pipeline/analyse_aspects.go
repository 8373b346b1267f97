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
	d := a.desks.Get().(*desk)
	defer a.desks.Put(d)
	var out Answer
	a.answer(d, &out, e, Question{Aspects: names})
	return out.Analysis, out.Aspects
}

// askedName is the name of an aspect, read once for as many texts as ask for it.
type askedName struct {
	name, lower string
	words       []askedWord // of lower
}

// askedWord is a word without a plural s.
type askedWord struct {
	text         string
	hash, plural uint32 // the dictionary's, of the word and of its plural
}

func (n *askedName) set(name string) {
	n.name, n.lower, n.words = name, strings.ToLower(name), n.words[:0]
	for word := range strings.FieldsSeq(n.lower) {
		w := askedWord{text: strings.TrimSuffix(word, "s"), hash: dictionary.Start}
		for i := range len(w.text) {
			w.hash = dictionary.Step(w.hash, w.text[i])
		}
		w.plural = dictionary.Step(w.hash, 's')
		n.words = append(n.words, w)
	}
}

// aspects appends the answers for names.
func (d *desk) aspects(dst []Aspect, names []string, found []topic.Mention, out *Analysis) []Aspect {
	for i, name := range names {
		if i == len(d.asked) {
			d.asked = append(d.asked, askedName{})
		}
		n := &d.asked[i]
		if n.name != name {
			n.set(name)
		}
		dst = append(dst, d.aspect(n, found, out))
	}
	return dst
}

func (d *desk) aspect(n *askedName, found []topic.Mention, out *Analysis) Aspect {
	if out.Sentiment.Label == Unknown {
		return Aspect{Topic: n.name, Sentiment: Unknown}
	}
	if d.tagged {
		if p, ok := d.topics.Polarity(n.name); ok {
			return Aspect{Topic: n.name, Sentiment: Label(p.Label), Score: p.Score}
		}
	}
	s, ok := mentionScore(found, n.lower)
	if !ok && out.Vader != (Vader{}) { // else it is no English
		s, ok = d.wordScore(n.words)
	}
	if !ok {
		s = out.Sentiment.Score
	}
	return Aspect{Topic: n.name, Sentiment: LabelOf(s), Score: s}
}

// mentionScore is the mean score of the mentions that name stands for.
func mentionScore(found []topic.Mention, name string) (float64, bool) {
	sum, n := 0.0, 0
	for i := range found {
		if m := &found[i]; topic.Covers(name, m.Topic) || endsIn(m.Topic, name) {
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
	at := len(topic) - len(name)
	return at > 0 && topic[at-1] == '.' && topic[at:] == name
}

// wordScore is the mean score of the clauses that hold the words of a name side by side,
// a plural s apart.
func (d *desk) wordScore(words []askedWord) (float64, bool) {
	if len(words) == 0 {
		return 0, false
	}
	sum, n, doc := 0.0, 0, &d.doc
	for i := 0; i < len(doc.Tokens); i++ {
		if h := doc.Hash(i); h != words[0].hash && h != words[0].plural {
			continue
		}
		clause := doc.ClauseOf(i)
		if _, end := doc.Clauses[clause].Tokens(); i+len(words) <= end && standAt(doc, i, words) {
			sum, n = sum+d.clauseScore(clause), n+1
			i = end - 1 // a clause counts once
		}
	}
	if n == 0 {
		return 0, false
	}
	return sum / float64(n), true
}

// standAt says whether the words are the tokens from i on.
func standAt(doc *sentiment.Doc, i int, words []askedWord) bool {
	for n := range words {
		w, h := &words[n], doc.Hash(i+n)
		if h != w.hash && h != w.plural || string(bytes.TrimSuffix(doc.Lower(i+n), []byte("s"))) != w.text {
			return false
		}
	}
	return true
}
