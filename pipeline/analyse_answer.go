package pipeline

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Question is what is asked beside the Analysis.
type Question struct {
	Aspects   []string // as AnalyzeAspects takes them
	Sentences bool
}

// Answer is an Analysis and what was asked beside it.
type Answer struct {
	Analysis
	Aspects   []Aspect // one for each name, in order
	Sentences []ExplainedSentence

	desk *desk         // its working memory
	by   *TextAnalyzer // whose desk it is
}

// Answer is Analyze in the memory of out: a caller who is done with one answer before
// the next costs no allocation. The slices are overwritten by the next call.
func (a *TextAnalyzer) Answer(out *Answer, e *Event, q Question) {
	if out.by != a {
		out.by, out.desk = a, a.desks.Get().(*desk)
	}
	a.answer(out.desk, out, e, q)
}

func (a *TextAnalyzer) answer(d *desk, out *Answer, e *Event, q Question) {
	text, truncated := AnalysedText(e)
	out.Analysis = Analysis{Model: a.model, Truncated: truncated,
		Topics: out.Topics, Contexts: out.Contexts, Tags: out.Tags, Intents: out.Intents}
	found := a.read(d, e, text, &out.Analysis)
	out.Aspects = d.aspects(emptied(out.Aspects, len(q.Aspects)), q.Aspects, found.Mentions, &out.Analysis)
	out.Sentences = out.Sentences[:0]
	if q.Sentences && out.Vader != (Vader{}) {
		out.Sentences = d.sentences(out.Sentences)
	}
}

// sentences appends the sentences of an English text with their scores by the lexicons.
func (d *desk) sentences(dst []ExplainedSentence) []ExplainedSentence {
	d.pieces, d.ends = d.doc.Sentences(d.pieces[:0]), d.ends[:0]
	for _, s := range d.pieces {
		d.ends = append(d.ends, s.End)
	}
	d.parts = d.lexicon.Parts(d.parts[:0], d.ends)
	for i, p := range d.parts {
		score, s := p.Score(), d.pieces[i]
		dst = append(dst, ExplainedSentence{Start: s.Start, End: s.Start + lengthSaid(d.doc.Text[s.Start:s.End]), Sentiment: LabelOf(score), Score: score})
	}
	return dst
}

// lengthSaid is the length of a sentence without the white space behind it.
func lengthSaid(sentence string) int {
	n := len(sentence)
	for n > 0 && (sentence[n-1] == ' ' || sentence[n-1] == '\n') {
		n--
	}
	if n > 0 && sentence[n-1] > ' ' && sentence[n-1] < utf8.RuneSelf { // as after most
		return n
	}
	return len(strings.TrimRightFunc(sentence[:n], unicode.IsSpace))
}
