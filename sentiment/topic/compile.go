package topic

import (
	"maps"
	"slices"
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

// pattern is one compiled phrase.
type pattern struct {
	kind     kind
	asks     bool    // counts only in a sentence that asks
	not      bool    // takes other matches of its rule away
	rule     int32   // number of the rule, over all kinds
	polarity float64 // -1..1; 0: the clause decides
	name     string  // of the topic, context or intent
	phrase   Phrase
}

// context is a compiled context rule, for what is not words.
type context struct {
	name    string
	hours   []hours
	sources []string
	opening Opening
}

// tag is a compiled composite tag.
type tag struct {
	Tag
	yields []int // more specific tags; where one of them holds, this one is left out
}

// Tagger is a pack compiled. It is immutable and safe for concurrent use.
type Tagger struct {
	pack *Pack
	automaton
	patterns []pattern
	contexts []context
	tags     []tag
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
			base := pattern{kind: k, not: l.not, rule: b.rules, polarity: l.polarity, name: name, phrase: ph}
			if err := b.addPhrase(base); err != nil {
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

func (b *builder) addPhrase(p pattern) error {
	variants, err := parsePhrase(p.phrase.Text, b.t.pack.Classes)
	if err != nil {
		return errAt(p.phrase.pack.file, p.phrase.line, "%s: %w", p.name, err)
	}
	_, p.asks = cutAsked(p.phrase.Text)
	b.t.add(variants, int32(len(b.t.patterns)))
	b.t.patterns = append(b.t.patterns, p)
	return nil
}

func (c *context) holds(at Moment) bool {
	if slices.Contains(c.sources, at.Source) || c.opening&at.Opening != 0 {
		return true
	}
	return !at.Local.IsZero() && slices.ContainsFunc(c.hours, func(h hours) bool { return h.hold(at) })
}

// Moment is what is known of a text beside its words.
type Moment struct {
	Local   time.Time // wall clock where it was said; zero: unknown
	Source  string    // the channel; empty: unknown
	Opening Opening   // of the location; 0: open, or its hours are unknown

	SaysNothing bool // there is nothing in the text to judge: shows the intent spam_or_empty
}

// spamOrEmpty is the intent of a text that says nothing.
const spamOrEmpty = "spam_or_empty"

func (b *builder) addTags() error {
	for _, t := range b.t.pack.Tags {
		if err := b.checkTag(t); err != nil {
			return errAt(t.file, t.line, "tag %q: %w", t.Name, err)
		}
		b.t.tags = append(b.t.tags, tag{Tag: t})
	}
	for i := range b.t.tags {
		for j := range b.t.tags {
			if b.t.tags[j].refines(b.t.tags[i].Tag) {
				b.t.tags[i].yields = append(b.t.tags[i].yields, j)
			}
		}
	}
	return nil
}

// refines says whether t is o with more contexts.
func (t Tag) refines(o Tag) bool {
	return t.Topic == o.Topic && t.Sentiment == o.Sentiment && len(t.Contexts) > len(o.Contexts) &&
		!slices.ContainsFunc(o.Contexts, func(c string) bool { return !slices.Contains(t.Contexts, c) })
}
