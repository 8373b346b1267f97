package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

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

// wordRow counts the rows of the words: plain, negated, plain, and so on.
func (m *Model) wordRow(i int) *row {
	if i%2 == 0 {
		return &m.words[i/2].plain
	}
	return &m.words[i/2].negated
}

// roundWords ends the making of a model: its words are as they are stored, so that
// storing one changes nothing that a worker reads at the same time.
func (m *Model) roundWords() { m.wordScales = quantise(2*len(m.words), m.wordRow) }

func (m *Model) weights() []byte {
	var out bytes.Buffer
	head := fixed{Bias: m.bias, Prefer: m.prefer, Dense: m.dense, Words: uint32(len(m.words)), Scales: [2]row{m.grams.scales, m.wordScales}}
	_ = binary.Write(&out, binary.LittleEndian, head) // a buffer takes all
	write := func(s [4]int8) {
		for c := range Classes {
			out.WriteByte(byte(s[c]))
		}
	}
	for _, s := range m.grams.steps {
		write(s)
	}
	_ = binary.Write(&out, binary.LittleEndian, m.keys)
	for i := range 2 * len(m.words) {
		write(steps(m.wordRow(i), &m.wordScales))
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
	m := &Model{grams: table{steps: make([][4]int8, Buckets)}}
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
	m.grams.scales, m.wordScales = head.Scales[0], head.Scales[1]
	for i, b := range data[n : n+grams] {
		m.grams.steps[i/int(Classes)][i%int(Classes)] = int8(b)
	}
	keys := data[n+grams:]
	for i := range m.keys {
		m.keys[i] = binary.LittleEndian.Uint32(keys[4*i:])
	}
	steps := keys[4*len(m.keys):]
	for i := range 2 * len(m.words) {
		r := m.wordRow(i)
		for c := range r {
			r[c] = float32(int8(steps[i*int(Classes)+c])) * m.wordScales[c]
		}
	}
	return nil
}
