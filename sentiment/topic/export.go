package topic

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Definition is a taxonomy as data, in the form of a pack file.
type Definition struct {
	Pack      string                    `yaml:"pack" json:"pack"`
	Extends   string                    `yaml:"extends,omitempty" json:"extends,omitempty"`
	About     string                    `yaml:"about,omitempty" json:"about,omitempty"`
	Languages []string                  `yaml:"languages,omitempty,flow" json:"languages,omitempty"` // none: English
	Classes   map[string]ClassWords     `yaml:"classes,omitempty" json:"classes,omitempty"`
	Topics    map[string]RuleDefinition `yaml:"topics,omitempty" json:"topics,omitempty"`
	Contexts  map[string]RuleDefinition `yaml:"contexts,omitempty" json:"contexts,omitempty"`
	Intents   map[string]RuleDefinition `yaml:"intents,omitempty" json:"intents,omitempty"`
	Tags      []TagDefinition           `yaml:"tags,omitempty" json:"tags,omitempty"`
	Gates     map[string]Gate           `yaml:"gates,omitempty" json:"gates,omitempty"`
}

// ClassWords is a class of words; in YAML it takes one line.
type ClassWords []string

// MarshalYAML writes the words side by side.
func (w ClassWords) MarshalYAML() (any, error) {
	n := &yaml.Node{}
	if err := n.Encode([]string(w)); err != nil {
		return nil, err
	}
	n.Style = yaml.FlowStyle
	return n, nil
}

// RuleDefinition is a rule in the form of a pack file; see Rule.
type RuleDefinition struct {
	About    string             `yaml:"about,omitempty" json:"about,omitempty"`
	Phrases  []string           `yaml:"phrases,omitempty" json:"phrases,omitempty"`
	Negative []string           `yaml:"negative,omitempty" json:"negative,omitempty"`
	Positive []string           `yaml:"positive,omitempty" json:"positive,omitempty"`
	Not      []string           `yaml:"not,omitempty" json:"not,omitempty"`
	Hours    []WindowDefinition `yaml:"hours,omitempty" json:"hours,omitempty"`
	Sources  []string           `yaml:"sources,omitempty" json:"sources,omitempty"`
	Opening  []string           `yaml:"opening,omitempty,flow" json:"opening,omitempty"`
	Match    []string           `yaml:"match,omitempty" json:"match,omitempty"`
	NoMatch  []string           `yaml:"no_match,omitempty" json:"no_match,omitempty"`
}

// WindowDefinition is a run of local hours; see Window.
type WindowDefinition struct {
	Days   []string `yaml:"days,omitempty,flow" json:"days,omitempty"`
	From   int      `yaml:"from" json:"from"`
	To     int      `yaml:"to" json:"to"`
	Unless []string `yaml:"unless,omitempty,flow" json:"unless,omitempty"`
}

// TagDefinition is a composite tag; see Tag.
type TagDefinition struct {
	Name      string   `yaml:"name" json:"name"`
	Topic     string   `yaml:"topic,omitempty" json:"topic,omitempty"`
	Sentiment string   `yaml:"sentiment,omitempty" json:"sentiment,omitempty"`
	Contexts  []string `yaml:"contexts,omitempty,flow" json:"contexts,omitempty"`
}

// YAML is the definition as a pack file.
func (d Definition) YAML() ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(d); err != nil {
		return nil, fmt.Errorf("write pack: %w", err)
	}
	return b.Bytes(), nil
}

// JSON is the definition as JSON, which is read as a pack file, too.
func (d Definition) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(d); err != nil {
		return nil, fmt.Errorf("write pack: %w", err)
	}
	return b.Bytes(), nil
}

// Definition is the taxonomy with all that it extends in one: it compiles to the
// same rules without any other pack.
func (t *Tagger) Definition() Definition { return t.pack.definition() }

func (p *Pack) definition() Definition {
	d := Definition{Pack: p.Name, Extends: p.Extends, About: p.About, Classes: map[string]ClassWords{}, Gates: p.Gates,
		Topics: p.Topics.definitions(), Contexts: p.Contexts.definitions(), Intents: p.Intents.definitions()}
	if !slices.Equal(p.Languages, []string{english}) {
		d.Languages = p.Languages
	}
	for name, words := range p.Classes {
		d.Classes[name] = words.List
	}
	for _, t := range p.Tags {
		d.Tags = append(d.Tags, TagDefinition{Name: t.Name, Topic: t.Topic, Sentiment: t.Sentiment, Contexts: t.Contexts})
	}
	return d
}

func (rs Rules) definitions() map[string]RuleDefinition {
	out := make(map[string]RuleDefinition, len(rs))
	for name, r := range rs {
		d := RuleDefinition{About: r.About, Sources: r.Sources, Opening: r.Opening, Match: r.Match, NoMatch: r.NoMatch,
			Phrases: texts(r.Phrases), Negative: texts(r.Negative), Positive: texts(r.Positive), Not: texts(r.Not)}
		for _, h := range r.Hours {
			d.Hours = append(d.Hours, WindowDefinition{Days: h.Days, From: h.From, To: h.To, Unless: h.Unless})
		}
		out[name] = d
	}
	return out
}

func texts(phrases []Phrase) []string {
	var out []string
	for _, ph := range phrases {
		out = append(out, ph.Text)
	}
	return out
}

// File is a pack file that lies in no folder of packs.
type File struct {
	Name string // for errors
	Data []byte
}

// ParseDefinition reads one pack file alone, in YAML or JSON, without what it extends.
func ParseDefinition(f File) (Definition, error) {
	p, err := parsePack(f.Name, f.Data)
	if err != nil {
		return Definition{}, err
	}
	return p.definition(), nil
}

// LoadChanged is Load with files put in place of the packs of the same names, or
// beside them. An empty name stands for the pack of the last file.
func LoadChanged(name string, own fs.FS, files []File) (*Tagger, error) {
	changed := make([]*Pack, 0, len(files))
	for _, f := range files {
		p, err := parsePack(f.Name, f.Data)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(changed, func(o *Pack) bool { return o.Name == p.Name }); i >= 0 {
			return nil, errAt(f.Name, 1, "the pack %q is in %s, too", p.Name, changed[i].file)
		}
		changed = append(changed, p)
		name = orElse(name, p.Name, len(changed) == len(files))
	}
	packs, err := readPacks(own)
	if err != nil {
		return nil, err
	}
	for _, p := range changed {
		packs[p.Name] = p
	}
	line, err := chainIn(packs, name)
	if err != nil {
		return nil, err
	}
	return compile(merge(line))
}

// LoadRecorded compiles a taxonomy from the text of Definition, which needs no other
// pack, and gives it the version it had.
func LoadRecorded(version string, data []byte) (*Tagger, error) {
	p, err := parsePack(version, data)
	if err != nil {
		return nil, err
	}
	t, err := compile(merge([]*Pack{p}))
	if err != nil {
		return nil, err
	}
	if name, hash, ok := strings.Cut(version, "@"); ok && name == p.Name && len(hash) >= 8 {
		t.pack.hash = hash
	}
	return t, nil
}

func orElse(name, other string, last bool) string {
	if name == "" && last {
		return other
	}
	return name
}

// PutsInForce says which taxonomy would be in force if files were put in place:
// inForce as before if it is made of one of them, else the pack of the last file.
func PutsInForce(inForce string, own fs.FS, files []File) (*Tagger, error) {
	names := map[string]bool{}
	for _, f := range files {
		p, err := parsePack(f.Name, f.Data)
		if err != nil {
			return nil, err
		}
		names[p.Name] = true
	}
	t, err := LoadChanged(inForce, own, files)
	var unknown *UnknownPackError
	if err != nil && !errors.As(err, &unknown) {
		return nil, err
	}
	if err == nil && slices.ContainsFunc(t.Packs(), func(name string) bool { return names[name] }) {
		return t, nil
	}
	return LoadChanged("", own, files)
}

// Keywords writes the topics as the rows of a keyword list, in order: topic,
// phrase, exclude, sentiment. Contexts, intents and tags have no place in one;
// classes are written out.
func (t *Tagger) Keywords() [][]string {
	rows := [][]string{keywordColumns()}
	for _, name := range t.Topics() {
		r := t.pack.Topics[name]
		for _, l := range []struct {
			phrases   []Phrase
			sentiment string
		}{{r.Phrases, ""}, {r.Negative, "negative"}, {r.Positive, "positive"}} {
			for _, ph := range l.phrases {
				rows = append(rows, []string{name, t.withoutClasses(ph.Text), "", l.sentiment})
			}
		}
		for _, ph := range r.Not {
			rows = append(rows, []string{name, "", t.withoutClasses(ph.Text), ""})
		}
	}
	return rows
}

// withoutClasses writes the words of a phrase's classes out.
func (t *Tagger) withoutClasses(phrase string) string {
	for name, words := range t.pack.Classes {
		// A word of a class may be several, which a place holds joined by hyphens.
		list := strings.ReplaceAll(strings.Join(words.List, "|"), " ", "-")
		phrase = strings.ReplaceAll(phrase, "<"+name+">", list)
	}
	return phrase
}
