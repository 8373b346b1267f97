// Package vader scores English text by the rules of VADER (Hutto & Gilbert,
// "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social
// Media Text", ICWSM 2014), equal to the reference implementation to its
// printed digits, its quirks included.
//
// The lexicon is that of github.com/grassmudhorses/vader-go, with the entries
// corrected that differ from the reference (lexicon.go). The rules are our own.
//
// A Scorer reuses its buffers: in the steady state scoring allocates nothing.
package vader
