package main

import (
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
		{[]string{"lexicon", "show", "zorp", "--lexicon", good, "--format", "csv"}, exitDone, []string{"zorp,'-3,0,turns,phrase,ours,3"}},
		{[]string{"lexicon", "show", "zorp", "--json"}, exitDone, []string{"[]"}},
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
