package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"earshot/sentiment/topic"
)

// writeFiles writes files into a folder of their own.
func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTopicsDiff(t *testing.T) {
	changed := strings.Replace(coffeePack, "negative: [bitter, burnt coffee]", "phrases: [bitter]\n    negative: [burnt coffee, sour]", 1)
	dir := writeFiles(t, map[string]string{"old.yaml": coffeePack, "new.yaml": changed})
	was, is := filepath.Join(dir, "old.yaml"), filepath.Join(dir, "new.yaml")
	code, out, stderr := call(t, "topics", "diff", was, is)
	want := "CHANGE  KIND   NAME          PART      TEXT\n" +
		"moved   topic  coffee.taste  phrases   bitter (was in coffee.taste negative)\n" +
		"added   topic  coffee.taste  negative  sour\n"
	if code != exitDone || out != want || !strings.Contains(stderr, "2 differences") {
		t.Errorf("exit %d\n%s\n%s", code, out, stderr)
	}
	code, out, _ = call(t, "topics", "diff", was, is, "--json", "--exit-code")
	var changes []topic.Change
	if err := json.Unmarshal([]byte(out), &changes); err != nil || len(changes) != 2 || code != exitCheckFailed {
		t.Errorf("exit %d, %v in %s", code, err, out)
	}
	if code, out, _ = call(t, "topics", "diff", was, was, "--exit-code", "--json"); code != exitDone || out != "[]\n" {
		t.Errorf("the same: exit %d, %s", code, out)
	}
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"restaurant", exitDone, "0 differences"}, // the one in force
		{"airline hotel --format csv", exitDone, "baggage.lost"},
		{"/does/not/exist.yaml", exitUsage, "no such file"},
		{"nonsense", exitUsage, "no pack is called nonsense"},
		{"restaurant@23fb", exitUnreachable, "earshot up"},
		{"", exitUsage, "see `earshot topics diff --help`"},
		{t.TempDir(), exitUsage, "no pack (*.yaml) in that folder"},
	} {
		code, out, stderr := call(t, append([]string{"topics", "diff"}, strings.Fields(c.args)...)...)
		if code != c.code || !strings.Contains(out+stderr, c.says) {
			t.Errorf("topics diff %s: exit %d, expected %d and %q\n%s", c.args, code, c.code, c.says, stderr)
		}
	}
}

// What is wrong with a taxonomy is said with its file and line, whichever command
// meets it; what is only large works.
func TestTopicsBadTaxonomies(t *testing.T) {
	large := new(strings.Builder)
	large.WriteString("pack: mine\ntopics:\n")
	for i := range 50_000 {
		fmt.Fprintf(large, "  t%d:\n    negative: [bad%d thing%d]\n    match: [bad%d thing%d]\n", i, i, i%7, i, i%7)
	}
	for name, c := range map[string]struct {
		files map[string]string
		code  int
		says  string
		lint  bool // only lint finds it
	}{
		"a cycle":           {files: map[string]string{"mine.yaml": "pack: mine\nabout: x\nextends: tea\n", "tea.yaml": "# tea\npack: tea\nextends: mine\n"}, code: 1, says: "mine.yaml:3: extends: mine extends itself in the end"},
		"an unknown parent": {files: map[string]string{"mine.yaml": "pack: mine\nextends: tea\n"}, code: 1, says: `mine.yaml:2: extends: no pack is called "tea"`},
		"a broken pattern":  {files: map[string]string{"mine.yaml": "pack: mine\ntopics:\n  a:\n    phrases:\n      - slow\n      - waited *9 minutes\n"}, code: 1, says: `mine.yaml:6: a: phrase "waited *9 minutes": "*9": a gap is 1 to 6 words`},
		"a pattern of nothing": {files: map[string]string{"mine.yaml": "pack: mine\ntopics:\n  a:\n    phrases: [\"very? slow?\"]\n"}, code: 1,
			says: "mine.yaml:4: a: phrase \"very? slow?\": every word is optional: it would match everywhere"},
		"a tag of everything": {files: map[string]string{"mine.yaml": "pack: mine\ntags:\n  - {name: all}\n"}, code: 1, says: `mine.yaml:3: tag "all": neither topic nor contexts: it would hold everywhere`},
		"a word in every text": {files: map[string]string{"mine.yaml": "pack: mine\ntopics:\n  a:\n    phrases: [slow, the|and]\n    match: [slow]\n"},
			says: `mine.yaml:4: error: a: phrase "the|and" matches nearly every text`, lint: true},
		"a context at all hours": {files: map[string]string{"mine.yaml": "pack: mine\ncontexts:\n  a:\n    hours: [{from: 0, to: 24}]\n"},
			says: "mine.yaml:4: error: a: holds at every hour of the week", lint: true},
		"two of a name": {files: map[string]string{"mine.yaml": "pack: mine\n", "other.yaml": "pack: mine\n"}, code: 1,
			says: `DIR/other.yaml:1: the pack "mine" is defined in DIR/mine.yaml already`},
		"a rule twice":    {files: map[string]string{"mine.yaml": "pack: mine\ntopics:\n  a: {phrases: [x]}\n  a: {phrases: [y]}\n"}, code: 1, says: `mine.yaml:4: "a" is defined in line 3 already`},
		"50,000 rules":    {files: map[string]string{"mine.yaml": large.String()}, says: "0 errors"},
		"no pack at all":  {files: map[string]string{"mine.yaml": "- a\n"}, code: 1, says: "mine.yaml"},
		"an empty folder": {files: map[string]string{}, code: 1, says: "no pack is called mine"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := writeFiles(t, c.files)
			c.says = strings.ReplaceAll(c.says, "DIR", dir)
			code, out, stderr := call(t, "topics", "lint", "--packs", dir, "--pack", "mine")
			failed := c.code != 0 || c.lint
			if (code == exitCheckFailed) != failed && name != "an empty folder" || !strings.Contains(out+stderr, c.says) {
				t.Errorf("lint: exit %d, expected %q\n%s%s", code, c.says, out, stderr)
			}
			if name == "50,000 rules" {
				return // once takes its time
			}
			for _, command := range []string{"list", "diff restaurant mine", "export"} {
				code, _, stderr := call(t, append([]string{"topics"}, append(strings.Fields(command), "--packs", dir, "--pack", "mine")...)...)
				if c.code == 0 && code != exitDone || c.code != 0 && (code == exitDone || !strings.Contains(stderr, c.says)) {
					t.Errorf("%s: exit %d, expected %q\n%s", command, code, c.says, stderr)
				}
			}
		})
	}
}

func TestTopicsImportAndExport(t *testing.T) {
	dir := writeFiles(t, map[string]string{
		"words.csv":   "Topic,Phrase,Exclude,Sentiment\nService > Slow,slow service,,negative\nService > Slow,dragged on,dragged on purpose,\nPrice,overpriced,,negative\n",
		"signs.csv":   "topic,phrase\nfaq,how long?\n",
		"broken.csv":  "topic,phrase\na,x\na,* hot\n",
		"pack.json":   `{"pack": "tea", "topics": {"tea.taste": {"negative": ["weak tea"], "match": ["such weak tea"]}}}`,
		"broken.json": `{"pack": "tea", "topics": {"a": {"phrases": ["*"]}}}`,
		"parent.json": `{"pack": "tea", "extends": "milk", "topics": {"a": {"phrases": ["x"]}}}`,
	})
	path := func(name string) string { return filepath.Join(dir, name) }
	out := path("coffee.yaml")
	code, _, stderr := call(t, "topics", "import", path("words.csv"), "--name", "coffee", "--extends", "general", "--out", out)
	if code != exitDone || !strings.Contains(stderr, `"Service > Slow" becomes the topic service.slow`) || !strings.Contains(stderr, "3 rows, 2 topics") {
		t.Fatalf("exit %d %s", code, stderr)
	}
	packs := writeFiles(t, map[string]string{})
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(packs, "coffee.yaml"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, stdout, stderr := call(t, "topics", "export", "--packs", packs, "--pack", "coffee", "--format", "csv"); code != exitDone || !strings.Contains(stdout, "service.slow,slow service,,negative") {
		t.Errorf("exit %d %s", code, stderr)
	}
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"import " + path("signs.csv"), exitDone, "how long?"},
		{"import " + path("signs.csv") + " --plain", exitDone, "- how long\n"},
		{"import " + path("pack.json"), exitDone, "pack: tea"},
		{"import " + path("pack.json") + " --name general", exitDone, "a built-in pack is called general"},
		{"import " + path("broken.csv"), exitCheckFailed, `broken.csv:3: phrase "* hot"`},
		{"import " + path("broken.json"), exitCheckFailed, `tea.yaml:`},
		{"import " + path("parent.json"), exitCheckFailed, `no pack is called "milk"`},
		{"import " + path("words.csv") + " --name a/b", exitCheckFailed, "expected a name without spaces"},
		{"import /does/not/exist.csv", exitUsage, "no such file"},
		{"import", exitUsage, "see `earshot topics import --help`"},
		{"export --format xml", exitUsage, "choose yaml, json or csv"},
		{"export --format json", exitDone, `"pack": "restaurant"`},
		{"export extra", exitUsage, "see `earshot topics export --help`"},
		{"export --out " + filepath.Join(dir, "no", "file"), exitFailed, "no such file"},
	} {
		code, out, stderr := call(t, append([]string{"topics"}, strings.Fields(c.args)...)...)
		if code != c.code || !strings.Contains(out+stderr, c.says) {
			t.Errorf("topics %s: exit %d, expected %d and %q\n%s", c.args, code, c.code, c.says, stderr)
		}
	}
}
