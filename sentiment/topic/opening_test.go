package topic

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"earshot/sentiment"
)

func TestOpeningOfPacks(t *testing.T) {
	load := func(content string) (*Tagger, error) {
		return Load("mine", fstest.MapFS{"mine.yaml": {Data: []byte("pack: mine\n" + content)}})
	}
	tagger, err := load("contexts:\n  doors:\n    opening: [first_hour, last_hour]\n")
	if err != nil {
		t.Fatal(err)
	}
	var s State
	for at, want := range map[Opening]bool{0: false, Closed: false, FirstHour: true, LastHour: true, FirstHour | LastHour: true} {
		found := tagger.TagMoment(&s, Moment{Opening: at}).Contexts
		if got := len(found) == 1; got != want {
			t.Errorf("%q: %v, want %v", at, got, want)
		} else if got && !strings.HasPrefix(tagger.Why(found[0], Moment{Opening: at}), "opening hours: ") {
			t.Errorf("%q: %s", at, tagger.Why(found[0], Moment{Opening: at}))
		}
	}
	if d := tagger.Definition(); !slices.Equal(d.Contexts["doors"].Opening, []string{"first_hour", "last_hour"}) {
		t.Errorf("definition: %v", d.Contexts["doors"])
	}
	for content, want := range map[string]string{
		"contexts:\n  doors:\n    opening: [late]\n":                    "mine.yaml:3: doors: opening: expected closed, first_hour, last_hour, not \"late\"",
		"intents:\n  doors:\n    opening: [closed]\n    phrases: [x]\n": "are for contexts",
	} {
		if _, err := load(content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", content, err, want)
		}
	}
}

func TestPhrasesThatAsk(t *testing.T) {
	tagger, err := Load("mine", fstest.MapFS{"mine.yaml": {Data: []byte("pack: mine\nintents:\n  question:\n    phrases:\n      - when do you ?\n")}})
	if err != nil {
		t.Fatal(err)
	}
	story := strings.Repeat("we sat and sat ", 12)
	for text, want := range map[string]bool{
		"When do you open?":                      true,
		"Nice, when do you open on Sunday?!":     true,
		"When do you open. Really?":              false,
		"Nobody knows when do you open":          false,
		story + ". When do you open?":            true,
		story + ", so when do you open? We left": true,
	} {
		var d sentiment.Doc
		var s State
		d.Scan(text)
		if got := len(tagger.Tag(&s, &d, Moment{}).Intents) > 0; got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
