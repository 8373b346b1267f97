package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLexicon(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("good.yaml", "lexicon: ours\nentries:\n  - {phrases: [zorp], valence: -3, match: [a zorp]}\nexamples:\n  - {text: zorp, sentiment: negative}\n")
	bad := write("bad.yaml", "lexicon: ours\nentries:\n  - {phrases: [zorp], valence: 9}\n  - {phrases: [<q>], valence: 1}\n")
	wrong := write("wrong.yaml", "lexicon: ours\nentries:\n  - {phrases: [zorp], valence: -3}\nexamples:\n  - {text: zorp, sentiment: positive}\n")
	folder := filepath.Join(dir, "lexicons")
	if err := errors.Join(os.Mkdir(folder, 0o755), os.Mkdir(filepath.Join(dir, "packs"), 0o755)); err != nil {
		t.Fatal(err)
	}
	write("lexicons/folded.yaml", "lexicon: ours\nentries:\n  - {phrases: [zorp], valence: 9}\n")
	pack := write("packs/coffee.yaml", "pack: coffee\ntopics:\n  a: {phrases: [x]}\n")
	for _, c := range []struct {
		args []string
		code int
		want []string // on either stream
	}{
		{[]string{"lexicon", "lint", good}, exitDone, []string{"phrases: 1, no mistake"}},
		{[]string{"lexicon", "lint", good, bad}, exitCheckFailed, []string{"bad.yaml:3: valence 9", "bad.yaml:4: phrase", "no class <q>"}},
		{[]string{"lexicon", "test"}, exitDone, []string{"examples hold"}},
		{[]string{"lexicon", "test", "--lexicon", good}, exitDone, []string{"examples hold"}},
		{[]string{"lexicon", "test", "--lexicon", wrong}, exitCheckFailed, []string{`wrong.yaml:5: "zorp" is negative`, "want positive"}},
		{[]string{"lexicon", "test", "--lexicon", filepath.Join(dir, "absent")}, exitUsage, []string{"absent: no such file"}},
		{[]string{"lexicon", "show", "zorp", "--lexicon", good, "--format", "csv"}, exitDone, []string{"zorp,-3,0,turns,phrase,ours,3"}},
		{[]string{"lexicon", "show", "zorp", "--json"}, exitDone, []string{"[]"}},
		{[]string{"lexicon", "lint", write("scalar.yaml", "hello\n")}, exitCheckFailed, []string{`scalar.yaml:1: expected a mapping, found "hello"`}},
		{[]string{"lexicon", "lint", write("tab.yaml", "lexicon: x\n\tentries: []\n")}, exitCheckFailed, []string{"tab.yaml:2: a tab; indent with spaces"}},
		{[]string{"lexicon", "lint", write("binary.yaml", "lexicon: x\n\xff\xfe\x00")}, exitCheckFailed, []string{"binary.yaml:2: not UTF-8"}},
		{[]string{"lexicon", "lint", write("key.yaml", "lexicon: x\nentries:\n  - {phrases: [a], valence: 1, efort: 1}\n")}, exitCheckFailed,
			[]string{`key.yaml:3: unknown key "efort"; known are`}},
		{[]string{"lexicon", "lint", write("field.yaml", "lexicon: x\nentry: []\n")}, exitCheckFailed,
			[]string{`field.yaml:2: unknown key "entry"; known are lexicon, about`}},
		{[]string{"lexicon", "lint", write("scope.yaml", "lexicon: x\npacks:\n  - restaurant\n  - resturant\nentries:\n  - {phrases: [a], valence: 1}\n")}, exitCheckFailed,
			[]string{filepath.Join(dir, "scope.yaml") + `:4: packs: no pack is called "resturant"; there are airline, bank`}},
		{[]string{"lexicon", "lint", "--packs", filepath.Dir(pack), write("own.yaml", "lexicon: x\npacks: [coffee]\nentries:\n  - {phrases: [a], valence: 1}\n")}, exitDone, []string{"no mistake"}},
		{[]string{"lexicon", "lint", write("item.yaml", "lexicon: x\nentries:\n  - phrases:\n      - a\n      -\n    valence: 1\n")}, exitCheckFailed,
			[]string{"item.yaml:5: an item of the list is empty"}},
		{[]string{"lexicon", "show", "--lexicon", bad}, exitUsage, []string{bad + ":3: valence 9"}},
		{[]string{"lexicon", "show", "--lexicon", folder}, exitUsage, []string{filepath.Join(folder, "folded.yaml") + ":3: valence 9"}},
		{[]string{"lexicon", "show", "👍", "--json"}, exitDone, []string{`"valence": 1.9`}},
	} {
		stdout, stderr, code := runWith(t, strings.NewReader(""), c.args...)
		if code != c.code {
			t.Errorf("%v: exit %d, want %d: %s", c.args, code, c.code, stderr)
		}
		for _, want := range c.want {
			if !strings.Contains(stdout+stderr, want) {
				t.Errorf("%v: %q is missing in %s%s", c.args, want, stdout, stderr)
			}
		}
	}
}
