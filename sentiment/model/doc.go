// Package model is the learned sentiment model: a linear classifier over hashed
// word 1-2-grams, character 3-5-grams within words, features of the VADER lexicon,
// mean word vectors and what other lexicons say of the words, with three classes.
//
// Counts are weighted by idf and scaled by the square root of the number of
// tokens. That needs no set of features per text, so that the word and its
// character n-grams fold into one row per word, which a Scorer caches. Word vectors and
// opinions times their weights are one row per word too, so a model needs neither; and the
// weights of a base model and the calibration fold into those of the model trained on it.
//
// Train and Load return an immutable Model; a Scorer reads texts with it, one
// at a time, without allocating in the steady state.
package model
