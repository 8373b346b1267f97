package sentiment

import (
	"sort"

	"earshot/sentiment/vader"
)

// Clause is a stretch of text with one thing to say. Clauses follow each other
// without overlap and cover every token.
type Clause struct {
	Start, End int // byte offsets; End is where the next clause starts

	firstToken, endToken int
	number               int // of the clause
}

// cut is a place where a clause may end: before token.
type cut struct {
	token   int
	certain bool // a sentence end or a contrast; else only where both sides have an opinion
}

// scanClauses splits at sentence ends and contrast words always; at commas,
// dashes, brackets and "and" only where an opinion stands before and either an
// opinion or a new subject stands after: "great food and terrible service" are
// two clauses, "food and service were terrible" is one.
func (d *Doc) scanClauses() {
	d.Clauses, d.judged = d.Clauses[:0], d.judged[:0]
	if len(d.Tokens) == 0 {
		return
	}
	d.findCuts()
	words := d.words
	from, opinion := 0, d.takeOpinion(&words, 0, d.cutAt(0))
	for i, c := range d.cuts {
		next := d.takeOpinion(&words, c.token, d.cutAt(i+1))
		if c.certain || opinion && (next || d.startsSubject(c.token)) {
			d.addClause(from, c.token)
			from, opinion = c.token, next
			continue
		}
		opinion = opinion || next
	}
	d.addClause(from, len(d.Tokens))
}

func (d *Doc) cutAt(i int) int {
	if i < len(d.cuts) {
		return d.cuts[i].token
	}
	return len(d.Tokens)
}

func (d *Doc) findCuts() {
	d.cuts = d.cuts[:0]
	for i := 1; i < len(d.Tokens); i++ {
		use, brk := d.uses(i), d.Tokens[i].Break
		switch {
		case brk == NoBreak && use&(contrast|isAnd) == 0:
		case brk == SentenceBreak:
			d.cuts = append(d.cuts, cut{i, true})
		case use&contrast != 0 && i+1 < len(d.Tokens) && d.Tokens[i+1].Break != SentenceBreak:
			d.cuts = append(d.cuts, cut{i, true})
		case brk == SoftBreak || use&isAnd != 0:
			d.cuts = append(d.cuts, cut{i, false})
		}
	}
}

func (d *Doc) startsSubject(i int) bool {
	if d.uses(i)&isAnd != 0 && i+1 < len(d.Tokens) {
		i++
	}
	return d.uses(i)&subject != 0
}

func (d *Doc) uses(i int) uses { return d.Tokens[i].info.uses }

// takeOpinion says whether a VADER word with a valence lies in tokens [from, to). It drops
// the words before them.
func (d *Doc) takeOpinion(words *[]vader.Word, from, to int) bool {
	if from >= to {
		return false
	}
	w := *words
	for len(w) > 0 && w[0].End <= d.Tokens[from].Start { // it may begin before the token it holds: "(good"
		w = w[1:]
	}
	*words = w
	return len(w) > 0 && w[0].Start < d.Tokens[to-1].End
}

func (d *Doc) addClause(from, to int) {
	c := Clause{firstToken: from, endToken: to, number: len(d.Clauses), Start: d.Tokens[from].Start, End: len(d.Text)}
	if from == 0 {
		c.Start = 0
	}
	if to < len(d.Tokens) {
		c.End = d.Tokens[to].Start
	}
	d.Tokens[from].OpensClause = true
	d.Clauses, d.judged = append(d.Clauses, c), append(d.judged, clauseFigures{})
}

// ClauseOf returns the index of the clause that holds token i.
func (d *Doc) ClauseOf(token int) int {
	return sort.Search(len(d.Clauses), func(i int) bool { return d.Clauses[i].endToken > token })
}

// Tokens returns the range [first, end) of the clause's tokens.
func (c Clause) Tokens() (first, end int) { return c.firstToken, c.endToken }
