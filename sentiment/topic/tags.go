package topic

import (
	"math/bits"
	"slices"
	"strings"

	"earshot/sentiment"
)

// tag is a compiled composite tag.
type tag struct {
	Tag
	label  uint8 // of the mention, as bitOf; 0: any
	yields []int // more specific tags; where one of them holds, this one is left out
}

// tags are those of a pack in its order, and where to look for them.
type tags struct {
	list    []tag
	byRule  [][]int32 // of topics
	nowhere []int32   // that ask for contexts alone
}

func (b *builder) addTags() error {
	t := &b.t.tags
	for _, p := range b.t.pack.Tags {
		if err := b.checkTag(p); err != nil {
			return errAt(p.file, p.line, "tag %q: %w", p.Name, err)
		}
		t.list = append(t.list, tag{Tag: p, label: labelBit(p.Sentiment)})
	}
	for i := range t.list {
		for j := range t.list {
			if t.list[j].refines(t.list[i].Tag) {
				t.list[i].yields = append(t.list[i].yields, j)
			}
		}
	}
	b.indexTags()
	return nil
}

// indexTags puts the tags where a mention finds them: at all topics that theirs covers.
func (b *builder) indexTags() {
	t := &b.t.tags
	byTopic := map[string][]int32{}
	for i := range t.list {
		if topic := t.list[i].Topic; topic != "" {
			byTopic[topic] = append(byTopic[topic], int32(i))
		} else {
			t.nowhere = append(t.nowhere, int32(i))
		}
	}
	t.byRule = make([][]int32, b.rules)
	for i := range b.t.patterns {
		p := &b.t.patterns[i]
		if p.kind != topicKind || t.byRule[p.rule] != nil {
			continue
		}
		for name := p.name; name != ""; name = parentOf(name) {
			t.byRule[p.rule] = append(t.byRule[p.rule], byTopic[name]...)
		}
	}
}

// parentOf is the topic that covers name next; "" for one at the top.
func parentOf(name string) string { return name[:max(0, strings.LastIndexByte(name, '.'))] }

// labelBit of a name that says nothing is 0: any label.
func labelBit(name string) uint8 {
	switch name {
	case "positive":
		return bitOf(sentiment.Positive)
	case "neutral":
		return bitOf(sentiment.Neutral)
	case "negative":
		return bitOf(sentiment.Negative)
	}
	return 0
}

func bitOf(l sentiment.Label) uint8 { return 1 << (l - sentiment.Negative) }

// refines says whether t is o with more contexts.
func (t Tag) refines(o Tag) bool {
	return t.Topic == o.Topic && t.Sentiment == o.Sentiment && len(t.Contexts) > len(o.Contexts) &&
		!slices.ContainsFunc(o.Contexts, func(c string) bool { return !slices.Contains(t.Contexts, c) })
}

// addTags adds the tags that hold. Where one asks for a sentiment, a phrase that is good
// or bad news in itself must say so: an angry clause that only names the staff does not
// call it rude.
func (t *Tagger) addTags(s *State) {
	r := &s.result
	s.held = slices.Grow(s.held[:0], (len(t.tags.list)+63)/64)[:(len(t.tags.list)+63)/64]
	clear(s.held)
	for i := range r.Mentions {
		m := &r.Mentions[i]
		label := bitOf(sentiment.LabelOf(m.Score))
		for _, id := range t.tags.byRule[t.patterns[m.pattern].rule] {
			if tag := &t.tags.list[id]; tag.label == 0 || m.Polarity != 0 && tag.label == label {
				s.hold(id, tag)
			}
		}
	}
	for _, id := range t.tags.nowhere {
		s.hold(id, &t.tags.list[id])
	}
	for i, held := range s.held {
		for ; held != 0; held &= held - 1 {
			tag := &t.tags.list[64*i+bits.TrailingZeros64(held)]
			if !slices.ContainsFunc(tag.yields, s.holds) {
				r.Tags = append(r.Tags, tag.Name)
			}
		}
	}
}

// hold marks a tag whose contexts are there.
func (s *State) hold(id int32, t *tag) {
	for _, c := range t.Contexts {
		if !has(s.result.Contexts, c) {
			return
		}
	}
	s.held[id/64] |= 1 << (id % 64)
}

func (s *State) holds(id int) bool { return s.held[id/64]>>(id%64)&1 != 0 }

func has(list []Finding, name string) bool {
	for i := range list {
		if list[i].Name == name {
			return true
		}
	}
	return false
}
