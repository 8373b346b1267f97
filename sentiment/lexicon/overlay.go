package lexicon

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"earshot/sentiment/topic"
)

//go:embed lexicons/*.yaml
var builtin embed.FS

// Overlay is the lexicons in force, compiled. It is immutable and safe for
// concurrent use.
type Overlay struct {
	files   []*File
	shipped int // of files, the first
	matcher *topic.Matcher
	rules   []rule       // by number of the phrase in the matcher; after them those of emoji
	effects []effect     // of the rules
	emoji   map[rune]int // to the rule
	version string
}

// rule is one phrase with what it does.
type rule struct {
	entry  *Entry
	phrase Phrase
	file   int // place in Overlay.files: on equal words the later file wins
}

// effect is all that scoring asks of a rule.
type effect struct {
	valence, effort float64
	file            int32 // as rule.file
	fixed           bool  // negation does not turn it
	mutes           bool  // VADER's words of its clause
	turns           bool  // bad words into praise
}

func (r rule) effect() effect {
	e, fixed := r.entry, r.entry.Negation == "fixed"
	return effect{valence: e.Valence, effort: e.Effort, file: int32(r.file),
		fixed: fixed, mutes: e.Scope == "clause", turns: fixed && e.Valence > 0}
}

// Load compiles the built-in lexicons and then own, as far as they go with one of
// packs. A phrase of a later lexicon replaces the same phrase of an earlier one.
func Load(packs []string, own []*File) (*Overlay, error) {
	files, err := ReadFolder(builtin, "lexicons", "lexicons")
	if err != nil {
		return nil, err
	}
	// The lexicon of a pack knows better than the one for all.
	slices.SortStableFunc(files, func(a, b *File) int { return cmp.Compare(len(a.Packs), len(b.Packs)) })
	files = slices.DeleteFunc(files, func(f *File) bool { return !f.inForce(packs) })
	shipped := len(files)
	for _, f := range own {
		if f.inForce(packs) {
			files = append(files, f)
		}
	}
	o, err := Compile(files)
	if err != nil {
		return nil, err
	}
	o.shipped = shipped
	return o, nil
}

// Own tells whether a hit is of a lexicon that does not ship.
func (o *Overlay) Own(h Hit) bool { return int(o.effects[h.rule].file) >= o.shipped }

// Turns tells whether a hit is a phrase that turns bad words into praise: "no complaints".
func (o *Overlay) Turns(h Hit) bool { return !h.Emoji && o.effects[h.rule].turns }

// ReadFolder reads the .yaml files of a folder, which errors call shown.
func ReadFolder(fsys fs.FS, dir, shown string) ([]*File, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("lexicons: %w", err)
	}
	var files []*File
	var problems []error
	for _, e := range entries {
		if ext := path.Ext(e.Name()); e.IsDir() || ext != ".yaml" && ext != ".yml" {
			continue
		}
		data, err := fs.ReadFile(fsys, path.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("lexicons: %w", err)
		}
		f, err := Parse(strings.TrimRight(shown, "/")+"/"+e.Name(), data)
		problems = append(problems, err)
		files = append(files, f)
	}
	return files, errors.Join(problems...)
}

// Compile makes an overlay of files; of a phrase in several the last one counts.
func Compile(files []*File) (*Overlay, error) {
	o := &Overlay{files: files}
	last, signs := map[string]int{}, []rule(nil)
	for i, f := range files {
		for _, e := range f.Entries {
			for _, p := range e.Phrases {
				last[phraseKey(p.Text)] = i
			}
		}
	}
	b := topic.NewMatcherBuilder()
	sum := sha256.New()
	for i, f := range files {
		sum.Write([]byte(f.hash))
		for j := range f.Entries {
			for _, p := range f.Entries[j].Phrases {
				if last[phraseKey(p.Text)] != i {
					continue
				}
				if _, ok := emojiOf(p.Text); ok {
					signs = append(signs, rule{entry: &f.Entries[j], phrase: p, file: i})
					continue
				}
				if _, err := b.Add(p.Text, f.Classes); err != nil {
					return nil, f.errAt(p.Line, "%w", err)
				}
				o.rules = append(o.rules, rule{entry: &f.Entries[j], phrase: p, file: i})
			}
		}
	}
	o.emoji = make(map[rune]int, len(signs))
	for _, r := range signs {
		emoji, _ := emojiOf(r.phrase.Text)
		o.emoji[emoji] = len(o.rules)
		o.rules = append(o.rules, r)
	}
	for _, r := range o.rules {
		o.effects = append(o.effects, r.effect())
	}
	o.matcher = b.Matcher()
	o.version = "lexicon@" + hex.EncodeToString(sum.Sum(nil))[:8]
	return o, nil
}

// phraseKey is the same for phrases that mean the same.
func phraseKey(phrase string) string {
	if r, ok := emojiOf(phrase); ok {
		return string(r)
	}
	return phrase
}

// Version names the content of all lexicons in force: lexicon@ab12cd34.
func (o *Overlay) Version() string { return o.version }

// Line is one phrase in force.
type Line struct {
	Lexicon  string  `json:"lexicon"`
	Phrase   string  `json:"phrase"`
	Valence  float64 `json:"valence"`
	Effort   float64 `json:"effort"`
	Negation string  `json:"negation"`
	Scope    string  `json:"scope"`
	File     string  `json:"file"`
	Line     int     `json:"line"`
}

// Lines lists the phrases in force, in the order of the files.
func (o *Overlay) Lines() []Line {
	lines := make([]Line, 0, len(o.rules))
	for _, r := range o.rules {
		l := Line{Lexicon: r.entry.file.Name, Phrase: r.phrase.Text, Valence: r.entry.Valence, Effort: r.entry.Effort,
			Negation: "turns", Scope: "phrase", File: r.entry.file.path, Line: r.phrase.Line}
		if r.entry.Negation != "" {
			l.Negation = r.entry.Negation
		}
		if r.entry.Scope != "" {
			l.Scope = r.entry.Scope
		}
		lines = append(lines, l)
	}
	return lines
}
