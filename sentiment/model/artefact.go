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

func (m *Model) weights() []byte {
	var out bytes.Buffer
	head := fixed{Bias: m.bias, Prefer: m.prefer, Dense: m.dense, Words: uint32(len(m.keys)), Scales: [2]row{m.grams.scales, m.words.scales}}
	_ = binary.Write(&out, binary.LittleEndian, head) // a buffer takes all
	write := func(t *table) {
		for _, s := range t.steps {
			for c := range Classes {
				out.WriteByte(byte(s.of(c)))
			}
		}
	}
	write(&m.grams)
	_ = binary.Write(&out, binary.LittleEndian, m.keys)
	write(&m.words)
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
	m := &Model{}
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
	m.grams = readTable(data[n:n+grams], head.Scales[0])
	m.keys = make([]uint32, head.Words)
	data = data[n+grams:]
	for i := range m.keys {
		m.keys[i] = binary.LittleEndian.Uint32(data[4*i:])
	}
	m.words = readTable(data[4*len(m.keys):], head.Scales[1])
	return nil
}

func readTable(data []byte, scales row) table {
	t := table{steps: make([]steps, len(data)/int(Classes)), scales: scales}
	for i := range t.steps {
		for c, b := range data[i*int(Classes) : (i+1)*int(Classes)] {
			t.steps[i] |= steps(b) << (8 * c)
		}
	}
	return t
}
