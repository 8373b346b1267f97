package topic

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// chain returns the pack called name and those it extends, the base first.
func chain(packs map[string]*Pack, name string) ([]*Pack, error) {
	var out []*Pack
	for p := packs[name]; ; p = packs[p.Extends] {
		if slices.Contains(out, p) {
			return nil, errAt(p.file, p.from, "extends: %s extends itself in the end", p.Name)
		}
		out = append(out, p)
		if p.Extends == "" {
			break
		}
		if packs[p.Extends] == nil {
			return nil, errAt(p.file, p.from, "extends: no pack is called %q; there are %s", p.Extends, known(packs))
		}
	}
	slices.Reverse(out)
	return out, nil
}

func known(packs map[string]*Pack) string {
	return strings.Join(slices.Sorted(maps.Keys(packs)), ", ")
}

// merge folds a chain into one pack. Phrases add up; a class, a context's hours
// and a tag of the same name replace the base's.
func merge(packs []*Pack) *Pack {
	last := packs[len(packs)-1]
	out := &Pack{Name: last.Name, About: last.About, Languages: mergedLanguages(packs), file: last.file,
		Classes: map[string]Words{}, Topics: Rules{}, Contexts: Rules{}, Intents: Rules{}, Gates: map[string]Gate{}}
	sum := sha256.New()
	for _, p := range packs {
		out.line = append(out.line, p.Name)
		sum.Write([]byte(p.hash))
		maps.Copy(out.Classes, p.Classes)
		maps.Copy(out.Gates, p.Gates)
		mergeRules(out.Topics, p.Topics)
		mergeRules(out.Contexts, p.Contexts)
		mergeRules(out.Intents, p.Intents)
		for _, t := range p.Tags {
			out.Tags = slices.DeleteFunc(out.Tags, func(o Tag) bool { return o.Name == t.Name })
			out.Tags = append(out.Tags, t)
		}
	}
	out.hash = hex.EncodeToString(sum.Sum(nil))
	return out
}

func mergeRules(into, from Rules) {
	for name, r := range from {
		base, ok := into[name]
		if !ok {
			copied := *r
			into[name] = &copied
			continue
		}
		base.Phrases = slices.Concat(base.Phrases, r.Phrases)
		base.Negative = slices.Concat(base.Negative, r.Negative)
		base.Positive = slices.Concat(base.Positive, r.Positive)
		base.Not = slices.Concat(base.Not, r.Not)
		base.Match = slices.Concat(base.Match, r.Match)
		base.NoMatch = slices.Concat(base.NoMatch, r.NoMatch)
		base.Sources = slices.Concat(base.Sources, r.Sources)
		base.Opening = slices.Concat(base.Opening, r.Opening)
		if len(r.Hours) > 0 {
			base.Hours = r.Hours
		}
	}
}

// Load compiles the pack called name; own, if not nil, is a folder of further
// packs. An error names the file, the line and what is wrong there.
func Load(name string, own fs.FS) (*Tagger, error) {
	line, err := chainOf(name, own)
	if err != nil {
		return nil, err
	}
	return compile(merge(line))
}

// chainOf reads the packs and returns the one called name and those it
// extends, the base first.
func chainOf(name string, own fs.FS) ([]*Pack, error) {
	packs, err := readPacks(own)
	if err != nil {
		return nil, err
	}
	return chainIn(packs, name)
}

func chainIn(packs map[string]*Pack, name string) ([]*Pack, error) {
	if packs[name] == nil {
		return nil, &UnknownPackError{Name: name, Known: slices.Sorted(maps.Keys(packs))}
	}
	for _, n := range slices.Sorted(maps.Keys(packs)) { // a broken pack is found before it is asked for
		if _, err := chain(packs, n); err != nil {
			return nil, err
		}
	}
	return chain(packs, name)
}

// UnknownPackError means that no pack has the name asked for.
type UnknownPackError struct {
	Name  string
	Known []string
}

func (e *UnknownPackError) Error() string {
	return "no pack is called " + e.Name + "; there are " + strings.Join(e.Known, ", ")
}
