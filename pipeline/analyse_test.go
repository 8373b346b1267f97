package pipeline

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"earshot/sentiment/model"
)

func newAnalyzer(t testing.TB, pack string) *TextAnalyzer {
	t.Helper()
	a, err := NewTextAnalyzer(AnalyzerOptions{Pack: pack})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// withBase is an analyzer by the shipped model, and that model.
func withBase(t testing.TB, pack string) (*TextAnalyzer, *model.Model) {
	t.Helper()
	base, err := model.Base()
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewTextAnalyzer(AnalyzerOptions{Pack: pack, Model: base})
	if err != nil {
		t.Fatal(err)
	}
	return a, base
}

// The sentence of the mission, word for word.
func TestSlowServiceAtPeakHours(t *testing.T) {
	const text = "service was painfully slow at lunch time"
	for _, pack := range []string{"restaurant", "general"} {
		got := newAnalyzer(t, pack).Analyze(&Event{Text: text})
		if len(got.Topics) != 1 || got.Topics[0].Topic != "service.speed" || got.Topics[0].Sentiment != Negative {
			t.Fatalf("%s: topics are %+v", pack, got.Topics)
		}
		if m := got.Topics[0]; text[m.Start:m.End] != "service was painfully slow" {
			t.Errorf("%s: the mention is %q", pack, text[m.Start:m.End])
		}
		if !slices.Equal(got.Contexts, []string{"peak_hours"}) || !slices.Equal(got.Tags, []string{"slow service at peak hours"}) {
			t.Errorf("%s: contexts %q, tags %q", pack, got.Contexts, got.Tags)
		}
		if got.Sentiment.Label != Negative || got.Language != "en" && got.Language != "und" {
			t.Errorf("%s: %+v in %s", pack, got.Sentiment, got.Language)
		}
	}
}

func TestMentionSentiment(t *testing.T) {
	a := newAnalyzer(t, "restaurant")
	cases := []struct {
		text, topic string
		want        Label
	}{
		{"We waited 40 minutes for a table", "service.speed", Negative},
		{"it took forever", "service.speed", Negative},
		{"the service was not slow at all", "service.speed", Positive},
		{"it wasn't overpriced", "price.value", Positive},
		{"way overpriced", "price.value", Negative},
		{"The food was great but the service was slow", "service.speed", Negative},
		{"The food was great but the service was slow", "food.general", Positive},
		{"great food and terrible service", "service.general", Negative},
		{"great food and terrible service", "food.general", Positive},
		{"the fries were cold", "food.temperature", Negative},
		{"the chicken was not fresh", "food.quality", Negative},
		{"we sat in a booth", "seating", Neutral},
	}
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			got := a.Analyze(&Event{Text: c.text})
			i := slices.IndexFunc(got.Topics, func(m Mention) bool { return m.Topic == c.topic })
			if i < 0 {
				t.Fatalf("no %s in %+v", c.topic, got.Topics)
			}
			if got.Topics[i].Sentiment != c.want {
				t.Errorf("%s is %s (%.2f), want %s", c.topic, got.Topics[i].Sentiment, got.Topics[i].Score, c.want)
			}
		})
	}
}

// Where VADER knows no word, phrases that are bad news in themselves decide; the
// VADER figures stay as they are.
func TestNeutralCompoundIsBlended(t *testing.T) {
	got := newAnalyzer(t, "restaurant").Analyze(&Event{Text: "We waited 40 minutes and the soup was lukewarm"})
	if got.Vader.Compound != 0 || got.Sentiment.Label != Negative {
		t.Errorf("compound %v, sentiment %+v", got.Vader.Compound, got.Sentiment)
	}
}

func TestOtherLanguagesAreUnknown(t *testing.T) {
	a := newAnalyzer(t, "restaurant")
	for text, want := range map[string]string{
		"Das Essen war leider kalt und wir haben sehr lange auf die Bedienung gewartet.": "de",
		"La comida estaba fría y el servicio fue muy lento, no lo recomiendo a nadie.":   "es",
		"الطعام كان باردا والخدمة بطيئة جدا ولن أعود مرة أخرى":                           "ar",
		"食べ物は冷たくてサービスはとても遅かったです":                                                         "ja",
	} {
		got := a.Analyze(&Event{Text: text})
		if got.Language != want || got.Sentiment != (Sentiment{Label: Unknown}) || len(got.Topics) > 0 {
			t.Errorf("%q: language %s, %+v, topics %v", text, got.Language, got.Sentiment, got.Topics)
		}
	}
	if got := a.Analyze(&Event{Text: "Great!", Language: "de-AT"}); got.Language != "de" || got.Sentiment.Label != Unknown {
		t.Errorf("a language given wins: %s %+v", got.Language, got.Sentiment)
	}
	for text, want := range map[string]Label{
		"Das Essen war kalt und der Kellner war auch nicht gut 😠": Negative,
		"Muchas gracias por todo, volveremos 😍😍":                  Positive,
		"Die Suppe war da :)": Positive,
	} {
		if got := a.Analyze(&Event{Text: text}); got.Sentiment.Label != want || got.Vader != (Vader{}) {
			t.Errorf("%q: emoji count in every language: %+v %+v", text, got.Sentiment, got.Vader)
		}
	}
	if got := a.Analyze(&Event{Text: "Great!"}); got.Language != "en" || got.Sentiment.Label != Positive {
		t.Errorf("short text passes for English: %s %+v", got.Language, got.Sentiment)
	}
}

func TestAnalysedText(t *testing.T) {
	customer := func(s string) Turn { return Turn{Role: "customer", Text: s} }
	cases := []struct {
		name  string
		event Event
		want  string
	}{
		{"text", Event{Text: "slow"}, "slow"},
		{"title follows the text", Event{Text: "slow", Title: "Bad day"}, "slow\nBad day"},
		{"title alone", Event{Text: " ", Title: "Bad day"}, "Bad day"},
		{"customer's turns alone", Event{Text: "x", Turns: []Turn{customer("slow"), {Role: "agent", Text: "sorry"}, customer("again")}}, "slow\nagain"},
		{"no customer turn", Event{Text: "x", Turns: []Turn{{Role: "agent", Text: "sorry"}}}, "x"},
		{"nothing", Event{}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got, cut := AnalysedText(&c.event); got != c.want || cut {
				t.Errorf("got %q, cut %v", got, cut)
			}
		})
	}
	long := strings.Repeat("é", MaxTextBytes)
	if got, cut := AnalysedText(&Event{Text: "x" + long}); !cut || len(got) != MaxTextBytes-1 || !utf8.ValidString(got) {
		t.Errorf("%d bytes, cut %v", len(got), cut)
	}
}

func TestContextsFromTheHour(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zone data:", err)
	}
	a, err := NewTextAnalyzer(AnalyzerOptions{Pack: "restaurant", Places: &Places{Zone: berlin}})
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string][]string{
		"2026-07-03T17:30:00Z":      {"peak_hours"}, // 19:30 in Berlin
		"2026-07-03T14:30:00Z":      {},
		"2026-07-03T19:30:00-04:00": {"peak_hours"},
		"2026-07-04T15:00:00+02:00": {"weekend"},
		"2026-07-06T23:30:00+02:00": {"night"},
		"2026-07-07T04:59:00+02:00": {"night"},
		"2026-07-07T05:00:00+02:00": {},
		"2026-07-04T13:59:00+02:00": {"peak_hours", "weekend"},
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Analyze(&Event{Text: "The soup.", OccurredAt: when}).Contexts; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}

func TestAspects(t *testing.T) {
	a := newAnalyzer(t, "restaurant")
	e := &Event{Text: "The food was great but the staff was rude. I hate the wallpaper."}
	_, got := a.AnalyzeAspects(e, []string{"service", "Food", "staff", "wallpaper", "parking"})
	var labels []Label
	for _, x := range got {
		labels = append(labels, x.Sentiment)
	}
	whole := a.Analyze(e).Sentiment.Label
	if want := []Label{Negative, Positive, Negative, Negative, whole}; !slices.Equal(labels, want) {
		t.Errorf("%+v, want %v", got, want)
	}
}

func TestExplainAgreesWithAnalyze(t *testing.T) {
	a := newAnalyzer(t, "restaurant")
	for _, text := range append(seeds, "service was painfully slow at lunch time, I want a refund and will never come back") {
		e := &Event{Text: text, Source: "chatbot", OccurredAt: time.Date(2026, 7, 3, 19, 0, 0, 0, time.UTC)}
		x, want := a.Explain(e), a.Analyze(e)
		if !reflect.DeepEqual(x.Analysis, want) {
			t.Errorf("%q: explained %+v, analysed %+v", text, x.Analysis, want)
		}
		if len(x.TopicRules) != len(want.Topics) || len(x.ContextRules) != len(want.Contexts) || len(x.IntentRules) != len(want.Intents) || len(x.TagRules) != len(want.Tags) {
			t.Errorf("%q: something is not explained in %+v", text, x)
		}
	}
}

func TestArraysAreNeverNull(t *testing.T) {
	out, err := json.Marshal(newAnalyzer(t, "general").Analyze(&Event{}))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(out), "null") {
		t.Error(string(out))
	}
}

func TestOwnPacks(t *testing.T) {
	load := func(pack, yaml string) (*TextAnalyzer, error) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "own.yaml"), []byte(yaml), 0o600); err != nil {
			t.Fatal(err)
		}
		return NewTextAnalyzer(AnalyzerOptions{Pack: pack, PackDir: dir})
	}
	a, err := load("mine", "pack: mine\nextends: general\ntopics:\n  loyalty.card:\n    negative: [card * rejected]\n")
	if err != nil {
		t.Fatal(err)
	}
	got := a.Analyze(&Event{Text: "my card was always rejected"})
	if len(got.Topics) != 1 || got.Topics[0].Topic != "loyalty.card" || !strings.Contains(got.Model, "mine@") {
		t.Errorf("%+v", got)
	}
	for name, c := range map[string]struct{ yaml, want string }{
		"unknown key":   {"pack: x\ntopics:\n  a:\n    phrase: [b]\n", `own.yaml:4: unknown key "phrase"`},
		"unknown base":  {"pack: x\nextends: y\n", `own.yaml:2: extends: no pack is called "y"`},
		"cycle":         {"pack: x\nextends: x\n", "own.yaml:2: extends: x extends itself"},
		"taken name":    {"pack: general\n", `own.yaml:1: the pack "general" is defined in packs/general.yaml`},
		"bad gap":       {"pack: x\ntopics:\n  a:\n    phrases:\n      - b *99 c\n", "own.yaml:5: a: phrase"},
		"matches all":   {"pack: x\ntopics:\n  a:\n    phrases:\n      - b? c?\n", "own.yaml:5: a: phrase"},
		"unknown class": {"pack: x\ntopics:\n  a:\n    phrases: [<b> c]\n", "no class <b>"},
		"bad hours":     {"pack: x\ncontexts:\n  a:\n    hours:\n      - {from: 3, to: 30}\n", "own.yaml:5: a: hours"},
		"bad tag":       {"pack: x\ntags:\n  - {name: t, topic: nope}\n", `own.yaml:3: tag "t": no topic is called "nope"`},
		"twice":         {"pack: x\ntopics:\n  a: {phrases: [b]}\n  a: {phrases: [c]}\n", `own.yaml:4: "a" is defined in line 3 already`},
		"no phrases":    {"pack: x\ntopics:\n  a:\n", "own.yaml"},
		"broken yaml":   {"pack: [", "own.yaml:1: "},
		"empty":         {"", "own.yaml:1: the file is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := load("x", c.yaml); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
	if _, err := load("absent", "pack: x\n"); err == nil || !strings.Contains(err.Error(), "no pack is called absent") || !strings.HasSuffix(err.Error(), ", x") {
		t.Errorf("an unknown pack's error names the packs there are: %v", err)
	}
}

func TestAnalyzeIsSafeForConcurrentUse(t *testing.T) {
	a := newAnalyzer(t, "restaurant")
	want := make([]Analysis, len(seeds))
	for i, s := range seeds {
		want[i] = a.Analyze(&Event{Text: s})
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, s := range seeds {
				if got := a.Analyze(&Event{Text: s}); !reflect.DeepEqual(got, want[i]) {
					t.Errorf("%q: %+v, alone %+v", s, got, want[i])
				}
			}
		})
	}
	wg.Wait()
}

var seeds = []string{
	"", " ", "service was painfully slow at lunch time", "not slow, not slow!", "\xff\xfe slow \xc3(", "😀😀😀 slow 😡", "waited waited waited * minutes",
	"Le service était très lent et la nourriture froide", "I'd like to speak to a manager, URGENT", "<b>slow</b> &amp; rude", "\u202eslow\u202c \u00a0service",
	strings.Repeat("slow service ", 200), strings.Repeat("wait ", 300), "can't find parking’s", "a\nb\r\nc", "3.5 stars, 40,000 minutes",
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, "", "")
	}
	f.Add("text", "title", "en-US")
	a := newAnalyzer(f, "restaurant")
	f.Fuzz(func(t *testing.T, text, title, lang string) {
		e := &Event{Text: text, Title: title, Language: lang}
		got := a.Analyze(e)
		analysed, _ := AnalysedText(e)
		for _, m := range got.Topics {
			if m.Start < 0 || m.End <= m.Start || m.End > len(analysed) || math.Abs(m.Score) > 1 {
				t.Fatalf("mention %+v in %d bytes", m, len(analysed))
			}
		}
		if v := got.Vader; math.IsNaN(v.Compound+v.Pos+v.Neu+v.Neg) || math.Abs(got.Sentiment.Score) > 1 {
			t.Fatalf("%+v %+v", got.Vader, got.Sentiment)
		}
		if again := a.Analyze(e); !reflect.DeepEqual(got, again) {
			t.Fatalf("twice the same event: %+v, %+v", got, again)
		}
	})
}

func BenchmarkAnalyze(b *testing.B) {
	a := newAnalyzer(b, "restaurant")
	e := &Event{Source: "review", OccurredAt: time.Date(2026, 7, 3, 19, 0, 0, 0, time.UTC),
		Text: "We waited 40 minutes for our table and the service was painfully slow, but the food was really good! Sadly the bill was wrong again, I won't be back."}
	b.ReportAllocs()
	for b.Loop() {
		a.Analyze(e)
	}
}

// BenchmarkAnalyzeLong shows the time per byte of texts that are made to be
// slow: it should not grow with the length.
func BenchmarkAnalyzeLong(b *testing.B) {
	a := newAnalyzer(b, "restaurant")
	for _, unit := range []string{"slow ", "waited waited minutes ", "not good ", "but good ", "the service ", "😀", "a'", "food. "} {
		for _, size := range []int{2 << 10, 32 << 10} {
			e := &Event{Text: strings.Repeat(unit, size/len(unit))}
			b.Run(fmt.Sprintf("%q/%dKiB", unit, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(e.Text)))
				for b.Loop() {
					a.Analyze(e)
				}
			})
		}
	}
}
