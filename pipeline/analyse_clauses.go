package pipeline

import (
	"earshot/sentiment"
	"earshot/sentiment/topic"
)

// hear lets the phrases and emoji of the lexicons speak in the clauses that mentions take
// their sentiment from: "service 👍". The taxonomy knows VADER's words alone. A phrase
// of the taxonomy that is good or bad news in itself keeps its say, so that tags stand.
//
// Clauses of other languages say nothing: there the mention takes the sentiment of the
// whole text, if a model knows it.
func (d *desk) hear(mentions []topic.Mention, lang sentiment.Language, whole Sentiment) {
	for i := range mentions {
		switch m := &mentions[i]; {
		case m.Polarity != 0:
		case !lang.English:
			m.Score = whole.Score
		case d.speaks(m.Clause):
			m.Score = d.clauseScore(m.Clause)
		}
	}
}

// clauseScore is that of the lexicons where one of their phrases lies in the clause, else
// VADER's compound.
func (d *desk) clauseScore(clause int) float64 {
	switch {
	case !d.speaks(clause):
		return d.doc.ClauseFigures(d.doc.Clauses[clause]).Compound
	case len(d.doc.Clauses) == 1: // it is the whole text
		return d.figures.Score
	}
	return d.clauses[clause].Score()
}

// speaks says whether a phrase of the lexicons lies in a clause.
func (d *desk) speaks(clause int) bool {
	if d.figures.Hits == 0 {
		return false
	}
	c := d.doc.Clauses[clause]
	for _, h := range d.lexicon.Hits() {
		if h.Start >= c.Start && h.Start < c.End {
			return true
		}
	}
	return false
}
