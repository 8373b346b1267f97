package topic

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"earshot/sentiment"
)

// The kinds of rules.
const (
	KindTopic   = "topic"
	KindContext = "context"
	KindIntent  = "intent"
	KindTag     = "tag"
)

// Entry is one rule of a pack, merged with those it extends.
type Entry struct {
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	About    string `json:"about"`
	Pack     string `json:"pack"`    // the first that defines it
	Phrases  int    `json:"phrases"` // that show it, the `not` phrases left out
	Examples int    `json:"examples"`
}

// Catalogue lists the rules by kind and name.
func (t *Tagger) Catalogue() []Entry {
	var entries []Entry
	for _, g := range t.pack.groups() {
		for name, r := range g.rules {
			entries = append(entries, Entry{
				Kind: g.kind, Name: name, About: r.About, Pack: r.pack,
				Phrases: len(r.Phrases) + len(r.Negative) + len(r.Positive), Examples: len(r.Match) + len(r.NoMatch),
			})
		}
	}
	for _, tag := range t.pack.Tags {
		entries = append(entries, Entry{Kind: KindTag, Name: tag.Name, About: tag.describe(), Pack: tag.pack})
	}
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(slices.Index(kinds(), a.Kind)-slices.Index(kinds(), b.Kind), strings.Compare(a.Name, b.Name))
	})
	return entries
}

func kinds() []string { return []string{KindTopic, KindContext, KindIntent, KindTag} }

func (t Tag) describe() string {
	var parts []string
	if t.Topic != "" {
		parts = append(parts, strings.TrimSpace(t.Topic+" "+t.Sentiment))
	}
	return strings.Join(append(parts, t.Contexts...), " + ")
}

// group is the rules of one kind.
type group struct {
	kind  string
	rules Rules
}

func (p *Pack) groups() []group {
	return []group{{KindTopic, p.Topics}, {KindContext, p.Contexts}, {KindIntent, p.Intents}}
}

// Lookup returns the rule called name and its kind; of equal names the topic.
func (t *Tagger) Lookup(name string) (kind string, r Rule, ok bool) {
	for _, g := range t.pack.groups() {
		if r, ok := g.rules[name]; ok {
			return g.kind, *r, true
		}
	}
	return "", Rule{}, false
}

// Topics lists the names of all topics, in order.
func (t *Tagger) Topics() []string { return slices.Sorted(maps.Keys(t.pack.Topics)) }

// ExampleFailure is an example text of a rule that does not do as it says.
type ExampleFailure struct {
	Kind  string   `json:"kind"`
	Rule  string   `json:"rule"`
	Text  string   `json:"text"`
	Match bool     `json:"match"` // it should match, and does not
	Found []string `json:"found"` // what was found of that kind instead
}

// RunExamples checks the match and no_match texts of every rule.
func (t *Tagger) RunExamples() (run int, failed []ExampleFailure) {
	var s State
	var d sentiment.Doc
	for _, g := range t.pack.groups() {
		for _, name := range slices.Sorted(maps.Keys(g.rules)) {
			r := g.rules[name]
			check := func(text string, match bool) {
				run++
				d.Scan(text)
				found := t.Tag(&s, &d, Moment{}).names(g.kind)
				if slices.Contains(found, name) != match {
					failed = append(failed, ExampleFailure{Kind: g.kind, Rule: name, Text: text, Match: match, Found: found})
				}
			}
			for _, text := range r.Match {
				check(text, true)
			}
			for _, text := range r.NoMatch {
				check(text, false)
			}
		}
	}
	return run, failed
}

// names lists what was found of one kind, each name once.
func (r Result) names(kind string) []string {
	var names []string
	switch kind {
	case KindTopic:
		for _, m := range r.Mentions {
			names = append(names, m.Topic)
		}
	case KindContext:
		for _, f := range r.Contexts {
			names = append(names, f.Name)
		}
	case KindIntent:
		for _, f := range r.Intents {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Gate is the least that a pack promises for a topic on labelled data, as
// shares 0..1. 0 promises nothing.
type Gate struct {
	Precision float64 `yaml:"precision" json:"precision"`
	Recall    float64 `yaml:"recall" json:"recall"`
}

// Gates are the pack's promises by topic or by the label of the data.
func (t *Tagger) Gates() map[string]Gate { return maps.Clone(t.pack.Gates) }
