package learned

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"

	"earshot/sentiment/artefact"
	"earshot/sentiment/model"
)

// The weights are the taxonomy, as JSON after its length, the tables of the topics and
// of the polarities, and the weights of the topics' second stage. A table is: number of its columns and of its sparse rows, a scale for each column, the features
// of the sparse rows, their weights as int8, the weights of all other features as
// float32. Little endian.

// ErrFormat means that a file is no topics model, or a broken one.
var ErrFormat = errors.New("not a topics model of this version")

func format() artefact.Format {
	return artefact.Format{Magic: "EARSHOT-TOPICS", Version: 4, Err: ErrFormat}
}

// vectorsVersion names the word vectors and their clusters.
func vectorsVersion(v *model.Vectors) string {
	sum := crc32.NewIEEE()
	row := make([]byte, model.Dimensions)
	for i := range v.Len() {
		for j, b := range v.At(i) {
			row[j] = byte(b)
		}
		_, _ = sum.Write(row)
	}
	_, _ = sum.Write(clusterTable)
	return hex.EncodeToString(sum.Sum(nil))
}

// newTable makes a table of the weights of each column: 8 bits for the features
// below exact, all others as they are.
func newTable(weights [][]float32, exact int) table {
	t := table{columns: len(weights), exact: exact, scales: make([]float32, len(weights)), index: make([]uint32, len(weights[0]))}
	for c, w := range weights {
		top := 0.0
		for _, x := range w[:exact] {
			top = max(top, math.Abs(float64(x)))
		}
		t.scales[c] = float32(max(top, 1e-9) / 127)
	}
	t.rows = make([]float32, t.columns)
	for at := range t.index {
		row := make([]float32, t.columns)
		used := at >= exact
		for c, w := range weights {
			row[c] = w[at]
			if at < exact {
				row[c] = float32(math.Round(float64(w[at]/t.scales[c]))) * t.scales[c]
			}
			used = used || row[c] != 0
		}
		if used {
			t.index[at] = uint32(len(t.rows) / t.columns)
			t.rows = append(t.rows, row...)
		}
	}
	return t
}

func (t *table) write(out *bytes.Buffer) {
	var features []uint32
	var steps []uint8 // of int8
	var whole []float32
	for at, i := range t.index {
		switch row := t.row(uint32(at)); {
		case at >= t.exact:
			whole = append(whole, row...)
		case i > 0:
			features = append(features, uint32(at))
			for c, x := range row {
				steps = append(steps, uint8(int8(math.Round(float64(x/t.scales[c])))))
			}
		}
	}
	for _, part := range []any{[2]uint32{uint32(t.columns), uint32(len(features))}, t.scales, features, steps, whole} {
		_ = binary.Write(out, binary.LittleEndian, part) // a buffer takes all
	}
}

// readTable is the counterpart of write for a table over size features.
func readTable(data []byte, columns, exact, size int) (t table, rest []byte, err error) {
	var head [2]uint32
	n, err := binary.Decode(data, binary.LittleEndian, &head)
	if err != nil || int(head[0]) != columns || int(head[1]) > exact {
		return t, nil, fmt.Errorf("%w: weights do not fit the card", ErrFormat)
	}
	data = data[n:]
	sparse := int(head[1])
	if columns == 0 {
		return t, data, nil
	}
	t = table{columns: columns, exact: exact, scales: make([]float32, columns), index: make([]uint32, size)}
	features, steps, whole := make([]uint32, sparse), make([]uint8, sparse*columns), make([]float32, (size-exact)*columns)
	for _, part := range []any{t.scales, features, steps, whole} {
		n, err := binary.Decode(data, binary.LittleEndian, part)
		if err != nil {
			return t, nil, fmt.Errorf("%w: weights are missing", ErrFormat)
		}
		data = data[n:]
	}
	t.rows = make([]float32, columns, (1+sparse)*columns+len(whole))
	for i, at := range features {
		if int(at) >= exact {
			return t, nil, fmt.Errorf("%w: no feature %d", ErrFormat, at)
		}
		t.index[at] = uint32(i + 1)
		for c, scale := range t.scales {
			t.rows = append(t.rows, float32(int8(steps[i*columns+c]))*scale)
		}
	}
	for at := exact; at < size; at++ {
		t.index[at] = uint32(1 + sparse + at - exact)
	}
	t.rows = append(t.rows, whole...)
	return t, data, nil
}

func (m *Model) weights() ([]byte, error) {
	text, err := m.rules.text()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	_ = binary.Write(&out, binary.LittleEndian, uint32(len(text))) // a buffer takes all
	out.Write(text)
	m.labels.write(&out)
	m.polarity.write(&out)
	_ = binary.Write(&out, binary.LittleEndian, m.second)
	return out.Bytes(), nil
}

func (m *Model) hash() (string, error) {
	weights, err := m.weights()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	_ = json.NewEncoder(sum).Encode([]any{m.Topics, m.Polarities, m.Thresholds}) // a hash takes all
	sum.Write(weights)
	return hex.EncodeToString(sum.Sum(nil)[:6]), nil
}

// Write stores the model.
func (m *Model) Write(w io.Writer) error {
	weights, err := m.weights()
	if err != nil {
		return err
	}
	return format().Write(w, m.Card, weights)
}

// Read loads a model. ErrFormat says that the bytes are none.
func Read(data []byte) (*Model, error) {
	m, err := newModel()
	if err != nil {
		return nil, err
	}
	shipped := m.Card
	weights, err := format().Open(data, &m.Card)
	if err != nil {
		return nil, err
	}
	if m.Vectors != shipped.Vectors || m.Base != shipped.Base {
		return nil, fmt.Errorf("%w: it builds on the sentiment model %s, this program ships %s: train it again", ErrFormat, m.Base, shipped.Base)
	}
	return m, m.read(weights)
}

// read is the counterpart of weights.
func (m *Model) read(data []byte) (err error) {
	if len(m.Topics) == 0 || len(m.Topics) > maxTopics || len(m.Thresholds) != len(m.Topics) || len(m.Polarities) > 4 {
		return fmt.Errorf("%w: the card names no topics with their thresholds", ErrFormat)
	}
	var size uint32
	if n, err := binary.Decode(data, binary.LittleEndian, &size); err != nil || uint64(size) > uint64(len(data)-n) {
		return fmt.Errorf("%w: rules are missing", ErrFormat)
	}
	const head = 4
	if m.rules, err = readRules(m.Rules, data[head:head+int(size)]); err != nil {
		return err
	}
	data = data[head+int(size):]
	if m.labels, data, err = readTable(data, len(m.Topics), vectorAt, m.space()); err != nil {
		return err
	}
	if m.polarity, data, err = readTable(data, len(m.Polarities), aboutAt, m.polaritySpace()); err != nil {
		return err
	}
	m.second = make([]float32, secondFeatures*len(m.Topics))
	n, err := binary.Decode(data, binary.LittleEndian, m.second)
	if err != nil {
		return fmt.Errorf("%w: weights are missing", ErrFormat)
	}
	if data = data[n:]; len(data) > 0 {
		return fmt.Errorf("%w: %d bytes too many", ErrFormat, len(data))
	}
	return nil
}
