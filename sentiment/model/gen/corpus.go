package main

import (
	"bufio"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"earshot/sentiment/model"
)

// sets are what the base model may be trained on, with their licences.
var sets = []model.Origin{
	{Name: "womens_clothing", Licence: "CC0-1.0"},
	{Name: "uci_amazon", Licence: "CC-BY-4.0"},
	{Name: "uci_imdb", Licence: "CC-BY-4.0"},
	{Name: "uci_yelp", Licence: "CC-BY-4.0"},
	{Name: "vader_tweets", Licence: "MIT"},
	{Name: "vader_amazon", Licence: "MIT"},
}

const (
	neutralMean   = 0.25 // |mean| of VADER's ratings (-4..4) below which a text is neutral
	neutralWeight = 0.7  // of a neutral text against one of the other classes
	setPower      = 0.75 // a set counts by its rows to the power of 1 less this
	serviceWeight = 0.6  // of our own texts, which are easy
	perTemplate   = 8    // choices drawn from a line of service.txt
	rareClass     = 5    // fewer texts of a class than this count as these
)

// corpus reads all sets but one and weighs them so that in each set each class counts alike.
func corpus(folder, without string) ([]model.Example, model.Card, error) {
	card := model.Card{Languages: []string{"en"}}
	var examples []model.Example
	add := func(origin model.Origin, own []model.Example, weight float64) {
		balance(own, weight, len(card.TrainedOn))
		origin.Rows = len(own)
		card.TrainedOn = append(card.TrainedOn, origin)
		examples = append(examples, own...)
	}
	for _, set := range sets {
		if set.Name == without {
			continue
		}
		own, err := read(filepath.Join(folder, set.Name+".jsonl.gz"))
		if err != nil {
			return nil, card, err
		}
		add(set, own, 1)
	}
	add(model.Origin{Name: "service", Licence: "GPL-3.0-or-later"}, service(), serviceWeight)
	total := 0.0
	for _, e := range examples {
		total += e.Weight
	}
	for i := range examples {
		examples[i].Weight *= float64(len(examples)) / total
	}
	return examples, card, nil
}

func balance(own []model.Example, weight float64, group int) {
	var counts [model.Classes]int
	for _, e := range own {
		counts[e.Class]++
	}
	for i := range own {
		e := &own[i]
		e.Group = group
		e.Weight = weight * math.Pow(float64(len(own)), 1-setPower) / float64(int(model.Classes)*max(rareClass, counts[e.Class]))
		if e.Class == model.Neutral {
			e.Weight *= neutralWeight
		}
	}
}

// read returns the labelled texts of a set, each once.
func read(path string) (out []model.Example, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // it was only read
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	seen := map[string]bool{}
	for lines := json.NewDecoder(bufio.NewReader(z)); ; {
		var r struct {
			Text, Label string
			Raw         struct{ Mean *float64 }
		}
		err := lines.Decode(&r)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		class, ok := classes[r.Label]
		if !ok || seen[r.Text] {
			continue
		}
		seen[r.Text] = true
		if r.Raw.Mean != nil && math.Abs(*r.Raw.Mean) < neutralMean {
			class = model.Neutral
		}
		out = append(out, model.Example{Text: r.Text, Class: class})
	}
}

var classes = map[string]model.Class{"negative": model.Negative, "neutral": model.Neutral, "positive": model.Positive}

//go:embed service.txt
var serviceText string

var choice = regexp.MustCompile(`\{[^}]*\}`)

// service draws texts from the templates of service.txt.
func service() (out []model.Example) {
	random := rand.New(rand.NewPCG(1, 1))
	class := model.Negative
	for line := range strings.Lines(serviceText) {
		line = strings.TrimSpace(line)
		if c, ok := classes[line]; ok {
			class = c
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		drawn := map[string]bool{}
		for range 4 * perTemplate {
			text := strings.Join(strings.Fields(choice.ReplaceAllStringFunc(line, func(s string) string {
				options := strings.Split(s[1:len(s)-1], "|")
				return options[random.IntN(len(options))]
			})), " ")
			if len(drawn) < perTemplate && !drawn[text] {
				drawn[text] = true
				out = append(out, model.Example{Text: text, Class: class})
			}
		}
	}
	return out
}
