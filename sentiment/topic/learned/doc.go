// Package learned finds topics that were learned from labelled texts, and how a
// text speaks of a given one.
//
// Both are linear: one logistic regression for each topic over hashed words, pairs
// of words, character n-grams, word clusters, the mean word vector and what the rules
// of a shipped taxonomy find, with a threshold chosen in a cross-validation; and one
// for each polarity over the words around what shows the topic. What shows it, its
// cue, is the word that speaks most for it in the first model.
//
// Train and Read return an immutable Model; a Tagger reads texts with it, one at a
// time, without allocating in the steady state.
package learned
