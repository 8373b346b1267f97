// Package artefact is the file of a trained model: a magic word, the number of
// its format, a card as JSON, the weights and a checksum over all of it.
package artefact

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// maxCard bounds the card of a file that may be anything.
const maxCard = 1 << 20

// Format is one kind of file. Open's errors wrap Err.
type Format struct {
	Magic   string
	Version uint32
	Err     error
}

// Write stores card and weights: magic, version and length of the card as
// little-endian 32 bits, the card as JSON, the weights, SHA-256 of all before.
func (f Format) Write(w io.Writer, card any, weights []byte) error {
	text, err := json.Marshal(card)
	if err != nil {
		return fmt.Errorf("card: %w", err)
	}
	var out bytes.Buffer
	out.WriteString(f.Magic)
	_ = binary.Write(&out, binary.LittleEndian, [2]uint32{f.Version, uint32(len(text))}) // a buffer takes all
	out.Write(text)
	out.Write(weights)
	sum := sha256.Sum256(out.Bytes())
	out.Write(sum[:])
	_, err = w.Write(out.Bytes())
	return err
}

// Open reads the card and returns the weights, which are part of data.
func (f Format) Open(data []byte, card any) (weights []byte, err error) {
	head := len(f.Magic)
	body := len(data) - sha256.Size
	if body < head+8 || string(data[:head]) != f.Magic {
		return nil, f.Err
	}
	if v := binary.LittleEndian.Uint32(data[head:]); v != f.Version {
		return nil, fmt.Errorf("%w: format %d, this program reads %d", f.Err, v, f.Version)
	}
	if sum := sha256.Sum256(data[:body]); !bytes.Equal(sum[:], data[body:]) {
		return nil, fmt.Errorf("%w: the file is damaged (checksum)", f.Err)
	}
	length := binary.LittleEndian.Uint32(data[head+4:])
	rest := data[head+8 : body]
	if length > maxCard || int(length) > len(rest) {
		return nil, fmt.Errorf("%w: the card is too long", f.Err)
	}
	if err := json.Unmarshal(rest[:length], card); err != nil {
		return nil, fmt.Errorf("%w: card: %w", f.Err, err)
	}
	return rest[length:], nil
}
