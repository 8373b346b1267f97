package topic

import (
	"encoding/csv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"earshot/sentiment"
)

// Every built-in taxonomy, written as one pack and read again, is the same one and
// finds the same in its own examples.
func TestExportedTaxonomyIsTheSame(t *testing.T) {
	for _, name := range Names() {
		before, err := Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		for form, write := range map[string]func() ([]byte, error){"YAML": before.Definition().YAML, "JSON": before.Definition().JSON} {
			data, err := write()
			if err != nil {
				t.Fatal(err)
			}
			after, err := LoadRecorded(before.Version(), data)
			if err != nil {
				t.Fatalf("%s as %s: %v", name, form, err)
			}
			if after.Version() != before.Version() {
				t.Errorf("%s as %s: version %s", name, form, after.Version())
			}
			if changes := Diff(before.Definition(), after.Definition()); len(changes) > 0 {
				t.Errorf("%s as %s: %v", name, form, changes)
			}
			findSame(t, before, after)
		}
	}
}

// findSame compares what two taxonomies find in the examples of the first.
func findSame(t *testing.T, a, b *Tagger) {
	t.Helper()
	var doc sentiment.Doc
	var sa, sb State
	ignore := cmp.Options{cmpopts.IgnoreUnexported(Mention{}, Finding{}), cmpopts.EquateEmpty()}
	for _, rules := range []Rules{a.pack.Topics, a.pack.Contexts, a.pack.Intents} {
		for _, r := range rules {
			for _, text := range append(r.Match, r.NoMatch...) {
				doc.Scan(text)
				if diff := cmp.Diff(a.Tag(&sa, &doc, Moment{}), b.Tag(&sb, &doc, Moment{}), ignore); diff != "" {
					t.Errorf("%q\n%s", text, diff)
				}
			}
		}
	}
}

// A keyword list that was exported gives the same topics when it is imported.
func TestKeywordsThereAndBack(t *testing.T) {
	for _, name := range Names() {
		before, err := Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := csv.NewWriter(&b).WriteAll(before.Keywords()); err != nil {
			t.Fatal(err)
		}
		d, notes, err := ReadKeywords(File{"kw.csv", []byte(b.String())}, KeywordOptions{Pack: name})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(notes.Renamed) > 0 || len(d.Topics) != len(before.Topics()) {
			t.Errorf("%s: %d topics of %d, renamed %v", name, len(d.Topics), len(before.Topics()), notes.Renamed)
		}
		data, err := d.YAML()
		if err != nil {
			t.Fatal(err)
		}
		after, err := LoadRecorded(name, data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		sameTopics(t, before, after)
	}
}

func sameTopics(t *testing.T, a, b *Tagger) {
	t.Helper()
	for _, r := range a.pack.Topics {
		for _, text := range append(r.Match, r.NoMatch...) {
			if diff := cmp.Diff(names(a, "topic", text), names(b, "topic", text)); diff != "" {
				t.Errorf("%q\n%s", text, diff)
			}
		}
	}
}

func TestReadKeywords(t *testing.T) {
	read := func(text string, plain bool) (Definition, KeywordNotes, error) {
		return ReadKeywords(File{"kw.csv", []byte(text)}, KeywordOptions{Pack: "mine", Plain: plain})
	}
	d, notes, err := read("\ufeffTopic;Phrase;Exclude;Sentiment\r\nService > Slow;slow service;fast food;negative\r\nService > Slow;\"took * forever\";;NEGATIVE\r\n\r\nService > Slow;slow service\r\nprice;cost*;;\r\n", false)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]RuleDefinition{
		"service.slow": {Negative: []string{"slow service", "took * forever"}, Phrases: []string{"slow service"}, Not: []string{"fast food"}},
		"price":        {Phrases: []string{"cost*"}},
	}
	if diff := cmp.Diff(want, d.Topics); diff != "" {
		t.Error(diff)
	}
	if notes.Rows != 4 || notes.Repeated != 0 || notes.Renamed["Service > Slow"] != "service.slow" {
		t.Errorf("%+v", notes)
	}
	if d, _, err = read("topic,phrase,exclude\nfaq,how long?,\nfaq,\"<b>why</b>\",not this;nor that\n", true); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(RuleDefinition{Phrases: []string{"how long", "b why /b"}, Not: []string{"not this", "nor that"}}, d.Topics["faq"]); diff != "" {
		t.Error(diff)
	}
	for text, says := range map[string]string{
		"":                                  "kw.csv:1: no topics",
		"a,b\n1,2\n":                        `kw.csv:1: the first line is "a,b"; expected the columns topic and phrase`,
		"topic,phrase\n":                    "kw.csv:1: no topics",
		"topic,phrase\na,x\n,y\n":           `kw.csv:3: no topic for "y"`,
		"topic,phrase\na,\n":                "kw.csv:2: a: neither phrase nor exclude",
		"topic,phrase\na,* hot\n":           `kw.csv:2: phrase "* hot": a gap at an end says nothing`,
		"topic,phrase,sentiment\na,x,bad\n": `kw.csv:2: sentiment "bad": expected positive, negative or nothing`,
		"topic,phrase,exclude\na,,x\n":      "a has only exclude",
		"topic,phrase\na,\"x\n":             "kw.csv:",
		"topic,phrase\na,\xff\n":            "kw.csv:1: not UTF-8",
		"topic,phrase\n\"a\nb\",\"one\ntwo\"\nc,<x>\n": "kw.csv:5: phrase \"<x>\": no class <x>",
	} {
		if _, _, err := read(text, false); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, expected %q", text, err, says)
		}
	}
}

// FuzzReadKeywords: whatever is accepted compiles, and survives the way out and back.
func FuzzReadKeywords(f *testing.F) {
	for _, seed := range []string{
		"topic,phrase\na.b,slow *2 service\n", "topic;phrase;exclude;sentiment\nA > B;wait*;waiter;negative\n",
		"topic\tphrase\nx\trude|curt staff\n", "\ufefftopic,phrase,exclude\n\"a\",\"it's \"\"bad\"\"\",x;y\n", "topic,phrase\n=1,'+x\n",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, plain bool) {
		d, _, err := ReadKeywords(File{"kw.csv", data}, KeywordOptions{Pack: "fuzz", Plain: plain})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "kw.csv:") {
				t.Errorf("no file and line: %v", err)
			}
			return
		}
		text, err := d.YAML()
		if err != nil {
			t.Fatal(err)
		}
		tagger, err := LoadRecorded("fuzz", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if changes := Diff(d, tagger.Definition()); len(changes) > 0 {
			t.Errorf("%v\n%s", changes, text)
		}
	})
}

func TestPutsInForce(t *testing.T) {
	own := fstest.MapFS{
		"base.yaml":   {Data: []byte("pack: base\ntopics: {a: {phrases: [x]}}\n")},
		"coffee.yaml": {Data: []byte("pack: coffee\nextends: base\ntopics: {b: {phrases: [y]}}\n")},
	}
	file := func(name, pack string) File {
		return File{name, []byte("pack: " + pack + "\ntopics: {c: {phrases: [z]}}\n")}
	}
	for name, c := range map[string]struct {
		files []File
		want  string
		says  string
	}{
		"the pack itself":      {[]File{file("new.yaml", "coffee")}, "coffee", ""},
		"the pack it extends":  {[]File{file("new.yaml", "base")}, "coffee", ""},
		"another one":          {[]File{file("new.yaml", "tea")}, "tea", ""},
		"several, none used":   {[]File{file("a.yaml", "tea"), file("b.yaml", "milk")}, "milk", ""},
		"several, one is used": {[]File{file("a.yaml", "coffee"), file("b.yaml", "milk")}, "coffee", ""},
		"a built-in":           {[]File{file("new.yaml", "general")}, "general", ""},
		"twice":                {[]File{file("a.yaml", "tea"), file("b.yaml", "tea")}, "", `b.yaml:1: the pack "tea" is in a.yaml, too`},
		"a cycle":              {[]File{{"new.yaml", []byte("pack: base\nextends: coffee\n")}}, "", "base.yaml"},
	} {
		tagger, err := PutsInForce("coffee", own, c.files)
		switch {
		case c.says != "":
			if err == nil {
				t.Errorf("%s: no error", name)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case !strings.HasPrefix(tagger.Version(), c.want+"@"):
			t.Errorf("%s: %s", name, tagger.Version())
		}
	}
}
