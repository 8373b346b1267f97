package pipeline

import (
	"earshot/sentiment"
	"earshot/sentiment/topic"
)

// Explanation is an Analysis with what it was made of.
type Explanation struct {
	Text string `json:"text"` // as analysed; all offsets count in it
	Analysis
	Words        []ExplainedWord    `json:"words"`   // that VADER's lexicon knows
	Clauses      []ExplainedClause  `json:"clauses"` // mentions take their sentiment from them
	TopicRules   []ExplainedMention `json:"topic_rules"`
	ContextRules []ExplainedFinding `json:"context_rules"`
	IntentRules  []ExplainedFinding `json:"intent_rules"`
	TagRules     []ExplainedTag     `json:"tag_rules"`
	Blended      bool               `json:"blended"` // the compound was neutral: the phrases decided
}

// ExplainedWord is a word of VADER's lexicon.
type ExplainedWord struct {
	Word    string  `json:"word"`
	Start   int     `json:"start"`
	End     int     `json:"end"`
	Lexicon float64 `json:"lexicon"` // valence by itself, -4..4
	Valence float64 `json:"valence"` // valence in this text
}

// ExplainedClause is a clause with its own VADER compound.
type ExplainedClause struct {
	Start    int     `json:"start"`
	End      int     `json:"end"`
	Compound float64 `json:"compound"`
}

// ExplainedMention is a mention with its rule, pack/topic/phrase.
type ExplainedMention struct {
	Mention
	Rule     string  `json:"rule"`
	Polarity float64 `json:"polarity"` // of the phrase, negation applied; 0: the clause decides
	Clause   int     `json:"clause"`   // index into Clauses
}

// ExplainedFinding is a context or intent with what shows it.
type ExplainedFinding struct {
	Name  string `json:"name"`
	Why   string `json:"why"` // rule, hour or channel
	Start int    `json:"start"`
	End   int    `json:"end"` // 0: no words show it
}

// ExplainedTag is a composite tag with its conditions, all of which hold.
type ExplainedTag struct {
	Name      string   `json:"name"`
	Topic     string   `json:"topic"`
	Sentiment Label    `json:"sentiment"`
	Contexts  []string `json:"contexts"`
}

// Explain is Analyze with its reasons. The Analysis in it is the same, bit for bit.
func (a *TextAnalyzer) Explain(e *Event) Explanation {
	d := a.desks.Get().(*desk)
	defer a.desks.Put(d)
	text, truncated := AnalysedText(e)
	x := Explanation{Text: text, Analysis: Analysis{Model: a.model, Truncated: truncated}}
	found := a.read(d, e, text, &x.Analysis)
	if x.Sentiment.Label != Unknown {
		x.Words, x.Clauses = explainWords(&d.doc), explainClauses(&d.doc)
		x.Blended = d.learned == nil && x.Sentiment.Score != x.Vader.Compound
	}
	at := topic.Moment{Source: e.Source, Local: LocalTime(e, a.loc)}
	for i, m := range found.Mentions {
		x.TopicRules = append(x.TopicRules, ExplainedMention{Mention: x.Topics[i], Rule: a.tagger.Rule(m), Polarity: m.Polarity, Clause: m.Clause})
	}
	x.ContextRules = a.explainFindings(found.Contexts, at)
	x.IntentRules = a.explainFindings(found.Intents, at)
	for _, name := range x.Tags {
		t := a.tagger.TagRule(name)
		x.TagRules = append(x.TagRules, ExplainedTag{Name: name, Topic: t.Topic, Sentiment: Label(t.Sentiment), Contexts: t.Contexts})
	}
	return x
}

func explainWords(doc *sentiment.Doc) (out []ExplainedWord) {
	for _, w := range doc.Words() {
		out = append(out, ExplainedWord{Word: doc.Text[w.Start:w.End], Start: w.Start, End: w.End, Lexicon: w.Lexicon, Valence: w.Valence})
	}
	return out
}

func explainClauses(doc *sentiment.Doc) (out []ExplainedClause) {
	for _, c := range doc.Clauses {
		out = append(out, ExplainedClause{Start: c.Start, End: c.End, Compound: doc.ClauseFigures(c).Compound})
	}
	return out
}

func (a *TextAnalyzer) explainFindings(found []topic.Finding, at topic.Moment) (out []ExplainedFinding) {
	for _, f := range found {
		out = append(out, ExplainedFinding{Name: f.Name, Why: a.tagger.Why(f, at), Start: f.Start, End: f.End})
	}
	return out
}
