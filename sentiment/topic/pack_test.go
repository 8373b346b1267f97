package topic

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

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

// The pack that the documentation shows does what it says there.
func TestDocumentedPack(t *testing.T) {
	doc, err := os.ReadFile("../../docs/topics.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(doc), "```yaml\n")
	pack, _, found := strings.Cut(rest, "```")
	if !found || !strings.Contains(pack, "pack: coffee") {
		t.Fatal("docs/topics.md shows no pack")
	}
	tagger, problems, err := LoadDraft([]byte(pack), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	if _, failed := tagger.RunExamples(); len(failed) > 0 {
		t.Error(failed)
	}
	var d sentiment.Doc
	var s State
	d.Scan("Waited ten minutes for my latte.")
	monday := time.Date(2026, 3, 2, 7, 30, 0, 0, time.UTC)
	if got := tagger.Tag(&s, &d, Moment{Local: monday}).Tags; !slices.Contains(got, "cold coffee before work") {
		t.Error(got)
	}
}
