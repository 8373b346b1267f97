package topic

import (
	"slices"
	"testing"

	"earshot/sentiment"
)

// TestExamples runs the match and no_match texts of every pack: they are the
// tests of its rules.
func TestExamples(t *testing.T) {
	for _, name := range Names() {
		tagger, err := Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		for group, rules := range map[string]Rules{"topic": tagger.pack.Topics, "context": tagger.pack.Contexts, "intent": tagger.pack.Intents} {
			for rule, r := range rules {
				if len(r.Match) == 0 || len(r.NoMatch) == 0 && group != "context" {
					t.Errorf("%s: %s %s has no examples", name, group, rule)
				}
				for _, text := range r.Match {
					if found := names(tagger, group, text); !slices.Contains(found, rule) {
						t.Errorf("%s: %s %s should match %q, found %v", name, group, rule, text, found)
					}
				}
				for _, text := range r.NoMatch {
					if found := names(tagger, group, text); slices.Contains(found, rule) {
						t.Errorf("%s: %s %s should not match %q", name, group, rule, text)
					}
				}
			}
		}
	}
}

// names returns what the words of text show.
func names(t *Tagger, group, text string) (found []string) {
	var d sentiment.Doc
	var s State
	d.Scan(text)
	r := t.Tag(&s, &d, Moment{})
	switch group {
	case "topic":
		for _, m := range r.Mentions {
			found = append(found, m.Topic)
		}
	case "context":
		for _, f := range r.Contexts {
			found = append(found, f.Name)
		}
	default:
		for _, f := range r.Intents {
			found = append(found, f.Name)
		}
	}
	return found
}
