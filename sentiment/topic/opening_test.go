package topic

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

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
		"contexts:\n  doors:\n    opening: [late]\n":                           "mine.yaml:3: doors: opening: expected closed, first_hour, last_hour, not \"late\"",
		"contexts:\n  doors:\n    hours: [{from: 1, to: 2, unless: [open]}]\n": "mine.yaml:4: doors: hours: unless: expected closed, first_hour, last_hour, not \"open\"",
		"intents:\n  doors:\n    opening: [closed]\n    phrases: [x]\n":        "are for contexts",
	} {
		if _, err := load(content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", content, err, want)
		}
	}
}

// Hours hold by the clock, with unless only where the doors do not stand against them.
func TestHoursUnless(t *testing.T) {
	tagger, err := Load("mine", fstest.MapFS{"mine.yaml": {Data: []byte("pack: mine\ncontexts:\n  peak:\n" +
		"    hours: [{from: 12, to: 14, unless: [closed]}, {days: [sat], from: 13, to: 24}]\n    phrases: [rush hour]\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := tagger.Definition().YAML(); err != nil || !strings.Contains(string(again), "unless: [closed]") {
		t.Errorf("written as %s, %v", again, err)
	}
	friday := time.Date(2026, 7, 3, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		text    string
		hour    int
		opening Opening
		want    bool
	}{
		{"slow", 12, 0, true}, {"slow", 12, FirstHour, true}, {"slow", 12, Closed, false}, {"slow", 15, 0, false},
		{"slow in the rush hour", 12, Closed, true}, // by its words
		{"slow", 36, Closed, false}, {"slow", 37, Closed, true}, {"slow", 36, 0, true},
	} {
		var d sentiment.Doc
		var s State
		d.Scan(c.text)
		at := Moment{Local: friday.Add(time.Duration(c.hour) * time.Hour), Opening: c.opening}
		if got := len(tagger.Tag(&s, &d, at).Contexts) == 1; got != c.want {
			t.Errorf("%q, %s, %q: %v, want %v", c.text, at.Local.Format("Mon 15:04"), c.opening, got, c.want)
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
