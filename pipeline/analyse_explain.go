package pipeline

import (
	"slices"

	"earshot/sentiment/model"
	"earshot/sentiment/topic"
)

// Explanation is an Analysis with what it was made of.
type Explanation struct {
	Text string `json:"text"` // as analysed; all offsets count in it
	Analysis
	Lexical      float64             `json:"lexical"`         // score by the lexicons: VADER's compound where no phrase counts
	Shares       []model.Share       `json:"shares"`          // of the learned model's score; they add up to it; none without one
	Words        []ExplainedWord     `json:"words"`           // that VADER's lexicon knows
	Phrases      []ExplainedPhrase   `json:"phrases"`         // of the lexicons; each stands in for the words that it covers
	Sentences    []ExplainedSentence `json:"sentences"`       // by the lexicons
	Turns        []ExplainedTurn     `json:"turns,omitempty"` // of the customer, as far as they were analysed
	Clauses      []ExplainedClause   `json:"clauses"`         // mentions take their sentiment from them
	TopicRules   []ExplainedMention  `json:"topic_rules"`
	ContextRules []ExplainedFinding  `json:"context_rules"`
	IntentRules  []ExplainedFinding  `json:"intent_rules"`
	TagRules     []ExplainedTag      `json:"tag_rules"`
	Blended      bool                `json:"blended"` // the compound was neutral: the phrases decided
}

// ExplainedWord is a word of VADER's lexicon.
type ExplainedWord struct {
	Word    string  `json:"word"`
	Start   int     `json:"start"`
	End     int     `json:"end"`
	Lexicon float64 `json:"lexicon"` // valence by itself, -4..4
	Valence float64 `json:"valence"` // valence in this text
	Covered bool    `json:"covered"` // a phrase stands in for it
}

// ExplainedPhrase is a phrase of a lexicon. The valences of the phrases and of the
// words that none covers, and the emphasis of the punctuation, add up to the sum
// whose normalised value is the lexical score.
type ExplainedPhrase struct {
	Rule    string  `json:"rule"` // lexicon/phrase
	Start   int     `json:"start"`
	End     int     `json:"end"`
	Lexicon float64 `json:"lexicon"` // valence by itself, -4..4
	Valence float64 `json:"valence"` // valence in this text
	Effort  float64 `json:"effort"`  // 0..1
	Negated bool    `json:"negated"`
}

// ExplainedSentence is a sentence with its score by the lexicons.
type ExplainedSentence struct {
	Start     int     `json:"start"`
	End       int     `json:"end"`
	Sentiment Label   `json:"sentiment"`
	Score     float64 `json:"score"` // -1..1, without the emphasis of punctuation
}

// ExplainedTurn is a customer's turn, judged as a text of its own.
type ExplainedTurn struct {
	Turn  int     `json:"turn"` // index into the event's turns
	Start int     `json:"start"`
	End   int     `json:"end"`
	Score float64 `json:"score"` // -1..1
}

// ExplainedClause is a clause with its own VADER compound, and with its score by the
// lexicons where one of their phrases lies in it.
type ExplainedClause struct {
	Start    int     `json:"start"`
	End      int     `json:"end"`
	Compound float64 `json:"compound"`
	Score    float64 `json:"score"` // else the compound
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
	Why   string `json:"why"` // rule, hour, opening hours or channel
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
	if d.scored != nil {
		x.Shares = d.shares(a.overlay)
	}
	if x.Vader != (Vader{}) {
		x.Lexical, x.Blended = d.figures.Score, d.blended
		x.Words, x.Phrases = d.explainWords(), a.explainPhrases(d)
		x.Sentences, x.Clauses = d.sentences(nil), d.explainClauses()
	} else if d.signs {
		x.Lexical, x.Words, x.Phrases = d.figures.Score, d.explainWords(), a.explainPhrases(d)
	}
	if x.Conversation != nil {
		x.Turns = slices.Clone(d.said)
	}
	at := MomentOf(e, a.places)
	for i, m := range found.Mentions {
		x.TopicRules = append(x.TopicRules, ExplainedMention{Mention: x.Topics[i], Rule: a.tagger.Rule(m), Polarity: m.Polarity, Clause: m.Clause})
	}
	x.TopicRules = append(x.TopicRules, a.explainLearned(&d.doc, x.Topics[len(found.Mentions):])...)
	x.ContextRules = a.explainFindings(found.Contexts, at)
	x.IntentRules = a.explainFindings(found.Intents, at)
	for _, name := range x.Tags {
		t := a.tagger.TagRule(name)
		x.TagRules = append(x.TagRules, ExplainedTag{Name: name, Topic: t.Topic, Sentiment: Label(t.Sentiment), Contexts: t.Contexts})
	}
	return x
}

func (d *desk) explainWords() (out []ExplainedWord) {
	for _, w := range d.lexicon.Words() {
		out = append(out, ExplainedWord{Word: d.doc.Text[w.Start:w.End], Start: w.Start, End: w.End,
			Lexicon: w.Lexicon, Valence: w.Valence, Covered: w.Covered})
	}
	return out
}

func (a *TextAnalyzer) explainPhrases(d *desk) (out []ExplainedPhrase) {
	for _, h := range d.lexicon.Hits() {
		out = append(out, ExplainedPhrase{Rule: a.overlay.Rule(h), Start: h.Start, End: h.End,
			Lexicon: h.Lexicon, Valence: h.Valence, Effort: h.Effort, Negated: h.Negated})
	}
	return out
}

func (d *desk) explainClauses() (out []ExplainedClause) {
	for i, c := range d.doc.Clauses {
		out = append(out, ExplainedClause{Start: c.Start, End: c.End, Compound: d.doc.ClauseFigures(c).Compound, Score: d.clauseScore(i)})
	}
	return out
}

func (a *TextAnalyzer) explainFindings(found []topic.Finding, at topic.Moment) (out []ExplainedFinding) {
	for _, f := range found {
		out = append(out, ExplainedFinding{Name: f.Name, Why: a.tagger.Why(f, at), Start: f.Start, End: f.End})
	}
	return out
}
