package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// The artefact is: magic, format version, length of the card, the card as JSON,
// bias and lexicon weights as float32, one scale for each class, the n-gram
// weights as int8 (rows of Classes), SHA-256 of all before. Little endian.
const (
	magic         = "EARSHOT-SENTIMENT"
	formatVersion = 1
	maxCard       = 1 << 20
)

// ErrFormat means that a file is no sentiment model, or a broken one.
var ErrFormat = errors.New("not a sentiment model of this version")

// quantise rounds the n-gram weights to 8 bits, in place, so that a model
// scores the same before it is stored and after.
func (m *Model) quantise() (scales row) {
	for c := range Classes {
		top := 0.0
		for b := range m.sparse {
			top = max(top, math.Abs(float64(m.sparse[b][c])))
		}
		scales[c] = float32(top / 127)
		if scales[c] == 0 {
			scales[c] = 1
		}
		for b := range m.sparse {
			m.sparse[b][c] = float32(math.Round(float64(m.sparse[b][c]/scales[c]))) * scales[c]
		}
	}
	return scales
}

func (m *Model) weights() []byte {
	var out bytes.Buffer
	scales := m.quantise()
	for _, part := range []any{m.bias, m.dense, scales} {
		_ = binary.Write(&out, binary.LittleEndian, part) // a buffer takes all
	}
	for _, r := range m.sparse {
		for c, w := range r {
			out.WriteByte(byte(int8(math.Round(float64(w / scales[c])))))
		}
	}
	return out.Bytes()
}

func (m *Model) hash() string {
	sum := sha256.Sum256(m.weights())
	return hex.EncodeToString(sum[:6])
}

// Write stores the model.
func (m *Model) Write(w io.Writer) error {
	card, err := json.Marshal(m.Card)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.WriteString(magic)
	head := [2]uint32{formatVersion, uint32(len(card))}
	_ = binary.Write(&out, binary.LittleEndian, head)
	out.Write(card)
	out.Write(m.weights())
	sum := sha256.Sum256(out.Bytes())
	out.Write(sum[:])
	_, err = w.Write(out.Bytes())
	return err
}

// Read loads a model. ErrFormat says that the bytes are none.
func Read(data []byte) (*Model, error) {
	body := len(data) - sha256.Size
	if body < len(magic)+8 || string(data[:len(magic)]) != magic {
		return nil, ErrFormat
	}
	if v := binary.LittleEndian.Uint32(data[len(magic):]); v != formatVersion {
		return nil, fmt.Errorf("%w: format %d, this program reads %d", ErrFormat, v, formatVersion)
	}
	if sum := sha256.Sum256(data[:body]); !bytes.Equal(sum[:], data[body:]) {
		return nil, fmt.Errorf("%w: the file is damaged (checksum)", ErrFormat)
	}
	cardLen := binary.LittleEndian.Uint32(data[len(magic)+4:])
	rest := data[len(magic)+8 : body]
	if cardLen > maxCard || int(cardLen) > len(rest) {
		return nil, fmt.Errorf("%w: the card is too long", ErrFormat)
	}
	m := &Model{sparse: make([]row, Buckets)}
	if err := json.Unmarshal(rest[:cardLen], &m.Card); err != nil {
		return nil, fmt.Errorf("%w: card: %w", ErrFormat, err)
	}
	var scales row
	r := bytes.NewReader(rest[cardLen:])
	for _, part := range []any{&m.bias, &m.dense, &scales} {
		if err := binary.Read(r, binary.LittleEndian, part); err != nil {
			return nil, fmt.Errorf("%w: weights are missing", ErrFormat)
		}
	}
	if r.Len() != Buckets*int(Classes) {
		return nil, fmt.Errorf("%w: %d n-gram weights instead of %d", ErrFormat, r.Len(), Buckets*int(Classes))
	}
	grams := rest[len(rest)-r.Len():]
	for b := range m.sparse {
		for c := range scales {
			m.sparse[b][c] = float32(int8(grams[b*int(Classes)+c])) * scales[c]
		}
	}
	return m, nil
}
