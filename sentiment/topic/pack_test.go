package topic

import (
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
		run, failed := tagger.RunExamples()
		if run < 100 {
			t.Errorf("%s: only %d examples", name, run)
		}
		for _, f := range failed {
			t.Errorf("%s: %s %s, text %q: match should be %t, found %v", name, f.Kind, f.Rule, f.Text, f.Match, f.Found)
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
