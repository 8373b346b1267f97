package model

import (
	_ "embed"
	"sync"
)

//go:embed base.model
var baseModel []byte

//go:embed vectors.bin
var wordVectors []byte

//go:embed opinions.bin
var wordOpinions []byte

// Base returns the shipped model; docs/models.md is its card.
var Base = sync.OnceValues(func() (*Model, error) { return Read(baseModel) })

// Own tells a model that was trained on texts of its owner, not merely recalibrated
// to a few.
func (m *Model) Own() bool {
	base, err := Base()
	return m.Examples >= minRetrained && (err != nil || m.Version != base.Version)
}

// WordVectors returns the shipped word vectors and opinions, which training learns from.
var WordVectors = sync.OnceValues(func() (*Vectors, error) {
	v, err := ReadVectors(wordVectors)
	if err != nil {
		return nil, err
	}
	return v.WithOpinions(wordOpinions)
})
