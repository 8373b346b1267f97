package lexicon

import (
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"earshot/sentiment"
	"earshot/sentiment/topic"
)

// The examples of the built-in lexicons hold, with every pack.
func TestExamples(t *testing.T) {
	for _, pack := range topic.Names() {
		o, err := Load([]string{"general", pack}, nil)
		if err != nil {
			t.Fatal(err)
		}
		tested := o.Test()
		if tested.Texts == 0 {
			t.Errorf("%s: no examples", pack)
		}
		for _, err := range tested.Failures {
			t.Errorf("with %s: %v", pack, err)
		}
	}
}

func own(t *testing.T, yaml string) *Overlay {
	t.Helper()
	f, err := Parse("own.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	o, err := Compile([]*File{f})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestScore(t *testing.T) {
	o := own(t, `
lexicon: own
classes: {long: [minutes, hours]}
entries:
  - {phrases: [wait* *3 <long>], valence: -2}
  - {phrases: [wait* *3 <long> but worth it], valence: 1}
  - {phrases: [slow], valence: -2}
  - {phrases: [no problem], valence: 2, negation: fixed}
  - {phrases: [used to be], valence: -1, scope: clause}
  - {phrases: [united], valence: 0}
`)
	for text, want := range map[string]struct {
		sum  float64
		hits int
	}{
		"we waited 40 minutes":         {-2, 1},
		"slow":                         {-2, 1},
		"very slow":                    {-2.293, 1},
		"not slow":                     {1.48, 1},
		"slow, slow":                   {-4, 2},
		"never no problem":             {2, 1}, // fixed
		"united is great":              {3.1, 1},
		"the place used to be great":   {-1, 1},
		"slow but good":                {-1 + 1.5*1.9, 1},
		"good but slow":                {0.5*1.9 - 3, 1},
		"it was slow!":                 {-2.292, 1},
		"great. It used to be slow":    {3.1 - 1 - 2, 2}, // the scope is one clause
		"nothing to see here":          {0, 0},
		"waiting. Minutes later, slow": {-2, 1},
	} {
		var d sentiment.Doc
		var s State
		d.Scan(text)
		f := o.Score(&s, &d)
		if score := want.sum / math.Sqrt(want.sum*want.sum+15); f.Hits != want.hits || math.Abs(f.Score-score) > 1e-9 {
			t.Errorf("%q: score %.4f with %d hits, want %.4f with %d; %+v", text, f.Score, f.Hits, score, want.hits, s.Hits())
		}
	}
}

// The parts that explain shows add up to the sums.
func TestPartsAddUp(t *testing.T) {
	o, err := Load([]string{"restaurant"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var d sentiment.Doc
	var s State
	d.Scan("We waited 40 minutes, the fries were cold and nobody cared, but the soup was great 😀 and not overpriced")
	f := o.Score(&s, &d)
	sum := 0.0
	for _, h := range s.Hits() {
		sum += h.Valence
	}
	for _, w := range s.Words() {
		if !w.Covered {
			sum += w.Valence
		}
	}
	if f.Hits < 3 || math.Abs(sum-f.Positive-f.Negative) > 1e-9 {
		t.Errorf("%+v, parts add up to %.4f: %+v %+v", f, sum, s.Hits(), s.Words())
	}
	if v := s.Features(f, d.Figures().Compound); v[FeatureLowest] >= 0 || v[FeatureScore] != f.Score {
		t.Errorf("features %v", v)
	}
}

func TestOwnLexiconReplaces(t *testing.T) {
	folder := fstest.MapFS{"ours.yaml": {Data: []byte("lexicon: ours\nentries:\n  - {phrases: [joke, zorp], valence: 3}\n")}}
	files, err := ReadFolder(folder, ".", "given")
	if err != nil {
		t.Fatal(err)
	}
	o, err := Load([]string{"general"}, files)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"joke", "zorp"} {
		var d sentiment.Doc
		var s State
		d.Scan(text)
		if got := o.Score(&s, &d).Score; got < 0.5 {
			t.Errorf("%q: %.2f", text, got)
		}
	}
	builtin, err := Load([]string{"general"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if builtin.Version() == o.Version() {
		t.Error("the version does not tell the lexicons apart")
	}
}

func TestMistakesNameTheLine(t *testing.T) {
	for yaml, want := range map[string]string{
		"":                   "own.yaml:1: the file is empty",
		"lexicon: a":         "own.yaml:1: entries: there are none",
		"entries: [x]":       "own.yaml:1: expected a mapping of phrases, valence",
		"lexicon: a\nfoo: 1": `own.yaml:2: unknown key "foo"; known are lexicon, about`,
		"lexicon: a\nentries:\n  - {phrases: [x], valence: 5}":                                            "own.yaml:3: valence 5",
		"lexicon: a\nentries:\n  - {phrases: [x]}":                                                        "own.yaml:3: valence: missing",
		"lexicon: a\nentries:\n  - {phrases: [], valence: 1}":                                             "own.yaml:3: phrases",
		"lexicon: a\nentries:\n  - {phrases: [x], valence: 1, sense: up}":                                 "own.yaml:3: unknown key \"sense\"",
		"lexicon: a\nentries:\n  - {phrases: [x], valence: 1, negation: maybe}":                           "own.yaml:3: negation \"maybe\"",
		"lexicon: a\nentries:\n  - {phrases: [x], valence: 1, scope: text}":                               "own.yaml:3: scope \"text\"",
		"lexicon: a\nentries:\n  - phrases: [x]\n    valence: 1\n  - phrases: [y, x]\n    valence: 1":     "own.yaml:5: \"x\" stands in line 3 already",
		"lexicon: a\nentries:\n  - phrases:\n      - x\n      - <nobody>\n    valence: 1":                 "own.yaml:5: phrase \"<nobody>\": no class <nobody>",
		"lexicon: a\nentries:\n  - {phrases: [x], valence: 1}\nexamples:\n  - {text: x, sentiment: good}": "own.yaml:5: sentiment",
	} {
		f, err := Parse("own.yaml", []byte(yaml))
		if err == nil {
			_, err = Compile([]*File{f})
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", yaml, err, want)
		}
	}
}

func FuzzScore(f *testing.F) {
	for _, text := range []string{"", "We waited 40 minutes, no problem!", "not not slow but never again 😀", "\xff\xfe", "used to be used to be"} {
		f.Add(text)
	}
	o, err := Load([]string{"restaurant"}, nil)
	if err != nil {
		f.Fatal(err)
	}
	var d sentiment.Doc
	var s State
	f.Fuzz(func(t *testing.T, text string) {
		d.Scan(text)
		if got := o.Score(&s, &d).Score; !(got >= -1 && got <= 1) {
			t.Errorf("score %v", got)
		}
		for _, h := range s.Hits() {
			if h.Start < 0 || h.End <= h.Start || h.End > len(text) {
				t.Errorf("hit %+v in %d bytes", h, len(text))
			}
		}
	})
}

func BenchmarkScore(b *testing.B) {
	o, err := Load([]string{"restaurant"}, nil)
	if err != nil {
		b.Fatal(err)
	}
	var d sentiment.Doc
	var s State
	d.Scan("We waited 40 minutes for our table and the service was painfully slow, but the food was really good! Sadly the bill was wrong again, I won't be back.")
	b.ReportAllocs()
	for b.Loop() {
		o.Score(&s, &d)
	}
}

// TestEmoji: an own file knows better than the built-in ones, whatever the skin tone.
func TestEmoji(t *testing.T) {
	f, err := Parse("own.yaml", []byte("lexicon: own\nentries: [{phrases: [👍🏿, ⏰], valence: -2}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	o, err := Load([]string{"general"}, []*File{f})
	if err != nil {
		t.Fatal(err)
	}
	var d sentiment.Doc
	var s State
	for text, sum := range map[string]float64{"👍": -2, "so 👍🏻⏰": -4, "👎 but 👍": -1.25 - 3} {
		d.Scan(text)
		want := sum / math.Sqrt(sum*sum+15)
		if got := o.Score(&s, &d).Score; math.Abs(got-want) > 1e-9 {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
		for _, h := range s.Hits() {
			if part := text[h.Start:h.End]; o.Rule(h) == "" || len(part) < 3 {
				t.Errorf("%q: hit %q of %q", text, part, o.Rule(h))
			}
		}
	}
	if _, err := Parse("twice.yaml", []byte("lexicon: own\nentries: [{phrases: [❤, ❤️], valence: 2}]\n")); err == nil {
		t.Error("one emoji twice is no mistake")
	}
}
