package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"earshot/sentiment/model"
)

// spanish learns a handful of words.
func spanish(t *testing.T) *model.Model {
	t.Helper()
	var examples []model.Example
	for i := range 20 {
		examples = append(examples,
			model.Example{Text: fmt.Sprintf("el servicio fue horrible %d", i), Class: model.Negative},
			model.Example{Text: fmt.Sprintf("la comida estaba buenísima %d", i), Class: model.Positive})
	}
	m, _, err := model.Train(context.Background(), examples, model.Options{Card: model.Card{Languages: []string{"es"}}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestModelsOfLanguages(t *testing.T) {
	base, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	es := spanish(t)
	a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "restaurant", Model: base, Others: LanguageModels{"es": es}})
	if err != nil {
		t.Fatal(err)
	}
	if want := " es@" + es.Version; !strings.HasSuffix(a.Model(), want) || !strings.HasPrefix(a.Model(), "learned@"+base.Version) {
		t.Errorf("model %q, want both versions in it", a.Model())
	}
	for _, c := range []struct {
		text, language string
		want           Label
		by             *model.Model
	}{
		{"el servicio fue horrible otra vez", "es", Negative, es},
		{"la comida estaba buenísima otra vez", "es-MX", Positive, es},
		{"the food was wonderful", "", Positive, base},
		{"das Essen war kalt und der Kellner unfreundlich", "de", Unknown, nil},
		{"das Essen war super 😍😍", "de", Positive, nil}, // its emoji
		{" ", "es", Unknown, nil},
	} {
		e := &Event{Text: c.text, Language: c.language}
		got := a.Analyze(e)
		if got.Sentiment.Label != c.want {
			t.Errorf("%q: %+v, want %s", c.text, got.Sentiment, c.want)
		}
		if c.by == es && (got.Vader != Vader{} || got.Sentiment.Intensity == 0) {
			t.Errorf("%q: the English lexicons speak: %+v", c.text, got)
		}
		x := a.Explain(e)
		sum := 0.0
		for _, s := range x.Shares {
			sum += s.Value
		}
		if diff := sum - got.Sentiment.Score; (c.by != nil) != (len(x.Shares) > 0) || c.by != nil && (diff > 1e-6 || diff < -1e-6) {
			t.Errorf("%q: %d shares of %v in all, score %v", c.text, len(x.Shares), sum, got.Sentiment.Score)
		}
	}
	_, aspects := a.AnalyzeAspects(&Event{Text: "el servicio fue horrible otra vez", Language: "es"}, []string{"servicio"})
	if len(aspects) != 1 || aspects[0].Sentiment != Negative {
		t.Errorf("aspects %+v, want that of the whole text", aspects)
	}
}

// TestEmojiCount in every language, with words and without, and say something.
func TestEmojiCount(t *testing.T) {
	base, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []*model.Model{nil, base} {
		a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "general", Model: m})
		if err != nil {
			t.Fatal(err)
		}
		for text, want := range map[string]Label{
			"👍": Positive, "👍🏽": Positive, "❤️": Positive, "❤️‍🔥❤": Positive, "😊😊😊": Positive, ":-)": Positive, "10/10 👍": Positive,
			"👎🏿": Negative, "😡😡😡": Negative, "☹️": Negative, "🤦🏼‍♀️": Negative, "🙄…": Negative, ":-(": Negative,
			"el camarero de ayer 😡": Negative, "la comida de ayer 👍🏽": Positive, "обслуживание ❤️": Positive, "el camarero de ayer": Unknown,
		} {
			e := &Event{Text: text}
			x := a.Explain(e)
			if got := a.Analyze(e); got.Sentiment.Label != want || got.Sentiment != x.Sentiment {
				t.Errorf("%q: %+v, explained %+v, want %s", text, got.Sentiment, x.Sentiment, want)
			}
			if slices.Contains(x.Intents, "spam_or_empty") {
				t.Errorf("%q shows %v", text, x.Intents)
			}
			if want != Unknown && len(x.Words)+len(x.Phrases) == 0 {
				t.Errorf("%q: nothing explains %+v", text, x.Sentiment)
			}
		}
		said := a.Analyze(&Event{Turns: []Turn{{Role: "customer", Text: "my order is late"}, {Role: "agent", Text: "it is here"}, {Role: "customer", Text: "👍👍"}}})
		if c := said.Conversation; c == nil || c.End < 0.5 {
			t.Errorf("a turn of emoji: %+v", c)
		}
	}
}

// A pack of another language finds topics in its texts; where no phrase judges, the model
// of the language does.
func TestTopicsOfOtherLanguages(t *testing.T) {
	dir := t.TempDir()
	pack := "pack: fonda\nextends: restaurant\nlanguages: [es]\ntopics:\n  food.general: {phrases: [comida]}\n  food.temperature: {negative: [sopa *2 fría]}\n"
	if err := os.WriteFile(filepath.Join(dir, "fonda.yaml"), []byte(pack), 0o600); err != nil {
		t.Fatal(err)
	}
	es := spanish(t)
	for _, c := range []struct {
		models         LanguageModels
		text, language string
		want           string
	}{
		{LanguageModels{"es": es}, "la comida estaba buenísima otra vez", "es", "food.general positive"},
		{nil, "la comida estaba buenísima otra vez", "es", "food.general neutral"},
		{nil, "nos dieron la sopa muy fría y nada más, qué pena", "", "food.temperature negative"},
		{nil, "a comida estava ótima", "pt", ""},
	} {
		a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "fonda", PackDir: dir, Others: c.models})
		if err != nil {
			t.Fatal(err)
		}
		e := &Event{Text: c.text, Language: c.language}
		got := a.Analyze(e)
		var said []string
		for _, m := range got.Topics {
			said = append(said, m.Topic+" "+string(m.Sentiment))
		}
		if strings.Join(said, ", ") != c.want {
			t.Errorf("%q: %q, want %q", c.text, said, c.want)
		}
		if x := a.Explain(e); len(x.TopicRules) != len(said) {
			t.Errorf("%q: %d rules explained", c.text, len(x.TopicRules))
		}
	}
}
