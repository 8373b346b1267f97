package topic

import (
	"cmp"
	"hash/fnv"
	"maps"
	"slices"
	"unicode/utf8"

	"earshot/sentiment"
)

// Text is one text to be tagged by two taxonomies.
type Text struct {
	ID       string
	Text     string
	Language string // BCP 47; empty or und: detected
	At       Moment // SaysNothing is found out
}

// Tally counts the findings of one rule.
type Tally struct {
	Texts    int `json:"texts"`
	Mentions int `json:"mentions"` // topics only, as are these:
	Negative int `json:"negative"` // mentions
}

// NegativeShare is that of the mentions, 0..1; 0 without any.
func (t Tally) NegativeShare() float64 {
	if t.Mentions == 0 {
		return 0
	}
	return float64(t.Negative) / float64(t.Mentions)
}

func (t *Tally) add(o Tally) {
	t.Texts, t.Mentions, t.Negative = t.Texts+o.Texts, t.Mentions+o.Mentions, t.Negative+o.Negative
}

// Verbatim is the part of a text around what shows a rule; Start and End are byte
// offsets into it, equal where no words do.
type Verbatim struct {
	ID    string `json:"id"`
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	order uint64 // the lowest are kept: a sample that no order of reading changes
}

// Effect is what a change of the taxonomy does to one rule.
type Effect struct {
	Kind   string     `json:"kind"`
	Name   string     `json:"name"`
	Before Tally      `json:"before"`
	After  Tally      `json:"after"`
	Gained int        `json:"gained"` // texts
	Lost   int        `json:"lost"`
	New    []Verbatim `json:"gained_texts"` // some of them
	Old    []Verbatim `json:"lost_texts"`
}

// Moves says whether the change does anything.
func (e Effect) Moves() bool { return e.Gained+e.Lost > 0 || e.Before != e.After }

// Comparison tags texts by two taxonomies and adds up what differs. It is not safe
// for concurrent use: have one for each goroutine, and Join them. Its memory does
// not grow with the number of texts.
type Comparison struct {
	Texts   int // all that were added
	Changed int // those with any difference

	before, after side
	skip          func(topic string) bool
	samples       int
	doc           sentiment.Doc
	effects       map[ruleName]*Effect
}

type ruleName struct{ kind, name string }

// side is one taxonomy and what it found in the text at hand.
type side struct {
	tagger *Tagger
	state  State
	found  []shown
}

// shown is a rule that the text shows.
type shown struct {
	ruleName
	Tally
	start, end int
}

// NewComparison compares before with after and keeps so many verbatims of each
// kind for each rule. Topics that skip names, if it is not nil, are left out.
func NewComparison(before, after *Tagger, samples int, skip func(topic string) bool) *Comparison {
	return &Comparison{before: side{tagger: before}, after: side{tagger: after}, samples: samples, skip: skip, effects: map[ruleName]*Effect{}}
}

// Add tags one text by both.
func (c *Comparison) Add(t Text) {
	c.Texts++
	c.doc.Scan(t.Text)
	lang, given := sentiment.LanguageOf(t.Language)
	if !given {
		lang = c.doc.Language()
	}
	t.At.SaysNothing = c.doc.SaysNothing()
	for _, s := range []*side{&c.before, &c.after} {
		s.read(&c.doc, t.At, lang, c.skip)
	}
	changed := false
	for _, f := range c.before.found {
		e := c.effect(f.ruleName)
		e.Before.add(f.Tally)
		if !c.after.shows(f.ruleName) {
			e.Lost++
			e.Old = c.keep(e.Old, t, f)
			changed = true
		}
	}
	for _, f := range c.after.found {
		e := c.effect(f.ruleName)
		e.After.add(f.Tally)
		was := c.before.find(f.ruleName)
		if was == nil {
			e.Gained++
			e.New = c.keep(e.New, t, f)
		}
		changed = changed || was == nil || was.Tally != f.Tally
	}
	if changed {
		c.Changed++
	}
}

func (s *side) read(d *sentiment.Doc, at Moment, lang sentiment.Language, skip func(string) bool) {
	r := s.tagger.TagText(&s.state, d, lang, at)
	s.found = s.found[:0]
	for _, m := range r.Mentions {
		if skip != nil && skip(m.Topic) {
			continue
		}
		f := s.of(KindTopic, m.Topic, m.Start, m.End)
		f.Mentions++
		if sentiment.LabelOf(m.Score) == sentiment.Negative {
			f.Negative++
		}
	}
	for _, f := range r.Contexts {
		s.of(KindContext, f.Name, f.Start, f.End)
	}
	for _, f := range r.Intents {
		s.of(KindIntent, f.Name, f.Start, f.End)
	}
	for _, name := range r.Tags {
		s.of(KindTag, name, 0, 0)
	}
}

// of returns the entry of a rule, made if it is the first time in this text.
func (s *side) of(kind, name string, start, end int) *shown {
	key := ruleName{kind, name}
	if f := s.find(key); f != nil {
		return f
	}
	s.found = append(s.found, shown{ruleName: key, Tally: Tally{Texts: 1}, start: start, end: end})
	return &s.found[len(s.found)-1]
}

func (s *side) find(key ruleName) *shown {
	for i := range s.found {
		if s.found[i].ruleName == key {
			return &s.found[i]
		}
	}
	return nil
}

func (s *side) shows(key ruleName) bool { return s.find(key) != nil }

func (c *Comparison) effect(key ruleName) *Effect {
	e := c.effects[key]
	if e == nil {
		e = &Effect{Kind: key.kind, Name: key.name, New: []Verbatim{}, Old: []Verbatim{}}
		c.effects[key] = e
	}
	return e
}

// keep adds a verbatim if it is one of the sample.
func (c *Comparison) keep(list []Verbatim, t Text, f shown) []Verbatim {
	h := fnv.New64a()
	_, _ = h.Write([]byte(f.name + "\x00" + t.ID + "\x00" + t.Text)) // a hash takes all
	v := Verbatim{ID: t.ID, order: h.Sum64()}
	if len(list) == c.samples && (c.samples == 0 || v.order >= list[len(list)-1].order) {
		return list
	}
	v.Text, v.Start, v.End = around(t.Text, f.start, f.end)
	return lowest(append(list, v), c.samples)
}

func lowest(list []Verbatim, n int) []Verbatim {
	slices.SortFunc(list, func(a, b Verbatim) int { return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.ID, b.ID)) })
	return list[:min(n, len(list))]
}

// margin is how many bytes of a text a verbatim has beside what it is about.
const margin = 140

// around cuts the part of text around [start, end), on rune boundaries, and marks
// where it cut; the offsets returned are those in the part.
func around(text string, start, end int) (part string, s, e int) {
	from, to := max(0, start-margin), min(len(text), end+margin)
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to++
	}
	part, s, e = text[from:to], start-from, end-from
	if from > 0 {
		part, s, e = cut+part, s+len(cut), e+len(cut)
	}
	if to < len(text) {
		part += cut
	}
	return part, s, e
}

const cut = "…"

// Join adds what o has seen.
func (c *Comparison) Join(o *Comparison) {
	c.Texts, c.Changed = c.Texts+o.Texts, c.Changed+o.Changed
	for key, from := range o.effects {
		e := c.effect(key)
		e.Before.add(from.Before)
		e.After.add(from.After)
		e.Gained, e.Lost = e.Gained+from.Gained, e.Lost+from.Lost
		e.New = lowest(append(e.New, from.New...), c.samples)
		e.Old = lowest(append(e.Old, from.Old...), c.samples)
	}
}

// Effects are all rules that any text showed, those that move most texts first.
func (c *Comparison) Effects() []Effect {
	out := make([]Effect, 0, len(c.effects))
	for _, key := range slices.SortedFunc(maps.Keys(c.effects), func(a, b ruleName) int {
		return cmp.Or(slices.Index(kinds(), a.kind)-slices.Index(kinds(), b.kind), cmp.Compare(a.name, b.name))
	}) {
		out = append(out, *c.effects[key])
	}
	slices.SortStableFunc(out, func(a, b Effect) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds(), a.Kind), slices.Index(kinds(), b.Kind)), cmp.Compare(b.Gained+b.Lost, a.Gained+a.Lost))
	})
	return out
}
