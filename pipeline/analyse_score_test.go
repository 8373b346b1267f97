package pipeline

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"earshot/sentiment/model"
)

func TestShape(t *testing.T) {
	a := newAnalyzer(t, "restaurant")
	for text, mixed := range map[string]bool{
		"great food and terrible service":              true,
		"The soup was delicious. The waiter was rude.": true,
		"great food, great service":                    false,
		"terrible food and rude staff":                 false,
		"we sat in a booth":                            false,
		"the food was not good":                        false,
	} {
		if got := a.Analyze(&Event{Text: text}); got.Sentiment.Mixed != mixed {
			t.Errorf("%q: mixed is %v", text, got.Sentiment.Mixed)
		}
	}
	order := []string{"we sat in a booth", "the soup was nice", "the soup was very good", "the soup was absolutely amazing, best ever!!!"}
	for i := 1; i < len(order); i++ {
		less, more := a.Analyze(&Event{Text: order[i-1]}).Sentiment, a.Analyze(&Event{Text: order[i]}).Sentiment
		if more.Intensity <= less.Intensity || more.Intensity > 1 {
			t.Errorf("%q has intensity %.3f, %q %.3f", order[i-1], less.Intensity, order[i], more.Intensity)
		}
	}
}

func TestEffort(t *testing.T) {
	a := newAnalyzer(t, "general")
	for text, want := range map[string][2]float64{
		"Great service, thank you": {0, 0},
		"no waiting at all":        {0, 0},
		"I was on hold for an hour, called three times and was transferred twice": {0.7, 1},
		"We waited 40 minutes": {0.2, 0.7},
	} {
		if got := a.Analyze(&Event{Text: text}).Effort; got < want[0] || got > want[1] {
			t.Errorf("%q: effort %.2f, want %v", text, got, want)
		}
	}
}

func TestConversation(t *testing.T) {
	a := newAnalyzer(t, "general")
	customer := func(s string) Turn { return Turn{Role: "customer", Text: s} }
	agent := func(s string) Turn { return Turn{Role: "agent", Text: s} }
	turns := []Turn{
		customer("This is terrible, my order never arrived"), agent("I am so happy and delighted!"),
		customer("I waited two weeks, awful"), agent("Here is your refund."), customer(" "),
		customer("Wonderful, thank you so much"), customer("Perfect, great help!"),
	}
	got := a.Analyze(&Event{Turns: turns}).Conversation
	if got == nil || got.Turns != 4 || got.Start >= 0 || got.End <= 0 || got.Tipped == nil || *got.Tipped != 5 {
		t.Errorf("%+v", got)
	}
	if got := a.Analyze(&Event{Turns: []Turn{customer("hello"), customer("my number is 5")}}).Conversation; got == nil || got.Tipped != nil {
		t.Errorf("an even conversation tips nowhere: %+v", got)
	}
	polite := []Turn{customer("a table for two on Monday"), customer("at half past seven"), customer("near the station"), customer("what is the address"), customer("good, thanks, bye")}
	if got := a.Analyze(&Event{Turns: polite}).Conversation; got == nil || got.End <= 0.5 || got.Tipped != nil {
		t.Errorf("a friendly goodbye is no other mood: %+v", got)
	}
	x := a.Explain(&Event{Turns: turns})
	if len(x.Turns) != 4 || x.Turns[0].Score != x.Conversation.Start || x.Turns[3].Score != x.Conversation.End || x.Turns[3].Turn != 6 ||
		x.Text[x.Turns[2].Start:x.Turns[2].End] != turns[5].Text {
		t.Errorf("explained: %+v", x.Turns)
	}
	if x := a.Explain(&Event{Text: "great"}); x.Turns != nil {
		t.Errorf("no conversation: %+v", x.Turns)
	}
	if got := a.Analyze(&Event{Turns: []Turn{agent("hello")}, Text: "great"}).Conversation; got != nil {
		t.Errorf("without a customer: %+v", got)
	}
	long := []Turn{customer(strings.Repeat("good ", MaxTextBytes/5-1)), customer("bad bad bad")}
	if got := a.Analyze(&Event{Turns: long}).Conversation; got == nil || got.Turns != 1 {
		t.Errorf("cut off: %+v", got)
	}
}

// A turn is judged as the same text by itself: with what phrases and emoji of the lexicons
// say, and "none" is no answer there either.
func TestTurnsAreJudgedAsTexts(t *testing.T) {
	m, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(t.TempDir(), "own.yaml")
	if err := os.WriteFile(own, []byte("lexicon: own\nentries: [{phrases: [zorp], valence: -4}]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	texts := []string{"No complaints about the service", "the service was 👍", "👎", "None", "cold food!!!", "a zorp of a hotel", "We waited 40 minutes",
		"It was good but not great", "...", "my number is 5", "#awesome", "Where is my order?"}
	for _, m := range []*model.Model{nil, m} {
		a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "general", Model: m, Lexicon: own})
		if err != nil {
			t.Fatal(err)
		}
		turn := func(text string) Turn { return Turn{Role: "customer", Text: text} }
		for i, text := range texts {
			next := texts[(i+1)%len(texts)]
			whole, after := a.Analyze(&Event{Text: text, Language: "en"}), a.Analyze(&Event{Text: next, Language: "en"})
			one := a.Analyze(&Event{Turns: []Turn{turn(text)}, Language: "en"})
			if one.Sentiment != whole.Sentiment || one.Conversation == nil || one.Conversation.Start != whole.Sentiment.Score {
				t.Errorf("%q: as a turn %+v %+v, as a text %+v", text, one.Sentiment, one.Conversation, whole.Sentiment)
			}
			two := a.Analyze(&Event{Turns: []Turn{turn(text), {Role: "agent", Text: "Thank you!"}, turn(next)}, Language: "en"}).Conversation
			if two == nil || two.Turns != 2 || two.Start != whole.Sentiment.Score || two.End != after.Sentiment.Score {
				t.Errorf("%q, %q: as turns %+v, as texts %v, %v", text, next, two, whole.Sentiment.Score, after.Sentiment.Score)
			}
		}
	}
}

func TestSpamOrEmpty(t *testing.T) {
	a := newAnalyzer(t, "general")
	for text, want := range map[string]bool{
		"": true, "...": true, "12345": true, "asdfasdf": true, "https://example.com/win": true, "@shop": true, "xkcdqwrtplk": true,
		"good": false, "😀": false, "ok": false, "slow": false, "Das war nichts": false, "料理が": false, "why?": false,
		"click here to win a free gift card": true,
		"None":                               true, "n/a": true, " No comments. ": true, "nothing to add": true, "none of it worked": false, "nothing worked": false, "10/10": false,
	} {
		if got := slices.Contains(a.Analyze(&Event{Text: text}).Intents, "spam_or_empty"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// What is no answer is no complaint either, whatever judges it.
func TestNoAnswerIsNeutral(t *testing.T) {
	m, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []*model.Model{nil, m} {
		a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "general", Model: m})
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"none", "Nothing.", "NO COMMENT", "No comments", "N/A"} {
			got := a.Analyze(&Event{Text: text}).Sentiment
			if got.Label != Neutral || got.Score != 0 || got.Intensity != 0 {
				t.Errorf("%q: %+v", text, got)
			}
		}
		if got := a.Analyze(&Event{Text: "Nothing worked at all, terrible."}).Sentiment; got.Label != Negative {
			t.Errorf("a complaint: %+v", got)
		}
	}
}

func TestOwnLexicon(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ours.yaml")
	if err := os.WriteFile(file, []byte("lexicon: ours\nentries:\n  - {phrases: [zorp], valence: -3}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Dir(file)} {
		a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "general", Lexicon: path})
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Analyze(&Event{Text: "the zorp was there"}).Sentiment; got.Label != Negative {
			t.Errorf("%s: %+v", path, got)
		}
		if a.Model() == newAnalyzer(t, "general").Model() {
			t.Error("the version does not name the lexicon")
		}
	}
	for content, want := range map[string]string{"lexicon: x\nentries: 5\n": "ours.yaml", "": "ours.yaml:1"} {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := NewTextAnalyzer(AnalyzerOptions{Pack: "general", Lexicon: file}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", content, err)
		}
	}
	if _, err := NewTextAnalyzer(AnalyzerOptions{Pack: "general", Lexicon: "/nowhere"}); err == nil || !strings.Contains(err.Error(), "/nowhere") {
		t.Errorf("a missing folder: %v", err)
	}
}

// What explain shows adds up to the score.
func TestExplainedPartsAddUp(t *testing.T) {
	a := newAnalyzer(t, "restaurant")
	x := a.Explain(&Event{Text: "We waited 40 minutes. The fries were cold but the soup was great 😀"})
	sum := 0.0
	for _, p := range x.Phrases {
		sum += p.Valence
	}
	for _, w := range x.Words {
		if !w.Covered {
			sum += w.Valence
		}
	}
	if score := sum / math.Sqrt(sum*sum+15); len(x.Phrases) < 2 || math.Abs(score-x.Lexical) > 1e-9 || x.Lexical != x.Sentiment.Score {
		t.Errorf("parts give %.6f, lexical %.6f, score %.6f", score, x.Lexical, x.Sentiment.Score)
	}
	if len(x.Sentences) != 2 || x.Sentences[0].Sentiment != Negative || x.Text[x.Sentences[1].Start:x.Sentences[1].Start+9] != "The fries" {
		t.Errorf("sentences %+v", x.Sentences)
	}
}
