package pipeline

import (
	"strings"
	"unicode"
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
}

// Answer is Analyze in the memory of out: a caller who is done with one answer before
// the next costs no allocation. The slices are overwritten by the next call.
func (a *TextAnalyzer) Answer(out *Answer, e *Event, q Question) {
	d := a.desks.Get().(*desk)
	defer a.desks.Put(d)
	text, truncated := AnalysedText(e)
	memory := out.Analysis
	out.Analysis = Analysis{Model: a.model, Truncated: truncated,
		Topics: memory.Topics, Contexts: memory.Contexts, Tags: memory.Tags, Intents: memory.Intents}
	found := a.read(d, e, text, &out.Analysis)
	out.Aspects = emptied(out.Aspects, len(q.Aspects))
	for _, name := range q.Aspects {
		out.Aspects = append(out.Aspects, d.aspect(name, found.Mentions, &out.Analysis))
	}
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
		said := strings.TrimRightFunc(d.doc.Text[s.Start:s.End], unicode.IsSpace)
		dst = append(dst, ExplainedSentence{Start: s.Start, End: s.Start + len(said), Sentiment: LabelOf(score), Score: score})
	}
	return dst
}
