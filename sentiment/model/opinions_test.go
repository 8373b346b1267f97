package model

import (
	"bytes"
	"errors"
	"maps"
	"math"
	"testing"
)

// TestOpinions writes figures of words, one without a vector, and reads them back.
func TestOpinions(t *testing.T) {
	words := map[string][Opinions]float64{"dreadful": {-1, 1}, "zzyzx": {Opinions - 1: 0.5}, "off": {-7}}
	var file, none bytes.Buffer
	if err := errors.Join(WriteOpinions(&file, words), WriteOpinions(&none, nil)); err != nil {
		t.Fatal(err)
	}
	shipped, err := WordVectors()
	if err != nil {
		t.Fatal(err)
	}
	v, err := shipped.WithOpinions(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	plain, err := shipped.WithOpinions(none.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for word, want := range map[string]map[int]float64{"dreadful": {0: -1, 1: 1}, "zzyzx": {6: 0.5}, "off": {0: -1}} {
		got := map[int]float64{}
		v.meaning(key(hash(seedWord, []byte(word))), func(i int, x float32) {
			if i >= Dimensions && x != 0 {
				got[i-Dimensions] = math.Round(float64(x)/opinionScale*100) / 100
			}
		})
		if !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", word, got, want)
		}
	}
	zzyzx := key(hash(seedWord, []byte("zzyzx")))
	if plain.meaning(zzyzx, func(int, float32) {}) || len(v.known()) != len(plain.known())+1 {
		t.Errorf("%d words known with an opinion more, %d without", len(v.known()), len(plain.known()))
	}
}

func TestOpinionsRefuse(t *testing.T) {
	var file bytes.Buffer
	if err := WriteOpinions(&file, map[string][Opinions]float64{"a": {1}}); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"empty": nil, "cut": file.Bytes()[:file.Len()-1], "foreign": []byte("EARSHOT-VECTORS1 and more than a head")} {
		if _, err := new(Vectors).WithOpinions(data); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
