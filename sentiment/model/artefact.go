package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"

	"earshot/sentiment/artefact"
)

// The weights are: bias, class offsets and lexicon weights as float32, number of
// word rows, one scale for each class and table, the n-gram weights as int8 (rows
// of Classes), the keys of the words, their rows as int8 (plain and negated).
// Little endian.
const wordBytes = 4 + 2*int(Classes)

// ErrFormat means that a file is no sentiment model, or a broken one.
var ErrFormat = errors.New("not a sentiment model of this version")

func format() artefact.Format {
	return artefact.Format{Magic: "EARSHOT-SENTIMENT", Version: 2, Err: ErrFormat}
}

// fixed are the weights that are stored as they are.
type fixed struct {
	Bias, Prefer row
	Dense        [Dense]row
	Words        uint32
	Scales       [2]row // of the n-grams, of the words
}

// quantise rounds the weights of n-grams and words to 8 bits, in place, so that
// a model scores the same before it is stored and after.
func (m *Model) quantise() (scales [2]row) {
	scales[0] = quantise(len(m.sparse), func(i int) *row { return &m.sparse[i] })
	scales[1] = quantise(2*len(m.words), func(i int) *row { return m.wordRow(i) })
	return scales
}

// wordRow counts the rows of the words: plain, negated, plain, and so on.
func (m *Model) wordRow(i int) *row {
	if i%2 == 0 {
		return &m.words[i/2].plain
	}
	return &m.words[i/2].negated
}

func quantise(n int, at func(int) *row) (scales row) {
	for c := range Classes {
		top := 0.0
		for i := range n {
			top = max(top, math.Abs(float64(at(i)[c])))
		}
		scales[c] = float32(top / 127)
		if scales[c] == 0 {
			scales[c] = 1
		}
		for i := range n {
			w := &at(i)[c]
			*w = float32(math.Round(float64(*w/scales[c]))) * scales[c]
		}
	}
	return scales
}

func (m *Model) weights() []byte {
	var out bytes.Buffer
	head := fixed{Bias: m.bias, Prefer: m.prefer, Dense: m.dense, Words: uint32(len(m.words)), Scales: m.quantise()}
	_ = binary.Write(&out, binary.LittleEndian, head) // a buffer takes all
	steps := func(r *row, scales *row) {
		for c, w := range r {
			out.WriteByte(byte(int8(math.Round(float64(w / scales[c])))))
		}
	}
	for i := range m.sparse {
		steps(&m.sparse[i], &head.Scales[0])
	}
	_ = binary.Write(&out, binary.LittleEndian, m.keys)
	for i := range 2 * len(m.words) {
		steps(m.wordRow(i), &head.Scales[1])
	}
	return out.Bytes()
}

func (m *Model) hash() string {
	sum := sha256.Sum256(m.weights())
	return hex.EncodeToString(sum[:6])
}

// Write stores the model.
func (m *Model) Write(w io.Writer) error { return format().Write(w, m.Card, m.weights()) }

// Read loads a model. ErrFormat says that the bytes are none.
func Read(data []byte) (*Model, error) {
	m := &Model{sparse: make([]row, Buckets)}
	weights, err := format().Open(data, &m.Card)
	if err != nil {
		return nil, err
	}
	return m, m.read(weights)
}

// read is the counterpart of weights.
func (m *Model) read(data []byte) error {
	var head fixed
	n, err := binary.Decode(data, binary.LittleEndian, &head)
	if err != nil {
		return fmt.Errorf("%w: weights are missing", ErrFormat)
	}
	grams := Buckets * int(Classes)
	if want := n + grams + int(head.Words)*wordBytes; len(data) != want {
		return fmt.Errorf("%w: %d bytes of weights instead of %d", ErrFormat, len(data), want)
	}
	m.bias, m.prefer, m.dense = head.Bias, head.Prefer, head.Dense
	m.keys, m.words = make([]uint32, head.Words), make([]wordRow, head.Words)
	steps := data[n : n+grams]
	value := func(r *row, i int, scales *row) {
		for c := range r {
			r[c] = float32(int8(steps[i*int(Classes)+c])) * scales[c]
		}
	}
	for i := range m.sparse {
		value(&m.sparse[i], i, &head.Scales[0])
	}
	keys := data[n+grams:]
	for i := range m.keys {
		m.keys[i] = binary.LittleEndian.Uint32(keys[4*i:])
	}
	steps = keys[4*len(m.keys):]
	for i := range 2 * len(m.words) {
		value(m.wordRow(i), i, &head.Scales[1])
	}
	return nil
}
