// Package sentiment is pure text analysis: text in, scores and spans out. It does
// no I/O, starts no goroutine and depends on nothing but its input.
//
// A Doc is one text scanned once. It yields the tokens that the topic rules run
// on, the clauses that a mention's sentiment is taken from, and the VADER figures
// (Hutto & Gilbert, ICWSM 2014) of the whole text and of each clause.
//
// The figures of a whole text are those of vader-go, bit for bit: its lexicon, its
// word rules and its normalisation, walked in linear time (see vader.go). All
// offsets are byte offsets into the scanned text.
package sentiment
