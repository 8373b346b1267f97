package pipeline

import (
	"slices"

	"earshot/sentiment"
	"earshot/sentiment/topic"
	"earshot/sentiment/topic/learned"
)

// learnedTopics adds what the topics model finds to the mentions of the rules.
//
// The model decides on the topics it was trained for: rules of the same name give
// way, all others stay, so that one text may have food of the model and food.taste of
// a rule. Its sentiment is the model's; where the examples told none, that of the
// clause of the word that shows the topic.
func (d *desk) learnedTopics(out *Analysis) {
	for _, f := range d.topics.Tag(&d.doc) {
		m := Mention{Topic: f.Topic, Start: f.Start, End: f.End}
		if p, ok := d.topics.Polarity(f.Topic); ok {
			m.Sentiment, m.Score = mentionLabel(p.Label), p.Score
		} else {
			m.Score = d.clauseScore(f.Clause)
			m.Sentiment = LabelOf(m.Score)
		}
		out.Topics = append(out.Topics, m)
	}
}

// mentionLabel is the label that is stored: good and bad at once is neutral.
func mentionLabel(polarity string) Label {
	if polarity == learned.Conflict {
		return Neutral
	}
	return Label(polarity)
}

// ruled are the mentions that the topics model has no say in.
func (d *desk) ruled(found []topic.Mention) []topic.Mention {
	if d.topics == nil {
		return found
	}
	return slices.DeleteFunc(found, func(m topic.Mention) bool { return d.topics.Knows(m.Topic) })
}

// LearnedRule begins the rule of a mention that a topics model found.
const LearnedRule = "learned@"

// explainLearned are the mentions after those of the rules.
func (a *TextAnalyzer) explainLearned(doc *sentiment.Doc, topics []Mention) (out []ExplainedMention) {
	for _, m := range topics {
		clause := slices.IndexFunc(doc.Clauses, func(c sentiment.Clause) bool { return m.Start < c.End })
		out = append(out, ExplainedMention{Mention: m, Rule: LearnedRule + a.topicsVersion + "/" + m.Topic, Clause: clause})
	}
	return out
}
