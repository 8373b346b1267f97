package topic

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// What a Change says.
const (
	ChangeAdded   = "added"
	ChangeRemoved = "removed"
	ChangeMoved   = "moved"   // a phrase from one list or rule to another
	ChangeChanged = "changed" // a single value
)

// Change is one difference between two taxonomies.
type Change struct {
	Change string `json:"change"`
	Kind   string `json:"kind"` // topic, context, intent, tag, class, gate or pack
	Name   string `json:"name"`
	Part   string `json:"part"` // of it: phrases, negative, match, hours, … ; empty: the whole
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// The kinds of a Change beside those of rules.
const (
	KindClass = "class"
	KindGate  = "gate"
	KindPack  = "pack"
)

// Diff tells what differs in meaning between two taxonomies, by kind and name. The
// order of phrases, and of the words to choose from in one, means nothing.
func Diff(before, after Definition) []Change {
	var d differ
	d.rules(KindTopic, before.Topics, after.Topics)
	d.rules(KindContext, before.Contexts, after.Contexts)
	d.rules(KindIntent, before.Intents, after.Intents)
	d.items(KindTag, tagTexts(before.Tags), tagTexts(after.Tags))
	for _, name := range unionKeys(before.Classes, after.Classes) {
		d.list(KindClass, name, "words", before.Classes[name], after.Classes[name])
	}
	d.items(KindGate, gateTexts(before.Gates), gateTexts(after.Gates))
	if b, a := before.languages(), after.languages(); b != a {
		d.add(ChangeChanged, KindPack, after.Pack, "languages", b, a)
	}
	return d.moves()
}

func (d Definition) languages() string { return orElse(strings.Join(d.Languages, ", "), english, true) }

type differ struct{ changes []Change }

func (d *differ) add(change, kind, name, part, before, after string) {
	d.changes = append(d.changes, Change{change, kind, name, part, before, after})
}

func (d *differ) rules(kind string, before, after map[string]RuleDefinition) {
	for _, name := range unionKeys(before, after) {
		b, was := before[name]
		a, is := after[name]
		switch {
		case !was:
			d.add(ChangeAdded, kind, name, "", "", a.About)
		case !is:
			d.add(ChangeRemoved, kind, name, "", b.About, "")
		case b.About != a.About:
			d.add(ChangeChanged, kind, name, "about", b.About, a.About)
		}
		lists, others := b.lists(), a.lists()
		for i := range lists {
			d.list(kind, name, lists[i].part, lists[i].items, others[i].items)
		}
	}
}

type partOf struct {
	part  string
	items []string
}

func (r RuleDefinition) lists() []partOf {
	var hours []string
	for _, h := range r.Hours {
		days := slices.Clone(h.Days)
		if len(days) == 0 {
			days = []string{"every day"}
		}
		said := fmt.Sprintf("%s %d-%d h", strings.Join(days, " "), h.From, h.To)
		if len(h.Unless) > 0 {
			said += " unless " + strings.Join(h.Unless, ", ")
		}
		hours = append(hours, said)
	}
	return []partOf{{"phrases", r.Phrases}, {"negative", r.Negative}, {"positive", r.Positive}, {"not", r.Not},
		{"hours", hours}, {"sources", r.Sources}, {"opening", r.Opening}, {"match", r.Match}, {"no_match", r.NoMatch}}
}

// list compares two lists as sets.
func (d *differ) list(kind, name, part string, before, after []string) {
	same := itemKey(part)
	is, was := map[string]bool{}, map[string]bool{}
	for _, item := range after {
		is[same(item)] = true
	}
	for _, item := range before {
		if key := same(item); !is[key] && !was[key] {
			d.add(ChangeRemoved, kind, name, part, item, "")
		}
		was[same(item)] = true
	}
	told := map[string]bool{}
	for _, item := range after {
		if key := same(item); !was[key] && !told[key] {
			told[key] = true
			d.add(ChangeAdded, kind, name, part, "", item)
		}
	}
}

// itemKey tells equal items of a part.
func itemKey(part string) func(string) string {
	if isPhrases(part) {
		return phraseKey
	}
	return strings.TrimSpace
}

func isPhrases(part string) bool {
	return part == "phrases" || part == "negative" || part == "positive" || part == "not"
}

// phraseKey is a phrase with the words of each place in order.
func phraseKey(phrase string) string {
	places := strings.Fields(strings.ToLower(phrase))
	for i, place := range places {
		bare, optional := strings.CutSuffix(place, "?")
		words := strings.Split(bare, "|")
		slices.Sort(words)
		places[i] = strings.Join(slices.Compact(words), "|")
		if optional {
			places[i] += "?"
		}
	}
	return strings.Join(places, " ")
}

// items compares what has a name and one text.
func (d *differ) items(kind string, before, after map[string]string) {
	for _, name := range unionKeys(before, after) {
		b, was := before[name]
		a, is := after[name]
		switch {
		case !was:
			d.add(ChangeAdded, kind, name, "", "", a)
		case !is:
			d.add(ChangeRemoved, kind, name, "", b, "")
		case a != b:
			d.add(ChangeChanged, kind, name, "", b, a)
		}
	}
}

// moves makes one change of a phrase that is gone in one place and new in another:
// its Before is where it was, its After the phrase.
func (d *differ) moves() []Change {
	gone := map[string]int{}
	for i, c := range d.changes {
		if c.Change == ChangeRemoved && isPhrases(c.Part) {
			gone[c.Kind+" "+phraseKey(c.Before)] = i
		}
	}
	drop := map[int]bool{}
	for i, c := range d.changes {
		from, moved := gone[c.Kind+" "+phraseKey(c.After)]
		if c.Change != ChangeAdded || !isPhrases(c.Part) || !moved || drop[from] {
			continue
		}
		drop[from] = true
		d.changes[i].Change = ChangeMoved
		d.changes[i].Before = d.changes[from].Name + " " + d.changes[from].Part
	}
	out := []Change{}
	for i, c := range d.changes {
		if !drop[i] {
			out = append(out, c)
		}
	}
	return out
}

func tagTexts(tags []TagDefinition) map[string]string {
	out := map[string]string{}
	for _, t := range tags {
		contexts := slices.Sorted(slices.Values(t.Contexts))
		out[t.Name] = Tag{Topic: t.Topic, Sentiment: t.Sentiment, Contexts: contexts}.describe()
	}
	return out
}

func gateTexts(gates map[string]Gate) map[string]string {
	share := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	out := map[string]string{}
	for name, g := range gates {
		out[name] = "precision " + share(g.Precision) + ", recall " + share(g.Recall)
	}
	return out
}

func unionKeys[V any](a, b map[string]V) []string {
	names := slices.Collect(maps.Keys(a))
	names = slices.AppendSeq(names, maps.Keys(b))
	slices.SortFunc(names, cmp.Compare)
	return slices.Compact(names)
}
