package model

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

// Opinions is how many figures the lexicons of opinion give of a word.
const Opinions = 7

// opinions are what lexicons of opinion say of words, in 8 bits, found by the hash
// of the word. Like vectors they serve training alone.
type opinions struct {
	keys []uint32 // of the words, sorted
	data []int8   // Opinions for each key
}

const opinionsMagic = "EARSHOT-OPINIONS1"

// opinionSteps is how many steps of int8 a figure of 1 has.
const opinionSteps = 120

// opinionScale weighs the mean opinion of a text against its other features.
const opinionScale = 5

// WriteOpinions stores the figures of words, each in -1..1, rounded.
func WriteOpinions(w io.Writer, words map[string][Opinions]float64) error {
	figures := make(map[uint32][Opinions]float64, len(words))
	for word, f := range words {
		figures[key(hash(seedWord, []byte(word)))] = f
	}
	if len(figures) != len(words) {
		return fmt.Errorf("opinions: %d words share a key", len(words)-len(figures))
	}
	keys := make([]uint32, 0, len(figures))
	for k := range figures {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var out bytes.Buffer
	out.WriteString(opinionsMagic)
	_ = binary.Write(&out, binary.LittleEndian, uint32(len(keys))) // a buffer takes all
	_ = binary.Write(&out, binary.LittleEndian, keys)
	for _, k := range keys {
		for _, x := range figures[k] {
			out.WriteByte(byte(int8(math.Round(max(-1, min(1, x)) * opinionSteps))))
		}
	}
	_, err := w.Write(out.Bytes())
	return err
}

// WithOpinions returns the vectors together with the opinions that WriteOpinions wrote.
func (v *Vectors) WithOpinions(data []byte) (*Vectors, error) {
	head := len(opinionsMagic) + 4
	if len(data) < head || string(data[:len(opinionsMagic)]) != opinionsMagic {
		return nil, fmt.Errorf("opinions: %w", ErrFormat)
	}
	n := int(binary.LittleEndian.Uint32(data[head-4:]))
	if len(data) != head+n*(4+Opinions) {
		return nil, fmt.Errorf("opinions: %w: %d words do not fit %d bytes", ErrFormat, n, len(data))
	}
	o := opinions{keys: make([]uint32, n), data: make([]int8, n*Opinions)}
	for i := range o.keys {
		o.keys[i] = binary.LittleEndian.Uint32(data[head+4*i:])
	}
	for i, b := range data[head+4*n:] {
		o.data[i] = int8(b)
	}
	return &Vectors{keys: v.keys, data: v.data, opinions: o}, nil
}

// meaningSize is the number of a word's figures: its vector, then its opinions.
const meaningSize = Dimensions + Opinions

// meaning calls use with the figures known of a word; false says that there are none.
func (v *Vectors) meaning(k uint32, use func(i int, x float32)) bool {
	place, opinion := find(v.keys, k), find(v.opinions.keys, k)
	if place >= 0 {
		for i, b := range v.At(place) {
			use(i, float32(b)*vectorScale/vectorSteps)
		}
	}
	if opinion >= 0 {
		for i, b := range v.opinions.data[opinion*Opinions : (opinion+1)*Opinions] {
			use(Dimensions+i, float32(b)*opinionScale/opinionSteps)
		}
	}
	return place >= 0 || opinion >= 0
}

// known returns the keys of all words with a vector or an opinion, sorted.
func (v *Vectors) known() []uint32 {
	keys := slices.Concat(v.keys, v.opinions.keys)
	slices.Sort(keys)
	return slices.Compact(keys)
}
