package topic

import (
	"fmt"
	"slices"
)

// Rule names the phrase that found m: pack/topic/phrase.
func (t *Tagger) Rule(m Mention) string { return t.ruleID(m.pattern) }

func (t *Tagger) ruleID(i int32) string {
	ph := &t.written[i]
	return ph.pack.Name + "/" + t.patterns[i].name + "/" + ph.Text
}

// Why says what shows a context or intent: its rule, the hour or the channel.
func (t *Tagger) Why(f Finding, at Moment) string {
	if f.pattern >= 0 {
		return t.ruleID(f.pattern)
	}
	if f.Name == spamOrEmpty {
		return "nothing to judge"
	}
	for i := range t.contexts {
		c := &t.contexts[i]
		switch {
		case c.name != f.Name:
		case slices.Contains(c.sources, at.Source):
			return "source " + at.Source
		case c.opening&at.Opening != 0:
			return "opening hours: " + (c.opening & at.Opening).String()
		default:
			return fmt.Sprintf("local time %s", at.Local.Format("Mon 15:04"))
		}
	}
	return ""
}

// TagRule returns the rule of the composite tag called name.
func (t *Tagger) TagRule(name string) Tag {
	for i := range t.tags.list {
		if t.tags.list[i].Name == name {
			return t.tags.list[i].Tag
		}
	}
	return Tag{}
}
