package model

// What other linear models over the same words need.

// WordHash names a lower-case word.
func WordHash(w []byte) uint64 { return hash(seedWord, w) }

// WordBucket is the feature of a word, below Buckets.
func WordBucket(h uint64) uint32 { return bucket(h) }

// PairBucket is the feature of two words that follow each other, below Buckets.
func PairBucket(a, b uint64) uint32 { return bigram(a, b) }

// CharGrams calls yield with the feature, below Buckets, of each character
// 3-5-gram of <w>.
func CharGrams(w []byte, yield func(uint32)) { charGrams(w[:min(len(w), maxWord)], yield) }

// Len is the number of words that have a vector.
func (v *Vectors) Len() int { return len(v.keys) }

// Find returns the place of a lower-case word, -1 if it has no vector.
func (v *Vectors) Find(h uint64) int { return find(v.keys, key(h)) }

// At returns the vector at a place: components of a unit vector times VectorSteps.
func (v *Vectors) At(i int) []int8 { return v.data[i*Dimensions : (i+1)*Dimensions] }

// VectorSteps is the int8 step that stands for 1.
const VectorSteps = vectorSteps
