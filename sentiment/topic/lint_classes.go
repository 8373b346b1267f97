package topic

import (
	"strings"
)

// classes reports those of the pack's own that no phrase uses.
func (l *linter) classes() {
	used := map[string]bool{}
	for _, g := range l.merged.groups() {
		for _, r := range g.rules {
			for _, list := range [][]Phrase{r.Phrases, r.Negative, r.Positive, r.Not} {
				for _, ph := range list {
					markClasses(used, ph.Text)
				}
			}
		}
	}
	for name, c := range l.own.Classes {
		if !used[name] {
			l.report(l.own.file, c.line, false, "class "+name, "no phrase uses it")
		}
	}
}

func markClasses(used map[string]bool, phrase string) {
	for {
		_, rest, found := strings.Cut(phrase, "<")
		if !found {
			return
		}
		name, after, _ := strings.Cut(rest, ">")
		used[name] = true
		phrase = after
	}
}

// tags reports those that cannot come true: a tag with a sentiment needs a
// phrase that is good or bad news in itself.
func (l *linter) tags() {
	for _, t := range l.own.Tags {
		if t.Topic == "" || t.Sentiment == "" || t.Sentiment == "neutral" {
			continue
		}
		can := false
		for name, r := range l.merged.Topics {
			can = can || Covers(t.Topic, name) && len(r.Negative)+len(r.Positive) > 0
		}
		if !can {
			l.report(l.own.file, t.line, true, "tag "+t.Name, "no phrase of %s is good or bad news in itself, so it never holds", t.Topic)
		}
	}
}
