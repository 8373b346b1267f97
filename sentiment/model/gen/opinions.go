package main

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"earshot/sentiment/model"
)

// mean of what the entries of one word say.
type mean struct {
	sum float64
	n   int
}

// glossary gathers the figures of words over all lexicons.
type glossary map[string]*[model.Opinions]mean

func (g glossary) add(word string, figure int, x float64) {
	word = strings.ToLower(strings.TrimSpace(word))
	if word == "" || strings.ContainsAny(word, " _") {
		return
	}
	if g[word] == nil {
		g[word] = new([model.Opinions]mean)
	}
	m := &g[word][figure]
	m.sum, m.n = m.sum+x, m.n+1
}

// figures leaves out words of which no lexicon thinks anything.
func (g glossary) figures() map[string][model.Opinions]float64 {
	out := make(map[string][model.Opinions]float64, len(g))
	for word, means := range g {
		var f [model.Opinions]float64
		for i, m := range means {
			if m.n > 0 {
				f[i] = m.sum / float64(m.n)
			}
		}
		if f != [model.Opinions]float64{} {
			out[word] = f
		}
	}
	return out
}

// The figures of a word, in their order. docs/models.md names the lexicons.
const (
	clue         = iota // MPQA: polarity, weak clues count less
	clueStrength        // MPQA: how subjective the word is, whatever its polarity
	happiness           // labMT: above or below that of an average word
	patternPolarity
	patternSubjectivity
	afinn
	huLiu
)

// lexicons are the files that are read, by their places in the unpacked packages.
var lexicons = []struct {
	path string
	read func(glossary, io.Reader) error
}{
	{"labMTsimple-2.8.8/labMTsimple/data/MPQA/subjectivity_clues_hltemnlp05/subjclueslen1-HLTEMNLP05.tff", readClues},
	{"labMTsimple-2.8.8/labMTsimple/data/LabMT/labMT2english.txt", readHappiness},
	{"labMTsimple-2.8.8/labMTsimple/data/OL/positive-words-clean.txt", readList(1)},
	{"labMTsimple-2.8.8/labMTsimple/data/OL/negative-words-clean.txt", readList(-1)},
	{"textblob/en/en-sentiment.xml", readPattern},
	{"package/index.json", readAfinn},
}

// writeOpinions reads the lexicons in folder and writes opinions.bin.
func writeOpinions(folder, to string) error {
	g := glossary{}
	for _, l := range lexicons {
		in, err := os.Open(filepath.Join(folder, l.path))
		if err != nil {
			return err
		}
		err = l.read(g, in)
		in.Close() // it was only read
		if err != nil {
			return fmt.Errorf("%s: %w", l.path, err)
		}
	}
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if err := model.WriteOpinions(out, g.figures()); err != nil {
		return err
	}
	return out.Close()
}

// readClues reads "type=weaksubj len=1 word1=abandon … priorpolarity=negative".
func readClues(g glossary, in io.Reader) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		fields := map[string]string{}
		for _, f := range strings.Fields(lines.Text()) {
			if name, value, ok := strings.Cut(f, "="); ok {
				fields[name] = value
			}
		}
		weight, strength := 0.6, 0.5
		if fields["type"] == "strongsubj" {
			weight, strength = 1, 1
		}
		sign := map[string]float64{"positive": 1, "negative": -1}[fields["priorpolarity"]]
		g.add(fields["word1"], clue, sign*weight)
		g.add(fields["word1"], clueStrength, strength)
	}
	return lines.Err()
}

// readHappiness reads word, rank and mean rating (1 to 9, on average 5.4) by tabs.
func readHappiness(g glossary, in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Scan() // the names of the columns
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) < 3 {
			continue
		}
		rating, err := strconv.ParseFloat(fields[2], 64)
		if err != nil {
			return err
		}
		g.add(fields[0], happiness, (rating-5.4)/3)
	}
	return lines.Err()
}

func readList(sign float64) func(glossary, io.Reader) error {
	return func(g glossary, in io.Reader) error {
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			g.add(lines.Text(), huLiu, sign)
		}
		return lines.Err()
	}
}

func readPattern(g glossary, in io.Reader) error {
	var file struct {
		Words []struct {
			Form         string  `xml:"form,attr"`
			Polarity     float64 `xml:"polarity,attr"`
			Subjectivity float64 `xml:"subjectivity,attr"`
		} `xml:"word"`
	}
	if err := xml.NewDecoder(in).Decode(&file); err != nil {
		return err
	}
	for _, w := range file.Words {
		g.add(w.Form, patternPolarity, w.Polarity)
		g.add(w.Form, patternSubjectivity, w.Subjectivity)
	}
	return nil
}

func readAfinn(g glossary, in io.Reader) error {
	var scores map[string]float64 // -5 to 5
	if err := json.NewDecoder(in).Decode(&scores); err != nil {
		return err
	}
	for word, score := range scores {
		g.add(word, afinn, score/5)
	}
	return nil
}
