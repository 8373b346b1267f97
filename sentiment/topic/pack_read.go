package topic

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed packs/*.yaml
var builtin embed.FS

// Names lists the built-in packs.
func Names() []string {
	entries, err := builtin.ReadDir("packs")
	if err != nil {
		panic(err) // the folder is embedded
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// readPacks reads the built-in packs and, if own is not nil, those in own.
func readPacks(own fs.FS) (map[string]*Pack, error) {
	packs := map[string]*Pack{}
	folders := []struct {
		fsys fs.FS
		dir  string
	}{{builtin, "packs"}, {own, "."}}
	for _, f := range folders {
		if f.fsys == nil {
			continue
		}
		entries, err := fs.ReadDir(f.fsys, f.dir)
		if err != nil {
			return nil, fmt.Errorf("packs: %w", err)
		}
		for _, e := range entries {
			if ext := path.Ext(e.Name()); e.IsDir() || ext != ".yaml" && ext != ".yml" {
				continue
			}
			if err := addPack(packs, f.fsys, path.Join(f.dir, e.Name())); err != nil {
				return nil, err
			}
		}
	}
	return packs, nil
}

func addPack(packs map[string]*Pack, fsys fs.FS, file string) error {
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return fmt.Errorf("packs: %w", err)
	}
	file = shownAs(fsys, file)
	p, err := parsePack(file, data)
	if err != nil {
		return err
	}
	if other, taken := packs[p.Name]; taken {
		return errAt(file, 1, "the pack %q is defined in %s already; give this one another name, it may extend the other", p.Name, other.file)
	}
	packs[p.Name] = p
	return nil
}

func parsePack(file string, data []byte) (*Pack, error) {
	p := &Pack{file: file}
	if err := CheckBytes(file, data); err != nil {
		return nil, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(withoutJSONEscapes(data)))
	dec.KnownFields(true)
	if err := dec.Decode(p); errors.Is(err, io.EOF) {
		return nil, errAt(file, 1, "the file is empty; expected a pack")
	} else if err != nil {
		return nil, YAMLMistake(file, data, err, packKeys)
	}
	var second yaml.Node
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		return nil, errAt(file, max(second.Line, 1), "more than one document; a file is one pack")
	}
	if p.Name == "" || strings.ContainsAny(p.Name, " \t@/") {
		return nil, errAt(file, 1, "pack: expected a name without spaces, @ and /, not %q", p.Name)
	}
	p.from = lineOf(data, "extends")
	var err error
	if p.Languages, err = plainLanguages(p.Languages); err != nil {
		return nil, errAt(file, lineOf(data, "languages"), "%w", err)
	}
	sum := sha256.Sum256(data)
	p.hash = hex.EncodeToString(sum[:])
	for _, rules := range []Rules{p.Topics, p.Contexts, p.Intents} {
		for _, name := range slices.Sorted(maps.Keys(rules)) {
			r := rules[name]
			if err := checkName(name); err != nil {
				return nil, errAt(file, r.line, "%w", err)
			}
			if len(r.Phrases)+len(r.Negative)+len(r.Positive)+len(r.Hours)+len(r.Sources)+len(r.Opening)+len(r.Not) == 0 {
				return nil, errAt(file, r.line, "%s: no phrases", name)
			}
			r.adopt(p)
		}
	}
	for _, label := range slices.Sorted(maps.Keys(p.Gates)) {
		if err := p.Gates[label].check(); err != nil {
			return nil, errAt(file, lineOf(data, "gates"), "gate %s: %w", label, err)
		}
	}
	for i := range p.Tags {
		p.Tags[i].file, p.Tags[i].pack = file, p.Name
	}
	return p, nil
}

// lineOf is the line of a key of the whole file, 1 if it is not there.
func lineOf(data []byte, key string) int {
	number := 0
	for line := range bytes.Lines(data) {
		number++
		if rest, ok := bytes.CutPrefix(line, []byte(key)); ok && bytes.HasPrefix(bytes.TrimSpace(rest), []byte(":")) {
			return number
		}
	}
	return 1
}

func (r *Rule) adopt(p *Pack) {
	r.pack = p.Name
	for _, list := range [][]Phrase{r.Phrases, r.Negative, r.Positive, r.Not} {
		for i := range list {
			list[i].pack = p
		}
	}
}
