package model

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// Dimensions of the word vectors.
const Dimensions = 100

// Vectors are word vectors of unit length in 8 bits, found by the hash of the
// word. They serve training alone: a model holds their product with its weights.
type Vectors struct {
	keys     []uint32 // of the words, sorted
	data     []int8   // Dimensions for each key
	opinions opinions // empty: none
}

// key is the short hash by which word rows are found; two of 50,000 words share
// one with a probability below 1 %, and a foreign word meets one 1 in 85,000 times.
func key(h uint64) uint32 { return uint32((h ^ h>>31) * 0x9e3779b97f4a7c15 >> 32) }

// find returns the place of a key in sorted keys, -1 if it is not there.
func find(keys []uint32, k uint32) int {
	if i, ok := slices.BinarySearch(keys, k); ok {
		return i
	}
	return -1
}

const vectorsMagic = "EARSHOT-VECTORS1"

// vectorSteps is how many steps of int8 a component of 1 has: components of
// GloVe's unit vectors hardly ever pass a half.
const vectorSteps = 250

// WriteVectors stores the vectors of words, scaled to unit length and rounded.
func WriteVectors(w io.Writer, words []string, vectors [][]float32) error {
	places := make(map[uint32]int, len(words))
	for i, word := range words {
		k := key(hash(seedWord, []byte(word)))
		if _, taken := places[k]; !taken { // the more frequent word keeps the key
			places[k] = i
		}
	}
	keys := make([]uint32, 0, len(places))
	for k := range places {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var out bytes.Buffer
	out.WriteString(vectorsMagic)
	_ = binary.Write(&out, binary.LittleEndian, uint32(len(keys))) // a buffer takes all
	_ = binary.Write(&out, binary.LittleEndian, keys)
	for _, k := range keys {
		v := vectors[places[k]]
		length := 0.0
		for _, x := range v {
			length += float64(x) * float64(x)
		}
		for _, x := range v {
			steps := math.Round(float64(x) / math.Sqrt(length+1e-12) * vectorSteps)
			out.WriteByte(byte(int8(max(-127, min(127, steps)))))
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

// ReadVectors reads what WriteVectors wrote.
func ReadVectors(data []byte) (*Vectors, error) {
	head := len(vectorsMagic) + 4
	if len(data) < head || string(data[:len(vectorsMagic)]) != vectorsMagic {
		return nil, fmt.Errorf("word vectors: %w", ErrFormat)
	}
	n := int(binary.LittleEndian.Uint32(data[head-4:]))
	if len(data) != head+n*(4+Dimensions) {
		return nil, fmt.Errorf("word vectors: %w: %d words do not fit %d bytes", ErrFormat, n, len(data))
	}
	v := &Vectors{keys: make([]uint32, n), data: make([]int8, n*Dimensions)}
	for i := range v.keys {
		v.keys[i] = binary.LittleEndian.Uint32(data[head+4*i:])
	}
	for i, b := range data[head+4*n:] {
		v.data[i] = int8(b)
	}
	return v, nil
}
