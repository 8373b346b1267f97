package topic

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

func errWindow(w Window) error {
	return fmt.Errorf("hours: expected days out of mon…sun, from 0..23 and to 1..24 that differ, not days %v from %d to %d", w.Days, w.From, w.To)
}

// checkTag says what in a tag refers to nothing.
func (b *builder) checkTag(t Tag) error {
	p := b.t.pack
	if t.Name == "" {
		return errors.New("no name")
	}
	if t.Topic == "" && len(t.Contexts) == 0 {
		return errors.New("neither topic nor contexts: it would hold everywhere")
	}
	if t.Topic != "" && !slices.ContainsFunc(slices.Collect(maps.Keys(p.Topics)), func(n string) bool { return Covers(t.Topic, n) }) {
		return fmt.Errorf("no topic is called %q", t.Topic)
	}
	if !slices.Contains([]string{"", "positive", "neutral", "negative"}, t.Sentiment) {
		return fmt.Errorf("sentiment %q: expected positive, neutral or negative", t.Sentiment)
	}
	for _, c := range t.Contexts {
		if p.Contexts[c] == nil {
			return fmt.Errorf("no context is called %q", c)
		}
	}
	return nil
}

// Covers says whether topic is name itself or lies below it: food covers
// food.taste.
func Covers(name, topic string) bool {
	return topic == name || len(topic) > len(name) && topic[len(name)] == '.' && strings.HasPrefix(topic, name)
}
