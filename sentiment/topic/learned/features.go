package learned

import (
	"math"

	"earshot/sentiment"
	"earshot/sentiment/model"
)

// The feature space of the topics: hashed features, then clusters, vector components,
// the bias, rules.
const (
	clustersAt = model.Buckets
	vectorAt   = clustersAt + clusters
	biasAt     = vectorAt + model.Dimensions
	rulesAt    = biasAt + 1
)

// Scales that bring the parts of a text to lengths near 1.
const (
	tokenScale  = 1.0 / 20
	vectorScale = 3
)

// start stands before the first word of a text and after the last.
const start = uint64(0x5354415254)

// textScale makes texts of n tokens comparable.
func textScale(n int) float32 { return float32(tokenScale / math.Sqrt(float64(n+1))) }

// wordFeatures calls yield with the hashed features and clusters of one word.
func wordFeatures(h uint64, w []byte, place int, yield func(uint32)) {
	yield(model.WordBucket(h))
	model.CharGrams(w, yield)
	if place < 0 {
		return
	}
	for _, c := range clustersOf(place) {
		yield(clustersAt + c)
	}
}

// topicVector returns the features of a text for its topics.
func topicVector(d *sentiment.Doc, vectors *model.Vectors, r *ruleReader) *vector {
	v := new(vector)
	counts := map[uint32]int{} // place in v of each feature
	scale := textScale(len(d.Tokens))
	count := func(b uint32) {
		if j, ok := counts[b]; ok {
			v.x[j] += scale
			return
		}
		counts[b] = len(v.at)
		v.add(b, scale)
	}
	var mean [model.Dimensions]float32
	known := 0
	before := start
	for i := range d.Tokens {
		w := d.Lower(i)
		h := model.WordHash(w)
		place := vectors.Find(h)
		wordFeatures(h, w, place, count)
		count(model.PairBucket(before, h))
		before = h
		if place >= 0 {
			known++
			for j, b := range vectors.At(place) {
				mean[j] += float32(b) * vectorScale / model.VectorSteps
			}
		}
	}
	count(model.PairBucket(before, start))
	if known > 0 {
		for j, x := range mean {
			v.add(vectorAt+uint32(j), x/float32(known))
		}
	}
	v.add(biasAt, 1)
	for _, at := range r.read(d) {
		v.add(at, 1)
	}
	return v
}

// idfOf weighs the features by how few of the rows have them.
func idfOf(rows []*vector) []float32 {
	df := make([]int32, vectorAt)
	for _, r := range rows {
		for _, b := range r.at {
			if b < vectorAt {
				df[b]++
			}
		}
	}
	idf := make([]float32, vectorAt)
	for b, n := range df {
		if n > 0 {
			idf[b] = float32(math.Log(float64(1+len(rows))/float64(1+n)) + 1)
		}
	}
	return idf
}

// reweigh multiplies the features that there are factors for.
func (v *vector) reweigh(factors []float32) {
	for j, b := range v.at {
		if int(b) < len(factors) {
			v.x[j] *= factors[b]
		}
	}
}
