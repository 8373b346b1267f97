package learned

import (
	"slices"
	"testing"

	"earshot/sentiment"
	"earshot/sentiment/topic"
)

func TestChooseRules(t *testing.T) {
	flights := []Example{
		{"My flight was cancelled.", []Label{{Topic: "cancelled"}}},
		{"They lost my suitcase.", []Label{{Topic: "luggage"}}},
		{"Flight cancelled again, thanks.", []Label{{Topic: "cancelled"}}},
		{"My bag never arrived, lost luggage.", []Label{{Topic: "luggage"}}},
		{"Hello there.", nil},
	}
	for want, c := range map[string]struct {
		examples []Example
		topics   []string
	}{
		"airline":    {flights, []string{"cancelled", "luggage"}},
		"restaurant": {cafe(), []string{"food", "staff"}},
	} {
		r, err := chooseRules(c.examples, c.topics)
		if err != nil || r.tagger.Packs()[len(r.tagger.Packs())-1] != want {
			t.Errorf("%v: %v, want %s", r.tagger.Packs(), err, want)
		}
	}
}

// TestRuleFeatures reads one text with the pack and with what a model stores of it.
func TestRuleFeatures(t *testing.T) {
	tagger, err := topic.Load("restaurant", nil)
	if err != nil {
		t.Fatal(err)
	}
	shipped := newRules(tagger)
	text, err := shipped.text()
	if err != nil {
		t.Fatal(err)
	}
	stored, err := readRules(tagger.Version(), text)
	if err != nil || stored.tagger.Version() != tagger.Version() || stored.size != shipped.size {
		t.Fatalf("%s, %d features, from %s, %d: %v", stored.tagger.Version(), stored.size, tagger.Version(), shipped.size, err)
	}
	a, b := ruleReader{rules: shipped}, ruleReader{rules: stored}
	var doc sentiment.Doc
	for text, topics := range map[string][]string{
		"The service was slow, so slow, and the service was rude.": {"service.speed"},
		"Hm.": nil,
	} {
		doc.Scan(text)
		found := a.read(&doc)
		if !slices.Equal(found, b.read(&doc)) {
			t.Errorf("%q: %v, stored %v", text, found, b.found)
		}
		if none := slices.Contains(found, rulesAt); none != (topics == nil) {
			t.Errorf("%q: nothing found is %t", text, none)
		}
		for _, name := range topics {
			if place := shipped.place[topic.KindTopic][name]; place == 0 || !slices.Contains(found, rulesAt+place) {
				t.Errorf("%q: no %s in %v", text, name, found)
			}
		}
		if slices.Sort(found); len(slices.Compact(found)) != len(found) {
			t.Errorf("%q: twice in %v", text, found)
		}
	}
}
