package pipeline

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"earshot/sentiment/model"
)

// TestPhrasesCorrectTheModel: a lexicon has a say beside the learned model, in parts
// that explain shows.
func TestPhrasesCorrectTheModel(t *testing.T) {
	base, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(t.TempDir(), "own.yaml")
	if err := os.WriteFile(own, []byte("lexicon: own\nentries: [{phrases: [wicked], valence: 4}, {phrases: [zorp], valence: -4}]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	plain, err := NewTextAnalyzer(AnalyzerOptions{Pack: "general", Model: base})
	if err != nil {
		t.Fatal(err)
	}
	corrected, err := NewTextAnalyzer(AnalyzerOptions{Pack: "general", Model: base, Lexicon: own})
	if err != nil {
		t.Fatal(err)
	}
	for text, sign := range map[string]float64{
		"the pizza was wicked": 1, "a zorp of a hotel": -1, "wicked crew and no zorp": 1, "we sat by the window": 0, "not wicked, just zorp zorp": -1,
	} {
		e := &Event{Text: text}
		before, x := plain.Analyze(e).Sentiment.Score, corrected.Explain(e)
		if change := x.Sentiment.Score - before; change*sign < 0 || (change == 0) != (sign == 0) {
			t.Errorf("%q: %v, with the lexicon %v", text, before, x.Sentiment.Score)
		}
		if got := corrected.Analyze(e).Sentiment; got != x.Sentiment {
			t.Errorf("%q: %+v, explained as %+v", text, got, x.Sentiment)
		}
		sum, phrases := 0.0, 0
		for _, s := range x.Shares {
			sum += s.Value
			if s.Kind == "phrase" {
				phrases++
			}
		}
		if sum != x.Sentiment.Score || phrases != len(x.Phrases) {
			t.Errorf("%q: shares add up to %v, the score is %v; %d of %d phrases", text, sum, x.Sentiment.Score, phrases, len(x.Phrases))
		}
	}
}

// TestPraiseInBadWords: a phrase that turns bad words into praise stands for them, and an
// emoji beside words without an opinion decides, in parts that add up to the score.
func TestPraiseInBadWords(t *testing.T) {
	a, _ := withBase(t, "general")
	for text, want := range map[string]Label{
		"No complaints at all, everything was on time": Positive, "It could not have been better.": Positive, "couldn't be happier": Positive,
		"zero problems with delivery": Positive, "I would not hesitate to come back": Positive, "No complaints about the service": Neutral,
		"the service was 👍": Positive, "the pizza 🤮": Negative, "no problem with the room, but the waiter was rude": Negative,
		"Huge problems with delivery": Negative, "the food was bad 👍": Negative,
	} {
		e := &Event{Text: text}
		x := a.Explain(e)
		if got := a.Analyze(e).Sentiment; got != x.Sentiment || got.Label != want {
			t.Errorf("%q: %+v, explained as %+v, want %s", text, got, x.Sentiment, want)
		}
		sum := 0.0
		for _, s := range x.Shares {
			sum += s.Value
		}
		if sum != x.Sentiment.Score {
			t.Errorf("%q: shares add up to %v, the score is %v", text, sum, x.Sentiment.Score)
		}
	}
}

// TestPhrasesSpeakInClauses: a topic that takes its sentiment from its clause hears what the
// lexicons say there, and only there; so does an aspect.
func TestPhrasesSpeakInClauses(t *testing.T) {
	a := newAnalyzer(t, "general")
	for _, c := range []struct {
		text string
		want Label
	}{
		{"service 👍", Positive}, {"service 👎", Negative}, {"service: never again", Negative}, {"No complaints about the service", Positive},
		{"The website was terrible, but service 👍", Positive}, {"service 👎 but the website is great", Negative},
		{"The website crashed again. We took the service on Monday.", Neutral}, {"Loved it all! Service: 10/10.", Positive},
	} {
		e := &Event{Text: c.text, Language: "en"}
		x := a.Explain(e)
		said := slices.IndexFunc(x.Topics, func(m Mention) bool { return m.Topic == "service.general" })
		if said < 0 || x.Topics[said].Sentiment != c.want {
			t.Errorf("%q: %+v, want service %s", c.text, x.Topics, c.want)
			continue
		}
		if m := x.TopicRules[said]; m.Polarity == 0 && m.Score != x.Clauses[m.Clause].Score {
			t.Errorf("%q: mention %+v, clause %+v", c.text, m, x.Clauses[m.Clause])
		}
		if _, got := a.AnalyzeAspects(e, []string{"service"}); got[0].Sentiment != c.want {
			t.Errorf("%q: asked for service %+v, want %s", c.text, got, c.want)
		}
	}
	if _, got := a.AnalyzeAspects(&Event{Text: "lampshades 👎, but otherwise great", Language: "en"}, []string{"lampshade"}); got[0].Sentiment != Negative {
		t.Errorf("a word that no topic knows: %+v", got)
	}
}

// TestShippedPhrasesSayLessBesideAnOwnModel: what a model was trained on, it knows better
// than the shipped lexicons; an own lexicon corrects it as it does the shipped one.
func TestShippedPhrasesSayLessBesideAnOwnModel(t *testing.T) {
	base, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	trained := *base
	trained.Version, trained.Examples = "0123456789ab", 200
	recalibrated := *base
	recalibrated.Version, recalibrated.Examples = "0123456789ac", 199
	file := filepath.Join(t.TempDir(), "own.yaml")
	if err := os.WriteFile(file, []byte("lexicon: own\nentries: [{phrases: [zorp], valence: -4}]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name             string
		model            *model.Model
		shipped, ownFile float64
	}{
		{"shipped", base, turnWeight, phraseWeight},
		{"recalibrated", &recalibrated, turnWeight, phraseWeight},
		{"trained", &trained, learnedWeight, phraseWeight},
	} {
		a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "general", Model: c.model, Lexicon: file})
		if err != nil {
			t.Fatal(err)
		}
		x := a.Explain(&Event{Text: "no complaints, but a zorp"})
		if len(x.Phrases) != 2 {
			t.Fatalf("phrases %+v", x.Phrases)
		}
		var said []float64
		for _, s := range x.Shares {
			if s.Kind == "phrase" {
				said = append(said, s.Value)
			}
		}
		want := c.shipped * x.Phrases[0].Valence / (c.ownFile * x.Phrases[1].Valence) // shares are in one scale
		if len(said) != 2 || math.Abs(said[0]/said[1]-want) > 1e-9 {
			t.Errorf("%s: the phrases say %v, want the first %v of the second", c.name, said, want)
		}
	}
}
