package topic

import (
	"fmt"
	"slices"
	"strings"

	"earshot/sentiment"
)

// english is the language of packs that name none.
const english = "en"

// mergedLanguages are those of all packs of a line, in order.
func mergedLanguages(packs []*Pack) []string {
	var out []string
	for _, p := range packs {
		out = append(out, p.Languages...)
		if len(p.Languages) == 0 {
			out = append(out, english)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// plainLanguages gives each language of a pack its short code: de-AT is de.
func plainLanguages(tags []string) ([]string, error) {
	var out []string
	for _, tag := range tags {
		lang, ok := sentiment.LanguageOf(tag)
		if !ok || len(lang.Code) < 2 || len(lang.Code) > 3 || strings.ContainsFunc(lang.Code, func(r rune) bool { return r < 'a' || r > 'z' }) {
			return nil, fmt.Errorf("languages: %q is no language; expected codes such as en, de, es", tag)
		}
		out = append(out, lang.Code)
	}
	return out, nil
}

// Reads says whether the words of texts in lang are looked at. In others only the
// moment shows contexts.
func (t *Tagger) Reads(lang sentiment.Language) bool {
	return slices.Contains(t.pack.Languages, lang.Code) || lang.English && slices.Contains(t.pack.Languages, english)
}

// TagText is Tag where the tagger reads the language of the text, else TagMoment.
func (t *Tagger) TagText(s *State, d *sentiment.Doc, lang sentiment.Language, at Moment) Result {
	if len(d.Tokens) == 0 || !t.Reads(lang) {
		return t.TagMoment(s, at)
	}
	at.Foreign = !lang.English
	return t.Tag(s, d, at)
}

// foreignExamples reports examples in a language that the pack does not read: they hold
// as tests, and no text like them is ever tagged.
func (l *linter) foreignExamples() {
	var d sentiment.Doc
	for _, g := range l.own.groups() {
		for name, r := range g.rules {
			for _, text := range r.Match {
				d.Scan(text)
				lang := d.Language()
				if lang.Code == sentiment.Undetermined || l.tagger.Reads(lang) {
					continue
				}
				l.report(l.own.file, r.line, false, name, "the example %q is taken for the language %s, which the pack does not read: see languages", text, lang.Code)
			}
		}
	}
}
