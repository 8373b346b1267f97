package topic

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Problem is something in a pack that compiles and still is wrong.
type Problem struct {
	File  string `json:"file"`
	Line  int    `json:"line"`
	Rule  string `json:"rule"`
	Text  string `json:"problem"`
	Error bool   `json:"error"` // it cannot do what it says; else it is untidy
}

func (p Problem) String() string {
	severity := "warning"
	if p.Error {
		severity = "error"
	}
	return fmt.Sprintf("%s:%d: %s: %s: %s", p.File, p.Line, severity, p.Rule, p.Text)
}

// Lint examines the pack called name on top of those it extends, and returns
// what is wrong in its own file, by line.
func Lint(name string, own fs.FS) ([]Problem, error) {
	line, err := chainOf(name, own)
	if err != nil {
		return nil, err
	}
	merged := merge(line)
	tagger, err := compile(merged)
	if err != nil {
		return nil, err
	}
	return lint(line, tagger), nil
}

// lint examines the last pack of a line, which tagger is made of.
func lint(line []*Pack, tagger *Tagger) []Problem {
	l := linter{own: line[len(line)-1], merged: tagger.pack, tagger: tagger, seen: map[string]reading{}}
	l.run()
	slices.SortStableFunc(l.problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), strings.Compare(a.Text, b.Text))
	})
	return slices.Compact(l.problems)
}

// LintChain is Lint of the pack called name and of all that it extends, the
// base first. Built-in packs are left out beside one of the user's, who cannot mend them.
func LintChain(name string, own fs.FS) ([]Problem, error) {
	line, err := chainOf(name, own)
	if err != nil {
		return nil, err
	}
	var out []Problem
	builtins := Names()
	for _, p := range line {
		if slices.Contains(builtins, p.Name) && !slices.Contains(builtins, name) {
			continue
		}
		problems, err := Lint(p.Name, own)
		if err != nil {
			return nil, err
		}
		out = append(out, problems...)
	}
	return out, nil
}

type linter struct {
	own, merged *Pack
	tagger      *Tagger
	seen        map[string]reading // first phrase with these places, over all topics
	problems    []Problem
}

// reading is a phrase of a rule with all its variants.
type reading struct {
	rule     string
	polarity int
	phrase   Phrase
	variants [][]element
}

func (l *linter) run() {
	for _, g := range l.merged.groups() {
		for _, name := range slices.Sorted(maps.Keys(g.rules)) {
			l.rule(g.kind, name, g.rules[name])
		}
	}
	l.classes()
	l.tags()
	l.turned()
	l.foreignExamples()
}

// report keeps problems of the pack's own file.
func (l *linter) report(file string, line int, grave bool, rule, format string, args ...any) {
	if file == l.own.file {
		l.problems = append(l.problems, Problem{File: file, Line: line, Rule: rule, Text: fmt.Sprintf(format, args...), Error: grave})
	}
}

func (l *linter) rule(kind, name string, r *Rule) {
	if len(r.Match) == 0 && kind != KindContext {
		l.report(l.fileOf(r), r.line, false, name, "no example under match: nothing tests it")
	}
	if alwaysOpen(r.Hours) {
		l.report(l.fileOf(r), r.Hours[0].line, true, name, "holds at every hour of the week: leave the hours out, or name fewer")
	}
	nots := l.read(name, 0, r.Not)
	readings := slices.Concat(l.read(name, 0, r.Phrases), l.read(name, -1, r.Negative), l.read(name, 1, r.Positive))
	within := map[string]reading{}
	for _, p := range readings {
		if tooGeneral(p) {
			l.report(p.phrase.pack.file, p.phrase.line, true, name, "phrase %q matches nearly every text", p.phrase.Text)
		}
		if not, dead := killedBy(p, nots); dead {
			l.report(p.phrase.pack.file, p.phrase.line, true, name, "phrase %q never counts: the not-phrase %q is part of it", p.phrase.Text, not.phrase.Text)
		}
		for _, v := range p.variants {
			key := places(v)
			if first, twice := within[key]; twice && first.phrase != p.phrase {
				l.twin(name, first, p)
			}
			within[key] = p
			if kind == KindTopic {
				l.clash(key, p)
			}
		}
	}
}

// twin reports two phrases of one rule with the same reading.
func (l *linter) twin(name string, first, p reading) {
	if first.polarity*p.polarity < 0 {
		l.report(p.phrase.pack.file, p.phrase.line, true, name, "phrase %q is both good and bad news: see %q", p.phrase.Text, first.phrase.Text)
		return
	}
	if first.polarity == p.polarity {
		l.report(p.phrase.pack.file, p.phrase.line, false, name, "phrase %q repeats %q", p.phrase.Text, first.phrase.Text)
	}
}

// clash reports a phrase that two topics claim; one of them may be meant.
func (l *linter) clash(key string, p reading) {
	first, claimed := l.seen[key]
	if !claimed {
		l.seen[key] = p
		return
	}
	if first.rule == p.rule || Covers(first.rule, p.rule) || Covers(p.rule, first.rule) {
		return
	}
	a, b := first, p
	if b.phrase.pack.file != l.own.file { // report it where it can be mended
		a, b = b, a
	}
	l.report(b.phrase.pack.file, b.phrase.line, false, b.rule, "phrase %q shows %s, too", b.phrase.Text, a.rule)
}

func (l *linter) read(rule string, polarity int, phrases []Phrase) []reading {
	var out []reading
	for _, ph := range phrases {
		variants, err := parsePhrase(ph.Text, l.merged.Classes)
		if err != nil {
			continue // compile has reported it
		}
		out = append(out, reading{rule, polarity, ph, variants})
	}
	return out
}

// fileOf returns the file that a rule stands in first.
func (l *linter) fileOf(r *Rule) string {
	if r.pack == l.own.Name {
		return l.own.file
	}
	return ""
}

// killedBy says whether every reading of p holds one of a not-phrase.
func killedBy(p reading, nots []reading) (by reading, dead bool) {
	for _, v := range p.variants {
		i := slices.IndexFunc(nots, func(n reading) bool {
			return slices.ContainsFunc(n.variants, func(q []element) bool { return holds(v, q) })
		})
		if i < 0 {
			return reading{}, false
		}
		by = nots[i]
	}
	return by, true
}

// holds says whether part stands somewhere in whole, so that each text that
// whole matches is matched by part, too.
func holds(whole, part []element) bool {
	for at := 0; at+len(part) <= len(whole); at++ {
		all := true
		for i := range part {
			all = all && covers(part[i], whole[at+i])
		}
		if all {
			return true
		}
	}
	return false
}

// covers says whether every word of b is one of a.
func covers(a, b element) bool {
	if a.words == nil || b.words == nil {
		return a.words == nil && b.words == nil && a.gap >= b.gap
	}
	return !slices.ContainsFunc(b.words, func(w string) bool {
		return !slices.ContainsFunc(a.words, func(o string) bool {
			stem, isStem := strings.CutSuffix(o, "*")
			return o == w || isStem && strings.HasPrefix(w, stem)
		})
	})
}

// places tells equal readings.
func places(v []element) string {
	var b strings.Builder
	for _, e := range v {
		if e.words == nil {
			fmt.Fprintf(&b, " *%d", e.gap)
		} else {
			b.WriteString(" " + e.key())
		}
	}
	return b.String()
}

// tooGeneral says whether a reading consists of words that most texts hold.
func tooGeneral(p reading) bool {
	return slices.ContainsFunc(p.variants, func(v []element) bool {
		gap := slices.ContainsFunc(v, func(e element) bool { return e.words == nil })
		return (gap || len(v) == 1) && !slices.ContainsFunc(v, func(e element) bool {
			return e.words != nil && !slices.ContainsFunc(e.words, isCommon)
		})
	})
}

// isCommon knows the words that stand in most English texts.
func isCommon(word string) bool {
	switch word {
	case "a", "an", "and", "are", "as", "at", "be", "but", "for", "from", "had", "have", "i", "in", "is", "it", "its",
		"my", "of", "on", "or", "so", "that", "the", "they", "this", "to", "was", "we", "were", "with", "you":
		return true
	}
	return false
}
