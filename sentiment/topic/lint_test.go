package topic

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// TestBuiltinsAreClean lets only those warnings pass that are meant: words that
// two topics share.
func TestBuiltinsAreClean(t *testing.T) {
	for _, name := range Names() {
		problems, err := Lint(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			if p.Error || !strings.Contains(p.Text, " shows ") {
				t.Error(p)
			}
		}
	}
}

func TestLint(t *testing.T) {
	own := fstest.MapFS{"mine.yaml": {Data: []byte(`pack: mine
classes:
  staff: [waiter, clerk]
  unused: [nobody]
topics:
  speed:
    phrases:
      - the
      - the|a *3 of|and
      - queue*
    negative:
      - slow <staff>
      - slow waiter|clerk
      - queue* *3 long
      - long line
    positive:
      - long line
    not:
      - slow waiter*|clerk
    match: [a queue]
    no_match: [nothing]
  price:
    phrases: [queue*]
tags:
  - {name: dear, topic: price, sentiment: negative}
`)}}
	problems, err := Lint("mine", own)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.String())
	}
	want := []string{
		`mine.yaml:4: warning: class unused: no phrase uses it`,
		`mine.yaml:8: error: speed: phrase "the" matches nearly every text`,
		`mine.yaml:9: error: speed: phrase "the|a *3 of|and" matches nearly every text`,
		`mine.yaml:10: warning: speed: phrase "queue*" shows price, too`,
		`mine.yaml:12: error: speed: phrase "slow <staff>" never counts: the not-phrase "slow waiter*|clerk" is part of it`,
		`mine.yaml:13: error: speed: phrase "slow waiter|clerk" never counts: the not-phrase "slow waiter*|clerk" is part of it`,
		`mine.yaml:13: warning: speed: phrase "slow waiter|clerk" repeats "slow <staff>"`,
		`mine.yaml:17: error: speed: phrase "long line" is both good and bad news: see "long line"`,
		`mine.yaml:22: warning: price: no example under match: nothing tests it`,
		`mine.yaml:25: error: tag dear: no phrase of price is good or bad news in itself, so it never holds`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestHolds(t *testing.T) {
	for _, c := range []struct {
		whole, part string
		want        bool
	}{
		{"very slow service", "slow", true},
		{"very slow service", "slow*", true},
		{"slow* service", "slow", false},
		{"slow * service", "slow *2 service", false},
		{"slow *2 service", "slow * service", true},
		{"rude|curt staff", "rude|curt|cold staff", true},
		{"rude|curt staff", "rude staff", false},
		{"slow", "very slow", false},
	} {
		whole, _ := parsePhrase(c.whole, nil)
		part, _ := parsePhrase(c.part, nil)
		if got := holds(whole[0], part[0]); got != c.want {
			t.Errorf("%q holds %q: %t", c.whole, c.part, got)
		}
	}
}

func TestCatalogue(t *testing.T) {
	tagger, err := Load("restaurant", nil)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, e := range tagger.Catalogue() {
		kinds[e.Kind]++
		if e.Name == "service.speed" && (e.Pack != "general" || e.Phrases < 40 || e.Examples < 10) {
			t.Errorf("%+v", e)
		}
	}
	if fmt.Sprint(kinds) == "map[]" || kinds[KindTopic] < 25 || kinds[KindContext] < 8 || kinds[KindIntent] < 8 || kinds[KindTag] < 20 {
		t.Error(kinds)
	}
	kind, rule, ok := tagger.Lookup("peak_hours")
	if kind != KindContext || !ok || len(rule.Phrases) == 0 {
		t.Errorf("%s %t", kind, ok)
	}
	if _, _, ok := tagger.Lookup("nonsense"); ok {
		t.Error("found nonsense")
	}
}

// Nobody can mend the built-in packs that a pack of one's own extends.
func TestBuiltinsAreLeftOutBesideOwnPacks(t *testing.T) {
	own := fstest.MapFS{
		"shop.yaml": {Data: []byte("pack: shop\nextends: restaurant\ntopics: {a: {phrases: [till], match: [the till]}}\n")},
		"sub.yaml":  {Data: []byte("pack: sub\nextends: shop\ntopics: {b: {phrases: [lane]}}\n")},
	}
	for name, want := range map[string]int{"shop": 0, "sub": 1} {
		problems, err := LintChain(name, own)
		if err != nil || len(problems) != want {
			t.Errorf("%s: %v %v", name, problems, err)
		}
	}
}

func TestLintFindsPhrasesThatTheirExampleTurns(t *testing.T) {
	own := fstest.MapFS{"own.yaml": {Data: []byte(`pack: own
topics:
  wifi:
    negative: [wifi *2 work*, wifi *2 down]
    match: [the wifi did not work, the wifi was down]
  lift: {negative: [lift not working], match: [lift not working]}
`)}}
	problems, err := Lint("own", own)
	if err != nil || len(problems) != 1 || !strings.HasPrefix(problems[0].String(), `own.yaml:4: warning: wifi: phrase "wifi *2 work*": a negation turns the example "the wifi did not work" to good news`) {
		t.Errorf("%v %v", problems, err)
	}
}
