package topic

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Pack is one taxonomy file.
type Pack struct {
	Name      string           `yaml:"pack"`
	Extends   string           `yaml:"extends"` // a pack whose content this one adds to
	About     string           `yaml:"about"`
	Languages []string         `yaml:"languages"` // of the texts that are read for its phrases; none: English
	Classes   map[string]Words `yaml:"classes"`   // word lists for phrases: <name>
	Topics    Rules            `yaml:"topics"`
	Contexts  Rules            `yaml:"contexts"`
	Intents   Rules            `yaml:"intents"`
	Tags      []Tag            `yaml:"tags"`
	Gates     map[string]Gate  `yaml:"gates"` // what the pack promises on labelled data

	file string
	from int      // line of extends
	hash string   // of the file's bytes
	line []string // of a merged pack: the names it is made of, the base first
}

// Rule says which phrases show a topic, context or intent.
type Rule struct {
	About    string   `yaml:"about"`
	Phrases  []Phrase `yaml:"phrases"`  // the clause decides on the sentiment
	Negative []Phrase `yaml:"negative"` // bad news in themselves
	Positive []Phrase `yaml:"positive"` // good news in themselves
	Not      []Phrase `yaml:"not"`      // where one of these matches, the others do not
	Hours    []Window `yaml:"hours"`    // contexts only: local hours that show it
	Sources  []string `yaml:"sources"`  // contexts only: channels that show it
	Opening  []string `yaml:"opening"`  // contexts only: closed, first_hour, last_hour of the location
	Match    []string `yaml:"match"`    // example texts: must match
	NoMatch  []string `yaml:"no_match"` // example texts: must not

	line int
	pack string
}

// Rules are the rules of one kind by name.
type Rules map[string]*Rule

// Phrase is one pattern and the line it stands in.
type Phrase struct {
	Text string
	line int
	pack *Pack
}

// Words is a class of words.
type Words struct {
	List []string
	line int
}

// Window is a run of local hours, From <= hour < To, on some weekdays.
type Window struct {
	Days     []string `yaml:"days"` // mon..sun; empty: every day
	From, To int
	Unless   []string `yaml:"unless"` // as Rule.Opening: where one of them holds, the hours do not count
	line     int
}

// Tag is a named finding: a topic with a sentiment, in all of some contexts.
type Tag struct {
	Name      string   `yaml:"name"`
	Topic     string   `yaml:"topic"`     // itself or any below it; empty: no topic needed
	Sentiment string   `yaml:"sentiment"` // negative, positive or neutral; empty: any
	Contexts  []string `yaml:"contexts"`
	line      int
	file      string
	pack      string
}

// UnmarshalYAML reads the rules one by one: the decoder's own check for
// duplicate names takes square time, a minute for 50,000 rules.
func (rs *Rules) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: expected a mapping of names to rules", n.Line)
	}
	*rs = make(Rules, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		if first, twice := (*rs)[name]; twice {
			return fmt.Errorf("line %d: %q is defined in line %d already", n.Content[i].Line, name, first.line)
		}
		r := new(Rule)
		if err := n.Content[i+1].Decode(r); err != nil {
			return err
		}
		r.line = n.Content[i].Line
		(*rs)[name] = r
	}
	return nil
}

// UnmarshalYAML keeps the line for errors.
func (p *Phrase) UnmarshalYAML(n *yaml.Node) error {
	p.line = n.Line
	return n.Decode(&p.Text)
}

// UnmarshalYAML keeps the line for errors.
func (w *Words) UnmarshalYAML(n *yaml.Node) error {
	w.line = n.Line
	if err := EmptyItem(n); err != nil {
		return err
	}
	return n.Decode(&w.List)
}

// UnmarshalYAML refuses unknown keys.
func (r *Rule) UnmarshalYAML(n *yaml.Node) error {
	if err := knownKeys(n, "about", "phrases", "negative", "positive", "not", "hours", "sources", "opening", "match", "no_match"); err != nil {
		return err
	}
	if err := EmptyItem(n); err != nil {
		return err
	}
	type plain Rule
	return n.Decode((*plain)(r))
}

// UnmarshalYAML keeps the line for errors.
func (w *Window) UnmarshalYAML(n *yaml.Node) error {
	if err := knownKeys(n, "days", "from", "to", "unless"); err != nil {
		return err
	}
	type plain Window
	w.line = n.Line
	return n.Decode((*plain)(w))
}

// UnmarshalYAML keeps the line for errors.
func (t *Tag) UnmarshalYAML(n *yaml.Node) error {
	if err := knownKeys(n, "name", "topic", "sentiment", "contexts"); err != nil {
		return err
	}
	type plain Tag
	t.line = n.Line
	return n.Decode((*plain)(t))
}

// knownKeys refuses other keys: a decoder's own check stops at UnmarshalYAML.
func knownKeys(n *yaml.Node, keys ...string) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: expected a mapping with %s", n.Line, strings.Join(keys, ", "))
	}
	for i := 0; i < len(n.Content); i += 2 {
		if key := n.Content[i]; !slices.Contains(keys, key.Value) {
			return fmt.Errorf("line %d: unknown key %q; known are %s", key.Line, key.Value, strings.Join(keys, ", "))
		}
	}
	return nil
}

// errAt is a mistake in a pack file.
func errAt(file string, line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", file, line, fmt.Errorf(format, args...))
}
