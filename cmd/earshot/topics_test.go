package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// packFolder holds one pack with a promise, and the labelled texts to try it.
func packFolder(t *testing.T, pack string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "coffee.yaml"), []byte(pack), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

const coffeePack = `pack: coffee
topics:
  coffee.taste:
    about: How it tastes.
    negative: [bitter, burnt coffee]
    match: [so bitter]
    no_match: [a burnt house]
  coffee.price:
    negative: [dear|expensive]
    match: [too expensive]
    no_match: [my dear friend is late]
gates:
  coffee: {precision: 0.6, recall: 0.5}
  tea: {precision: 0.9}
`

func TestTopicsTest(t *testing.T) {
	dir := packFolder(t, strings.Replace(coffeePack, "no_match: [my dear friend is late]", "no_match: [cheap]", 1))
	data := filepath.Join(dir, "data.jsonl")
	rows := `{"text":"a bitter wind","topics":[]}
{"text":"burnt coffee","topics":[{"topic":"coffee"}]}
{"text":"bitter and expensive","topics":[{"topic":"coffee"},{"topic":"cost"}]}
{"text":"lovely","topics":[{"topic":"coffee"}]}
{"text":"the dear old shop","topics":[]}
{"text":"no labels here: bitter"}
`
	if err := os.WriteFile(data, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (int, string, string) {
		return call(t, append([]string{"topics", "test", data, "--packs", dir, "--pack", "coffee", "--map", "cost=coffee.price", "--map", "coffee=coffee.taste"}, args...)...)
	}
	code, out, stderr := run()
	want := "LABEL   THERE  FOUND  RIGHT  PRECISION         95 %  RECALL     F1  GATE\n" +
		"coffee      3      3      2      0.667  0.208-0.939   0.667  0.667  held\n" +
		"cost        1      2      1      0.500  0.095-0.905   1.000  0.667\n" +
		"tea         0      0      0      0.000  0.000-1.000   0.000  0.000  no data\n" +
		"micro       4      5      3      0.600  0.231-0.882   0.750  0.667\n"
	if code != 0 || out != want || !strings.Contains(stderr, "4 examples, 0 failed") {
		t.Errorf("exit %d\n%s\nwant\n%s\n%s", code, out, want, stderr)
	}
	judged := `{"text":"bitter","topics":[{"topic":"coffee","sentiment":"negative"},{"topic":"coffee","sentiment":"positive"}]}
{"text":"not bitter","topics":[{"topic":"coffee","sentiment":"negative"},{"topic":"tea","sentiment":"negative"}]}
`
	if err := os.WriteFile(data, []byte(rows+judged), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, stderr = run(); !strings.Contains(stderr, "sentiment of found topics: 1 of 2 right, accuracy 0.500 (") {
		t.Errorf("sentiment: %s", stderr)
	}
	if err := os.WriteFile(data, []byte(rows+strings.Repeat(`{"text":"nice","topics":[{"topic":"coffee"}]}`+"\n", 4)), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, stderr = run("--json"); code != 4 || !strings.Contains(out, `"gate": "missed"`) || !strings.Contains(stderr, "1 gate missed") {
		t.Errorf("exit %d\n%s\n%s", code, out, stderr)
	}
}

func TestTopicsCommands(t *testing.T) {
	dir := packFolder(t, coffeePack)
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"list --pack airline", 0, "baggage.lost"},
		{"list --format csv", 0, "kind,name,pack,phrases,examples,about"},
		{"list --pack nonsense", 2, "no pack is called nonsense; there are airline"},
		{"list --packs /does/not/exist", 2, "does/not/exist"},
		{"show service.speed", 0, "took|takes|taking|take * forever"},
		{"show peak_hours", 0, "# context"},
		{"show nothing", 2, "`earshot topics list`"},
		{"show", 2, "name a topic, context or intent"},
		{"lint --pack restaurant", 0, "0 errors"},
		{"lint --pack restaurant --strict", 4, "wine list"},
		{"lint --packs " + dir + " --pack coffee --json", 0, "[]"},
		{"test", 0, "0 failed"},
		{"test --packs " + dir + " --pack coffee", 4, `"my dear friend is late": match should be false`},
		{"test --map food", 2, "expected LABEL=TOPIC"},
		{"test --map food=nonsense", 2, `no topic "nonsense"`},
		{"test /does/not/exist.jsonl", 2, "no such file"},
		{"test " + dir, 2, "is a folder; name the files in it"},
		{"test " + filepath.Join(dir, "coffee.yaml"), 1, "expected a JSON object in each line"},
		{"train " + dir + " --out " + filepath.Join(dir, "x"), 2, "is a folder; name the files in it"},
		{"test x --topics-model x --map food=food", 2, "--map is for a pack"},
		{"lint --pack nonsense", 2, "no pack is called nonsense; there are airline"},
		{"tset", 2, "did you mean `earshot topics test`"},
	} {
		code, out, stderr := call(t, append([]string{"topics"}, strings.Fields(c.args)...)...)
		if code != c.code || !strings.Contains(out+stderr, c.says) {
			t.Errorf("topics %s: exit %d, want %d, saying %q\n%s%s", c.args, code, c.code, c.says, out, stderr)
		}
	}
}

// TestTopicsBrokenPacks looks at the messages for packs that do not compile.
func TestTopicsBrokenPacks(t *testing.T) {
	for name, c := range map[string]struct{ pack, says string }{
		"unknown key":     {"pack: coffee\ntopics:\n  a:\n    phrase: [x]\n", `coffee.yaml:4: unknown key "phrase"`},
		"cycle":           {"pack: coffee\nextends: coffee\n", "extends itself"},
		"unknown parent":  {"pack: coffee\nextends: tea\n", `no pack is called "tea"`},
		"twin of general": {"pack: general\n", "is defined in packs/general.yaml already"},
		"broken pattern":  {"pack: coffee\ntopics:\n  a:\n    phrases: [\"* hot\"]\n", "coffee.yaml:4: a: phrase"},
		"not YAML":        {"pack: [", "coffee.yaml:1: "},
		"empty":           {"", "the file is empty"},
		"unknown part":    {"pack: coffee\ntopic: {}\n", `coffee.yaml:2: unknown key "topic"; known are pack,`},
		"a part twice":    {"pack: coffee\ntopics: {}\ntopics: {}\n", `coffee.yaml:3: mapping key "topics" already defined at line 2`},
		"a list":          {"- coffee\n", "coffee.yaml:1: expected a mapping, found a list"},
		"phrase no text":  {"pack: coffee\ntopics:\n  a:\n    phrases:\n      - [x]\n", "coffee.yaml:5: expected a text, found a list"},
		"a tab":           {"pack: coffee\ntopics:\n\ta:\n", "coffee.yaml:3: a tab; indent with spaces"},
		"Latin-1":         {"pack: coffee\ntopics:\n  a:\n    phrases: [caf\xe9]\n", "coffee.yaml:4: not UTF-8; save the file as UTF-8"},
		"two documents":   {"pack: coffee\n---\npack: tea\n", "coffee.yaml:2: more than one document"},
		"no name":         {"pack: coffee\ntopics:\n  a..b: {phrases: [x]}\n", `coffee.yaml:3: the name "a..b"`},
		"wrong gate":      {"pack: coffee\ngates:\n  a: {precision: 90}\n", "coffee.yaml:2: gate a: 90 is no share"},
		"unknown gate":    {"pack: coffee\ngates:\n  a: {precison: 0.9}\n", `coffee.yaml:3: unknown key "precison"; known are precision, recall`},
		"an empty item":   {"pack: coffee\ntopics:\n  a:\n    phrases:\n      - x\n      -\n", "coffee.yaml:6: an item of the list is empty"},
		"no word":         {"pack: coffee\nclasses:\n  cup:\n    - tea\n    - ~\n", "coffee.yaml:5: an item of the list is empty"},
		"too long":        {"pack: coffee\n#" + strings.Repeat("x", 17<<20), "coffee.yaml:1: 17 MB: a file has 16 MB"},
	} {
		dir := packFolder(t, c.pack)
		code, out, stderr := call(t, "topics", "lint", "--packs", dir, "--pack", "coffee")
		if strings.HasPrefix(c.says, "coffee.yaml") { // the path as it was given
			c.says = filepath.Join(dir, c.says)
		}
		if code != 4 || !strings.Contains(out+stderr, c.says) || strings.Count(out+stderr, "\n") != 1 {
			t.Errorf("%s: exit %d, want %q\n%s%s", name, code, c.says, out, stderr)
		}
	}
}
