package lexicon

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"earshot/sentiment/topic"
)

// File is one lexicon as written.
type File struct {
	Name     string              `yaml:"lexicon"`
	About    string              `yaml:"about"`
	Packs    []Text              `yaml:"packs"`   // in force with these packs only; empty: with all
	Classes  map[string][]string `yaml:"classes"` // word lists for phrases: <name>
	Entries  []Entry             `yaml:"entries"`
	Examples []Example           `yaml:"examples"`

	path string
	hash string // of the file's bytes
}

// Entry is a group of phrases that mean the same.
type Entry struct {
	Phrases  []Phrase `yaml:"phrases"`
	Valence  float64  `yaml:"valence"`  // -4..4, as in VADER's lexicon
	Effort   float64  `yaml:"effort"`   // 0..1: how hard it was for the customer
	Negation string   `yaml:"negation"` // turns (as if empty) or fixed
	Scope    string   `yaml:"scope"`    // phrase (as if empty) or clause
	Match    []Text   `yaml:"match"`    // texts that hold one of the phrases
	NoMatch  []Text   `yaml:"no_match"` // texts that hold none

	line int
	file *File
}

// Phrase is one pattern and the line it stands in.
type Phrase struct {
	Text string
	Line int
}

// Text is an example text and the line it stands in.
type Text = Phrase

// Example is a text with the label it must get.
type Example struct {
	Text      string `yaml:"text"`
	Sentiment string `yaml:"sentiment"` // positive, neutral or negative

	line int
}

// UnmarshalYAML keeps the line for errors.
func (p *Phrase) UnmarshalYAML(n *yaml.Node) error {
	p.Line = n.Line
	return n.Decode(&p.Text)
}

// UnmarshalYAML keeps the line and refuses unknown keys.
func (e *Entry) UnmarshalYAML(n *yaml.Node) error {
	if err := knownKeys(n, "phrases", "valence", "effort", "negation", "scope", "match", "no_match"); err != nil {
		return err
	}
	if err := topic.EmptyItem(n); err != nil {
		return err
	}
	type plain Entry
	e.line, e.Valence = n.Line, math.NaN()
	return n.Decode((*plain)(e))
}

// UnmarshalYAML keeps the line and refuses unknown keys.
func (e *Example) UnmarshalYAML(n *yaml.Node) error {
	if err := knownKeys(n, "text", "sentiment"); err != nil {
		return err
	}
	type plain Example
	e.line = n.Line
	return n.Decode((*plain)(e))
}

func knownKeys(n *yaml.Node, keys ...string) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: expected a mapping of %s", n.Line, strings.Join(keys, ", "))
	}
	for i := 0; i < len(n.Content); i += 2 {
		if key := n.Content[i]; !slices.Contains(keys, key.Value) {
			return fmt.Errorf("line %d: unknown key %q; known are %s", key.Line, key.Value, strings.Join(keys, ", "))
		}
	}
	return nil
}

// Parse reads a lexicon. The error joins all mistakes, each with file and line.
func Parse(path string, data []byte) (*File, error) {
	f := &File{path: path}
	if err := topic.CheckBytes(path, data); err != nil {
		return nil, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(f); errors.Is(err, io.EOF) {
		return nil, f.errAt(1, "the file is empty; expected a lexicon")
	} else if err != nil {
		return nil, topic.YAMLMistake(path, data, err, "lexicon, about, packs, classes, entries, examples")
	}
	sum := sha256.Sum256(data)
	f.hash = hex.EncodeToString(sum[:])
	return f, f.check()
}

func (f *File) errAt(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", f.path, line, fmt.Errorf(format, args...))
}

// check finds what the syntax of YAML allows and a lexicon does not.
func (f *File) check() error {
	var problems []error
	if f.Name == "" {
		problems = append(problems, f.errAt(1, "lexicon: the name is missing"))
	}
	if len(f.Entries) == 0 {
		problems = append(problems, f.errAt(1, "entries: there are none"))
	}
	seen := map[string]int{}
	syntax := topic.NewMatcherBuilder()
	for i := range f.Entries {
		e := &f.Entries[i]
		e.file = f
		problems = append(problems, e.check()...)
		for _, p := range e.Phrases {
			if line, twice := seen[phraseKey(p.Text)]; twice {
				problems = append(problems, f.errAt(p.Line, "%q stands in line %d already", p.Text, line))
			}
			seen[phraseKey(p.Text)] = p.Line
			if _, ok := emojiOf(p.Text); ok {
				continue
			}
			if _, err := syntax.Add(p.Text, f.Classes); err != nil {
				problems = append(problems, f.errAt(p.Line, "%w", err))
			}
		}
	}
	for _, x := range f.Examples {
		if !slices.Contains([]string{"positive", "neutral", "negative"}, x.Sentiment) {
			problems = append(problems, f.errAt(x.line, "sentiment: expected positive, neutral or negative, not %q", x.Sentiment))
		}
	}
	return errors.Join(problems...)
}

func (e *Entry) check() (problems []error) {
	bad := func(line int, format string, args ...any) {
		problems = append(problems, e.file.errAt(line, format, args...))
	}
	if len(e.Phrases) == 0 {
		bad(e.line, "phrases: there are none")
	}
	if math.IsNaN(e.Valence) {
		bad(e.line, "valence: missing; expected a number from -4 to 4")
	} else if math.Abs(e.Valence) > 4 {
		bad(e.line, "valence %g: expected a number from -4 to 4", e.Valence)
	}
	if e.Effort < 0 || e.Effort > 1 {
		bad(e.line, "effort %g: expected a number from 0 to 1", e.Effort)
	}
	if !slices.Contains([]string{"", "turns", "fixed"}, e.Negation) {
		bad(e.line, "negation %q: expected turns or fixed", e.Negation)
	}
	if !slices.Contains([]string{"", "phrase", "clause"}, e.Scope) {
		bad(e.line, "scope %q: expected phrase or clause", e.Scope)
	}
	return problems
}

// inForce says whether the lexicon goes with one of packs.
func (f *File) inForce(packs []string) bool {
	return len(f.Packs) == 0 || slices.ContainsFunc(f.Packs, func(p Text) bool { return slices.Contains(packs, p.Text) })
}

// CheckPacks finds names that no pack has: the lexicon would never be in force for them.
func (f *File) CheckPacks(known []string) error {
	var problems []error
	for _, p := range f.Packs {
		if !slices.Contains(known, p.Text) {
			problems = append(problems, f.errAt(p.Line, "packs: no pack is called %q; there are %s", p.Text, strings.Join(known, ", ")))
		}
	}
	return errors.Join(problems...)
}
