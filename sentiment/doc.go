// Package sentiment is pure text analysis: text in, scores and spans out. It does
// no I/O, starts no goroutine and depends on nothing but its input.
//
// A Doc is one text scanned once. It yields the tokens that the topic rules run
// on, the clauses that a mention's sentiment is taken from, and the VADER figures
// (Hutto & Gilbert, ICWSM 2014) of the whole text and of each clause.
//
// The figures equal the reference implementation's (package vader); those of a
// clause are what it would get alone. All offsets are byte offsets into the
// scanned text.
package sentiment
