package pipeline

import (
	"strings"
	"testing"
)

func TestTaxonomyOf(t *testing.T) {
	a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "hotel"})
	if err != nil {
		t.Fatal(err)
	}
	version := a.Taxonomy().Version()
	if !strings.HasPrefix(version, "hotel@") {
		t.Fatal(version)
	}
	for model, want := range map[string][2]string{
		a.Model():                            {version, version},
		"learned@84a413b0aa3d " + a.Model():  {version, version},
		a.Model() + " topics@3f9a rating@1":  {version, version + " topics@3f9a"},
		"":                                   {"", ""},
		"vader@3.3.2 lexicon@720bac06":       {"", ""},
		"vader@3.3.2 lexicon@720bac06 a@b c": {"a@b", "a@b"},
	} {
		if got := [2]string{TaxonomyOf(model), TaggerOf(model)}; got != want {
			t.Errorf("%q: %q, expected %q", model, got, want)
		}
	}
}
