package model

import (
	"math"

	"earshot/sentiment/vader"
)

// vector is a text as features: buckets with counts, scaled by the text's
// length, and the lexicon features.
type vector struct {
	buckets []uint32
	values  []float32 // count x idf x scale
	dense   [Dense]float32
	class   Class
	weight  float32
}

// dataset is all examples as vectors.
type dataset struct {
	rows []vector
	idf  []float32
}

func vectorise(examples []Example) *dataset {
	d := &dataset{rows: make([]vector, len(examples)), idf: make([]float32, Buckets)}
	var t tokens
	var v vader.Scorer
	counts := make([]float32, Buckets)
	df := make([]int32, Buckets)
	for i, e := range examples {
		r := &d.rows[i]
		r.class, r.weight = e.Class, float32(e.Weight)
		if e.Weight == 0 {
			r.weight = 1
		}
		t.scan(e.Text)
		count := func(b uint32) {
			if counts[b]++; counts[b] == 1 {
				r.buckets = append(r.buckets, b)
			}
		}
		var lex lexicon
		before := uint64(seedBigram)
		for j, tok := range t.list {
			w := t.bytes(j)
			lex.read(tok.kind, w)
			h := hash(seedWord, w)
			count(bucket(h))
			if tok.kind == word {
				charGrams(w, count)
			}
			count(bigram(before, h))
			before = h
		}
		count(bigram(before, seedBigram))
		lex.features(&r.dense, v.Score(e.Text).Compound, len(t.list))
		scale := float32(tokenScale / math.Sqrt(float64(len(t.list)+1)))
		r.values = make([]float32, len(r.buckets))
		for j, b := range r.buckets {
			df[b]++
			r.values[j] = counts[b] * scale
			counts[b] = 0
		}
	}
	for b, n := range df {
		if n > 0 {
			d.idf[b] = float32(math.Log(float64(1+len(examples))/float64(1+n)) + 1)
		}
	}
	for i := range d.rows {
		for j, b := range d.rows[i].buckets {
			d.rows[i].values[j] *= d.idf[b]
		}
	}
	return d
}
