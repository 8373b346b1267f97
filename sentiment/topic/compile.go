package topic

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// kind says what a pattern shows.
type kind uint8

const (
	topicKind kind = iota
	contextKind
	intentKind
)

// ownPolarity is the polarity of a phrase that is bad or good news in itself.
const ownPolarity = 0.6

// general ends the names of topics that say no more than their group.
const general = ".general"

// pattern is one compiled phrase.
type pattern struct {
	kind     kind
	asks     bool    // counts only in a sentence that asks
	not      bool    // takes other matches of its rule away
	general  bool    // says no more than what its topic's group says: service.general
	rule     int32   // number of the rule, over all kinds
	polarity float64 // -1..1; 0: the clause decides
	name     string  // of the topic, context or intent
}

// context is a compiled context rule, for what is not words.
type context struct {
	name    string
	hours   []hours
	sources []string
	opening Opening
}

// Tagger is a pack compiled. It is immutable and safe for concurrent use.
type Tagger struct {
	pack *Pack
	automaton
	patterns []pattern
	written  []Phrase // the patterns as the pack has them
	contexts []context
	tags
}

func compile(p *Pack) (*Tagger, error) {
	b := builder{t: &Tagger{pack: p, automaton: newAutomaton()}}
	for _, group := range []struct {
		kind  kind
		rules Rules
	}{{topicKind, p.Topics}, {contextKind, p.Contexts}, {intentKind, p.Intents}} {
		for _, name := range slices.Sorted(maps.Keys(group.rules)) {
			if err := b.addRule(group.kind, name, group.rules[name]); err != nil {
				return nil, err
			}
		}
	}
	if err := b.addTags(); err != nil {
		return nil, err
	}
	b.t.finish()
	return b.t, nil
}

type builder struct {
	t     *Tagger
	rules int32
}

func (b *builder) addRule(k kind, name string, r *Rule) error {
	lists := []struct {
		phrases  []Phrase
		polarity float64
		not      bool
	}{{r.Phrases, 0, false}, {r.Negative, -ownPolarity, false}, {r.Positive, ownPolarity, false}, {r.Not, 0, true}}
	for _, l := range lists {
		for _, ph := range l.phrases {
			base := pattern{kind: k, not: l.not, rule: b.rules, polarity: l.polarity, name: name}
			if err := b.addPhrase(base, ph); err != nil {
				return err
			}
		}
	}
	b.rules++
	if len(r.Hours)+len(r.Sources)+len(r.Opening) == 0 {
		return nil
	}
	if k != contextKind {
		return errAt(b.t.pack.file, r.line, "%s: hours, sources and opening are for contexts", name)
	}
	c := context{name: name, sources: r.Sources}
	for _, w := range r.Hours {
		h, err := w.compile()
		if err != nil {
			return errAt(b.t.pack.file, w.line, "%s: %w", name, err)
		}
		c.hours = append(c.hours, h)
	}
	var err error
	if c.opening, err = parseOpening(r.Opening); err != nil {
		return errAt(b.t.pack.file, r.line, "%s: opening: %w", name, err)
	}
	b.t.contexts = append(b.t.contexts, c)
	return nil
}

func (b *builder) addPhrase(p pattern, ph Phrase) error {
	variants, err := parsePhrase(ph.Text, b.t.pack.Classes)
	if err != nil {
		return errAt(ph.pack.file, ph.line, "%s: %w", p.name, err)
	}
	_, p.asks = cutAsked(ph.Text)
	p.general = strings.HasSuffix(p.name, general)
	b.t.add(variants, int32(len(b.t.patterns)))
	b.t.patterns, b.t.written = append(b.t.patterns, p), append(b.t.written, ph)
	return nil
}

func (c *context) holds(at Moment, when hour) bool {
	for i := range c.hours {
		if c.hours[i].hold(when, at.Opening) {
			return true
		}
	}
	return c.opening&at.Opening != 0 || slices.Contains(c.sources, at.Source)
}

// Moment is what is known of a text beside its words.
type Moment struct {
	Local   time.Time // wall clock where it was said; zero: unknown
	Source  string    // the channel; empty: unknown
	Opening Opening   // of the location; 0: open, or its hours are unknown

	Foreign bool // the text is not English: of its words only the phrases say what is good or bad

	SaysNothing bool // there is nothing in the text to judge: shows the intent spam_or_empty
}

// spamOrEmpty is the intent of a text that says nothing.
const spamOrEmpty = "spam_or_empty"
