package topic

import "io/fs"

// LoadDraft compiles a pack that stands in no folder yet, as if it stood beside the
// built-in packs and those of own (nil: none), and lints it.
func LoadDraft(data []byte, own fs.FS) (*Tagger, []Problem, error) {
	packs, err := readPacks(own)
	if err != nil {
		return nil, nil, err
	}
	p, err := parsePack("draft", data)
	if err != nil {
		return nil, nil, err
	}
	if other, taken := packs[p.Name]; taken {
		return nil, nil, errAt("draft", 1, "the pack %q is defined in %s already; give this one another name", p.Name, other.file)
	}
	packs[p.Name] = p
	line, err := chain(packs, p.Name)
	if err != nil {
		return nil, nil, err
	}
	t, err := compile(merge(line))
	if err != nil {
		return nil, nil, err
	}
	return t, lint(line, t), nil
}
