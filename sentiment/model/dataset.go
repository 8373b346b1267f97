package model

import (
	"context"
	"math"

	"earshot/sentiment/vader"
)

// vector is a text as features: buckets with counts, scaled by the text's
// length, and dense ones: lexicon, mean vector and opinion of the words, the same of
// the negated words, logits of the base model.
type vector struct {
	buckets []uint32
	values  []float32 // count x scale
	dense   []float32
	class   Class
	weight  float32
}

// dataset is all examples as vectors.
type dataset struct {
	rows    []vector
	vectors *Vectors // nil: none
	base    *Model   // nil: none
}

// The dense features begin at these places; the base's come last.
const (
	plainAt   = Dense
	negatedAt = plainAt + meaningSize
	baseAt    = negatedAt + meaningSize
	denseSize = baseAt + int(Classes)
)

// reader turns texts into vectors.
type reader struct {
	data   *dataset
	tokens tokens
	vader  vader.Scorer
	base   *Scorer
	counts []float32 // by bucket
}

func vectorise(ctx context.Context, examples []Example, vectors *Vectors, base *Model) (*dataset, error) {
	d := &dataset{rows: make([]vector, len(examples)), vectors: vectors, base: base}
	r := reader{data: d, counts: make([]float32, Buckets)}
	if base != nil {
		r.base = NewScorer(base)
	}
	for i, e := range examples {
		if i%lookUp == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		d.rows[i] = r.read(e)
	}
	return d, nil
}

func (r *reader) read(e Example) vector {
	v := vector{class: e.Class, weight: float32(e.Weight), dense: make([]float32, denseSize)}
	if e.Weight == 0 {
		v.weight = 1
	}
	r.tokens.scan(e.Text)
	count := func(b uint32) {
		if r.counts[b]++; r.counts[b] == 1 {
			v.buckets = append(v.buckets, b)
		}
	}
	var lex lexicon
	known := 0
	before := uint64(seedBigram)
	for j, tok := range r.tokens.list {
		w := r.tokens.bytes(j)
		negated := lex.negated > 0
		sees := roleOf(tok.kind, w)
		lex.read(&sees)
		count(bucket(tok.hash))
		if tok.kind == word {
			charGrams(w, count)
		}
		count(bigram(before, tok.hash))
		before = tok.hash
		known += r.meaning(v.dense, tok.hash, negated)
	}
	count(bigram(before, seedBigram))
	for i := plainAt; i < baseAt; i++ {
		v.dense[i] /= float32(max(1, known))
	}
	compound := r.vader.Score(e.Text).Compound
	lex.features((*[Dense]float32)(v.dense), compound, len(r.tokens.list))
	if r.base != nil {
		z := r.base.logits(e.Text, compound)
		copy(v.dense[baseAt:], z[:])
	}
	scale := textScale(len(r.tokens.list))
	v.values = make([]float32, len(v.buckets))
	for j, b := range v.buckets {
		v.values[j] = r.counts[b] * scale
		r.counts[b] = 0
	}
	return v
}

// meaning adds the vector and the opinions of a word and returns how many words that were.
func (r *reader) meaning(dense []float32, h uint64, negated bool) int {
	if r.data.vectors == nil {
		return 0
	}
	if !r.data.vectors.meaning(key(h), func(i int, x float32) {
		dense[plainAt+i] += x
		if negated {
			dense[negatedAt+i] += x
		}
	}) {
		return 0
	}
	return 1
}

// idf weighs the buckets by how few of the rows have them.
func (d *dataset) idf(rows []int) []float32 {
	df := make([]int32, Buckets)
	for _, i := range rows {
		for _, b := range d.rows[i].buckets {
			df[b]++
		}
	}
	idf := make([]float32, Buckets)
	for b, n := range df {
		if n > 0 {
			idf[b] = float32(math.Log(float64(1+len(rows))/float64(1+n)) + 1)
		}
	}
	return idf
}
