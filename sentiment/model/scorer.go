package model

import (
	"math"
)

// cacheRows is the size of a Scorer's word cache, a power of two.
const cacheRows = 1 << 14

// cached is the folded row of a word: its own feature and its character n-grams.
type cached struct {
	word uint64 // hash, 0 = empty
	row  row
}

// Scorer reads texts with one model. It keeps buffers and a cache, so use one
// for each goroutine.
type Scorer struct {
	model  *Model
	tokens tokens
	cache  []cached
}

// NewScorer returns a scorer for m.
func NewScorer(m *Model) *Scorer { return &Scorer{model: m, cache: make([]cached, cacheRows)} }

// Score returns the class probabilities of a text; compound is its exact VADER
// compound, unrounded.
func (s *Scorer) Score(text string, compound float64) Prediction {
	s.tokens.scan(text)
	var z row
	var lex lexicon
	before := uint64(seedBigram)
	for i, t := range s.tokens.list {
		w := s.tokens.bytes(i)
		lex.read(t.kind, w)
		h := hash(seedWord, w)
		z.add(s.word(h, w, t.kind))
		z.add(&s.model.sparse[bigram(before, h)])
		before = h
	}
	z.add(&s.model.sparse[bigram(before, seedBigram)])
	n := len(s.tokens.list)
	scale := float32(tokenScale / math.Sqrt(float64(n+1)))
	var dense [Dense]float32
	lex.features(&dense, compound, n)
	for c := range z {
		z[c] = z[c]*scale + s.model.bias[c]
		for i, x := range dense {
			z[c] += x * s.model.dense[i][c]
		}
	}
	return softmax(z)
}

func (z *row) add(r *row) {
	z[0] += r[0]
	z[1] += r[1]
	z[2] += r[2]
}

// word returns the folded row of a token.
func (s *Scorer) word(h uint64, w []byte, k kind) *row {
	c := &s.cache[(h^h>>32)&(cacheRows-1)]
	if c.word == h {
		return &c.row
	}
	c.word, c.row = h, s.model.sparse[bucket(h)]
	if k == word {
		charGrams(w, func(b uint32) { c.row.add(&s.model.sparse[b]) })
	}
	return &c.row
}

func softmax(z row) Prediction {
	top := max(z[0], z[1], z[2])
	var p Prediction
	sum := 0.0
	for c := range z {
		p[c] = math.Exp(float64(z[c] - top))
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
	return p
}
