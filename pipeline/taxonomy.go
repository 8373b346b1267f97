package pipeline

import (
	"slices"
	"strings"

	"earshot/sentiment/topic"
)

// Taxonomy is the one in force.
func (a *TextAnalyzer) Taxonomy() *topic.Tagger { return a.tagger }

// TaxonomyOf returns the taxonomy's version out of a version of everything that
// scored (Analysis.Model); empty if there is none.
func TaxonomyOf(model string) string {
	parts := strings.Fields(model)
	i := slices.IndexFunc(parts, func(p string) bool { return strings.HasPrefix(p, "lexicon@") })
	if i < 0 || i+1 == len(parts) {
		return ""
	}
	return parts[i+1]
}

// TaggerOf returns the version of all that decides on topics: the taxonomy and,
// where there is one, the topics model.
func TaggerOf(model string) string {
	tagger := TaxonomyOf(model)
	for _, part := range strings.Fields(model) {
		if strings.HasPrefix(part, "topics@") {
			tagger += " " + part
		}
	}
	return tagger
}

// CoversAny says whether one of topics is name itself or lies below it.
func CoversAny(name string, topics ...string) bool {
	return slices.ContainsFunc(topics, func(t string) bool { return topic.Covers(name, t) })
}
