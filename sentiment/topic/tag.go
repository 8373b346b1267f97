package topic

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"earshot/sentiment"
)

// State holds the buffers of one run after another. The zero value is ready; it
// is not safe for concurrent use.
type State struct {
	reader reader
	dead   []bool
	held   []uint64 // a bit by tag
	result Result
}

// maxMentions bounds what one text can yield: 32 KiB of "slow" is no 6,000 facts.
const maxMentions = 64

// Tag reads a scanned text, which is taken for one in a language of the pack.
func (t *Tagger) Tag(s *State, d *sentiment.Doc, at Moment) Result {
	s.reset()
	s.reader.read(&t.automaton, d)
	t.settle(s)
	for i, h := range s.reader.hits {
		p := &t.patterns[h.pattern]
		if s.dead[i] || p.not || p.asks && !asks(d, h) {
			continue
		}
		negated := s.reader.turns && isNegated(d, h.span, p.kind, p.polarity)
		switch p.kind {
		case topicKind:
			t.mention(s, d, h, negated)
		case contextKind:
			if !negated {
				s.result.Contexts = t.find(s.result.Contexts, d, h)
			}
		case intentKind:
			if !negated {
				s.result.Intents = t.find(s.result.Intents, d, h)
			}
		}
	}
	s.result.Mentions = t.dropGeneral(s.result.Mentions)
	for i := range s.result.Mentions {
		m := &s.result.Mentions[i]
		if m.Score = m.Polarity; !at.Foreign {
			m.Score = blend(m.Polarity, d.ClauseFigures(d.Clauses[m.Clause]).Compound)
		}
	}
	return t.conclude(s, at)
}

// TagMoment is Tag for a text whose words say nothing to the pack, such as one
// in another language.
func (t *Tagger) TagMoment(s *State, at Moment) Result {
	s.reset()
	return t.conclude(s, at)
}

func (s *State) reset() {
	r := &s.result
	r.Mentions, r.Contexts, r.Intents, r.Tags = r.Mentions[:0], r.Contexts[:0], r.Intents[:0], r.Tags[:0]
}

func (t *Tagger) conclude(s *State, at Moment) Result {
	r := &s.result
	when := hourOf(at.Local)
	for i := range t.contexts {
		c := &t.contexts[i]
		if c.holds(at, when) && !has(r.Contexts, c.name) {
			r.Contexts = append(r.Contexts, Finding{Name: c.name, pattern: -1})
		}
	}
	if at.SaysNothing && len(r.Intents) == 0 { // "10/10" is praise
		r.Intents = append(r.Intents, Finding{Name: spamOrEmpty, pattern: -1})
	}
	sortByName(r.Contexts)
	sortByName(r.Intents)
	t.addTags(s)
	return *r
}

func sortByName(list []Finding) {
	if len(list) > 1 {
		slices.SortFunc(list, func(a, b Finding) int { return strings.Compare(a.Name, b.Name) })
	}
}

// settle marks the hits that count for nothing: those a `not` phrase of their
// own rule overlaps, and topics all of whose words are part of a longer topic
// phrase ("slow" in "slow wifi").
func (t *Tagger) settle(s *State) {
	hits := s.reader.hits
	s.dead = slices.Grow(s.dead[:0], len(hits))[:len(hits)]
	clear(s.dead)
	for i, a := range hits { // hits are in order of their first token
		pa := &t.patterns[a.pattern]
		for j := i + 1; j < len(hits) && hits[j].first < a.end; j++ {
			b := hits[j]
			pb := &t.patterns[b.pattern]
			switch {
			case pa.kind != pb.kind:
			case pa.not || pb.not:
				if pa.rule == pb.rule {
					s.dead[i] = s.dead[i] || pb.not
					s.dead[j] = s.dead[j] || pa.not
				}
			case pa.kind == topicKind:
				shifted := b.mask << (b.first - a.first)
				s.dead[i] = s.dead[i] || a.mask != shifted && a.mask&^shifted == 0
				s.dead[j] = s.dead[j] || a.mask != shifted && shifted&^a.mask == 0
			}
		}
	}
}

// mention adds a topic hit, without its score yet; of several of a topic in one clause the one with
// the strongest phrase stays.
func (t *Tagger) mention(s *State, d *sentiment.Doc, h hit, negated bool) {
	p := &t.patterns[h.pattern]
	clause := d.ClauseOf(h.first)
	m := Mention{Topic: p.name, Polarity: p.polarity, Clause: clause, pattern: h.pattern,
		Start: d.Tokens[h.first].Start, End: d.Tokens[h.end-1].End}
	if negated {
		m.Polarity *= negationScalar
	}
	mentions := s.result.Mentions
	for i := len(mentions) - 1; i >= 0 && mentions[i].Clause == clause; i-- {
		if mentions[i].Topic == m.Topic {
			if math.Abs(m.Polarity) > math.Abs(mentions[i].Polarity) {
				mentions[i] = m
			}
			return
		}
	}
	if len(mentions) < maxMentions {
		s.result.Mentions = append(mentions, m)
	}
}

// blend joins a phrase's own polarity with its clause's compound. Where the
// phrase is good or bad news in itself, it counts twice: an angry clause makes
// "took forever" worse, a friendly one does not make it good.
func blend(polarity, compound float64) float64 {
	switch {
	case polarity == 0:
		return compound
	case sentiment.LabelOf(compound) == sentiment.Neutral:
		return polarity
	}
	return (2*polarity + compound) / 3
}

// find adds a context or intent once, with the longest of its first words.
func (t *Tagger) find(list []Finding, d *sentiment.Doc, h hit) []Finding {
	p := &t.patterns[h.pattern]
	f := Finding{Name: p.name, Polarity: p.polarity, pattern: h.pattern,
		Start: d.Tokens[h.first].Start, End: d.Tokens[h.end-1].End}
	i := slices.IndexFunc(list, func(o Finding) bool { return o.Name == p.name })
	if i < 0 {
		return append(list, f)
	}
	if f.Start == list[i].Start && f.End > list[i].End {
		list[i] = f
	}
	return list
}

// dropGeneral leaves service.general out where the clause says more about
// service, and puts the mentions in order.
func (t *Tagger) dropGeneral(mentions []Mention) []Mention {
	kept := mentions[:0]
	for i := range mentions {
		m := mentions[i]
		if t.patterns[m.pattern].general && closerMention(mentions, i, strings.TrimSuffix(m.Topic, general)) {
			continue
		}
		kept = append(kept, m)
	}
	byPlace := func(a, b Mention) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) }
	if !slices.IsSortedFunc(kept, byPlace) {
		slices.SortStableFunc(kept, byPlace)
	}
	return kept
}

func closerMention(mentions []Mention, i int, group string) bool {
	for j := range mentions {
		if j != i && mentions[j].Clause == mentions[i].Clause && mentions[j].Topic != mentions[i].Topic && Covers(group, mentions[j].Topic) {
			return true
		}
	}
	return false
}

// Packs names the pack and those it extends, the base first.
func (t *Tagger) Packs() []string { return t.pack.line }

// Version names the pack and its content: restaurant@ab12cd34.
func (t *Tagger) Version() string { return t.pack.Name + "@" + t.pack.hash[:8] }
