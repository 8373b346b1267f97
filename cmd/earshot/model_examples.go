package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"earshot/pipeline/labelled"
	"earshot/sentiment"
	"earshot/sentiment/model"
)

// languageCode tells codes of ISO 639-1 from other names.
var languageCode = regexp.MustCompile(`^[a-z]{2}$`).MatchString

// rowsOf are the labelled rows of a file that are in use.
type rowsOf struct {
	path                          string
	rows                          []labelled.Row
	unlabelled, repeated, foreign int
}

// examples reads the labelled rows of all files and keeps those of one language.
func (p *program) examples(paths []string, f trainFlags) ([]model.Example, model.Card, error) {
	seen := map[string]bool{}
	files := make([]rowsOf, len(paths))
	for i, path := range paths {
		files[i].path = path
		if err := files[i].read(seen); err != nil {
			return nil, model.Card{}, err
		}
	}
	language := f.language
	if language == "" {
		var err error
		if language, err = languageOf(files); err != nil {
			return nil, model.Card{}, err
		}
	}
	var examples []model.Example
	card := model.Card{Languages: []string{language}}
	for i := range files {
		file := &files[i]
		file.keep(language)
		for _, row := range file.rows {
			class, _ := classOf(row)
			examples = append(examples, model.Example{Text: row.Text, Class: class, Group: i})
		}
		for _, left := range []struct {
			n   int
			why string
		}{{file.unlabelled, "rows without label and rating"}, {file.repeated, "repeated texts"}, {file.foreign, "rows in other languages than " + language}} {
			if left.n > 0 {
				fmt.Fprintf(p.stderr, "%s: %d %s left out\n", file.path, left.n, left.why)
			}
		}
		card.TrainedOn = append(card.TrainedOn, model.Origin{Name: setName(file.path), Rows: len(file.rows), Licence: f.licence})
	}
	return examples, card, nil
}

func (f *rowsOf) read(seen map[string]bool) error {
	return readLabelled(f.path, func(row labelled.Row) {
		if _, ok := classOf(row); !ok {
			f.unlabelled++
			return
		}
		key := strings.Join(strings.Fields(strings.ToLower(row.Text)), " ")
		if seen[key] {
			f.repeated++
			return
		}
		seen[key] = true
		f.rows = append(f.rows, row)
	})
}

// keep drops the rows that name another language.
func (f *rowsOf) keep(language string) {
	before := len(f.rows)
	f.rows = slices.DeleteFunc(f.rows, func(row labelled.Row) bool {
		named, ok := sentiment.LanguageOf(row.Lang)
		return ok && named.Code != language
	})
	f.foreign = before - len(f.rows)
}

const (
	glance = 2000 // rows whose language is looked at where none is named
	mainly = 0.9  // share of the rows that the language of a file has at least
)

// languageOf is the language that the rows name, or that most of them are in.
func languageOf(files []rowsOf) (string, error) {
	named, detected := map[string]int{}, map[string]int{}
	rows, looked := 0, 0
	var doc sentiment.Doc
	for _, f := range files {
		for _, row := range f.rows {
			if l, ok := sentiment.LanguageOf(row.Lang); ok {
				named[l.Code]++
				rows++
			} else if looked < glance {
				doc.Scan(row.Text)
				detected[doc.Language().Code]++
				looked++
			}
		}
	}
	byCount := func(of map[string]int) []string {
		return slices.SortedFunc(maps.Keys(of), func(a, b string) int { return cmp.Or(of[b]-of[a], strings.Compare(a, b)) })
	}
	if most := byCount(named); len(most) > 0 {
		if float64(named[most[0]]) < mainly*float64(rows) {
			return "", usagef("the rows are in several languages (%s): name one with --language", strings.Join(most, ", "))
		}
		return most[0], nil
	}
	delete(detected, sentiment.Undetermined)
	if most := byCount(detected); len(most) > 0 {
		return most[0], nil
	}
	return "en", nil
}

func setName(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".gz"), ".jsonl")
}

// readLabelled passes every row of a file on and stops at the first bad one.
func readLabelled(path string, use func(labelled.Row)) error {
	if err := checkInputs([]string{path}); err != nil {
		return err
	}
	if err := checkInputs([]string{path}); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return usagef("%s: %s", path, reasonOf(err))
	}
	defer f.Close()
	for row, err := range labelled.Read(f) {
		if syntax := new(json.SyntaxError); errors.As(err, &syntax) {
			return fmt.Errorf("%s: %w; expected a JSON object in each line, with text and label, rating or topics", path, err)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		use(row)
	}
	return nil
}

func classOf(row labelled.Row) (model.Class, bool) {
	label, ok := row.Truth()
	return label.Class(), ok
}
