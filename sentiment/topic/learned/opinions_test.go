package learned

import (
	"slices"
	"testing"
	"testing/fstest"

	"earshot/sentiment"
	"earshot/sentiment/topic"
)

func TestOpinions(t *testing.T) {
	problems, err := topic.Lint("opinions", fstest.MapFS{"opinions.yaml": {Data: opinionRules}})
	if err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
	tagger, err := topic.LoadRecorded("opinions", opinionRules)
	if err != nil {
		t.Fatal(err)
	}
	run, failed := tagger.RunExamples()
	if run < 30 {
		t.Errorf("only %d examples", run)
	}
	for _, f := range failed {
		t.Errorf("%s: %q should match: %t", f.Rule, f.Text, f.Match)
	}
}

func TestWithOpinions(t *testing.T) {
	for _, name := range topic.Names() {
		pack, err := topic.Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		both, err := withOpinions(pack)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var doc sentiment.Doc
		doc.Scan("The service was slow and rude, I will never go back, and I want a refund.")
		var a, b topic.State
		alone, joined := pack.Tag(&a, &doc, topic.Moment{}), both.Tag(&b, &doc, topic.Moment{})
		if len(joined.Mentions) != len(alone.Mentions) || len(joined.Contexts) != len(alone.Contexts) {
			t.Errorf("%s: opinions change the topics or contexts: %v, %v", name, alone, joined)
		}
		if !slices.ContainsFunc(joined.Intents, func(f topic.Finding) bool { return f.Name == "opinion.return.bad" && f.Polarity < 0 }) {
			t.Errorf("%s: nobody said to stay away: %v", name, joined.Intents)
		}
	}
}

// TestFinds: a turn of phrase counts by how near it stands to the topic.
func TestFinds(t *testing.T) {
	m, _ := trained()
	r := newReader(m)
	var doc sentiment.Doc
	doc.Scan("The soup was below average. Our waiter was so kind to all of us that we asked for his name and told everybody.")
	r.read(&doc)
	r.spread()
	weights := map[string]float32{}
	at := intentsAt + 2*m.rules.place[topic.KindIntent]["opinion.compare.bad"]
	for c, name := range m.Topics {
		var v vector
		r.polarityVector(&v, c)
		if i := slices.Index(v.at, at); i >= 0 {
			weights[name] = v.x[i]
		}
	}
	if food, staff := weights["food"], weights["staff"]; food <= 2*staff || food > 1 {
		t.Errorf("below average is about the food by %g, about the staff by %g", food, staff)
	}
}
