package discovery

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"earshot/pipeline"
	"earshot/sentiment/topic"
	"earshot/sentiment/topic/phrase"
)

var update = flag.Bool("update", false, "write the golden files anew")

func newTestMiner(t *testing.T, opts Options) *Miner {
	t.Helper()
	analyzer, err := pipeline.NewTextAnalyzer(pipeline.AnalyzerOptions{Pack: "restaurant"})
	if err != nil {
		t.Fatal(err)
	}
	finder, err := phrase.New()
	if err != nil {
		t.Fatal(err)
	}
	opts.Analyzer, opts.Judge = analyzer, phrase.NewJudge(finder, phrase.DefaultVerdicts)
	return New(opts)
}

func firstDay() time.Time { return time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC) }

// visits are plain feedback over 28 days, and in the last seven days some about the
// menu behind a QR code.
func visits(planted int) []*pipeline.Event {
	rng := rand.New(rand.NewPCG(7, 7))
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	var out []*pipeline.Event
	for i := range 1500 {
		text := fmt.Sprintf("%s %s. %s", pick("Our waiter was slow", "The soup was cold", "We came with friends", "The terrace was full"),
			pick("again", "on Friday", "at noon", "as ever"), pick("The oat milk was out.", "Street noise all evening.", "Will come back.", "The kids corner is great."))
		out = append(out, &pipeline.Event{ID: fmt.Sprintf("v%04d", i), Source: "review", OccurredAt: firstDay().Add(time.Duration(rng.IntN(28*24)) * time.Hour), Text: text})
	}
	for i := range planted {
		text := fmt.Sprintf("%s the QR code menu %s.", pick("We hated", "I could not read", "Nobody explained", "My phone cannot open"),
			pick("at our table", "on the wall", "in the dark", "without glasses"))
		out = append(out, &pipeline.Event{ID: fmt.Sprintf("q%04d", i), Source: "review", OccurredAt: firstDay().Add(time.Duration(21*24+rng.IntN(7*24)) * time.Hour), Text: text})
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func minedVisits(t *testing.T) Result {
	t.Helper()
	m := newTestMiner(t, Options{Recent: firstDay().AddDate(0, 0, 21), MinCount: 5})
	for _, e := range visits(40) {
		m.Add(e)
	}
	m.Add(&pipeline.Event{ID: "de", Text: "Die Suppe war kalt und der Kellner kam einfach nicht mehr an unseren Tisch"})
	result, err := m.Themes()
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestPlantedThemeIsFound(t *testing.T) {
	r := minedVisits(t)
	if r.Texts != 1540 || r.Skipped != 1 || r.Floor != 0 {
		t.Errorf("%d texts, %d skipped, floor %d", r.Texts, r.Skipped, r.Floor)
	}
	i := slices.IndexFunc(r.Themes, func(x Theme) bool { return x.Name == "qr code menu" })
	if i < 0 {
		t.Fatalf("no theme is the qr code menu: %+v", r.Themes)
	}
	found := r.Themes[i]
	if found.Count != 40 || found.Recent != 40 || len(found.Verbatims) == 0 || found.Last == nil {
		t.Errorf("%+v", found)
	}
	for _, v := range found.Verbatims {
		said := strings.ToLower(v.Text[v.Start:v.End])
		if !strings.HasPrefix(v.Event, "q") || v.At == nil || !slices.ContainsFunc(found.Phrases, func(p Phrase) bool { return p.Text == said }) {
			t.Errorf("verbatim %+v", v)
		}
	}
	for _, x := range r.Themes {
		for _, p := range x.Phrases {
			if strings.Contains(p.Text, "slow") || strings.Contains(p.Text, "cold") {
				t.Errorf("%q is covered by a topic", p.Text)
			}
		}
	}
}

// A wording that is said only where another one is, is no theme of its own.
func TestAPartOfAThemeIsNone(t *testing.T) {
	m := newTestMiner(t, Options{Recent: firstDay().AddDate(0, 0, 21), MinCount: 5})
	for _, e := range visits(0) {
		m.Add(e)
	}
	for i := range 60 {
		text := []string{"I had to scan the QR code three times.", "Nobody likes the QR code, bring back paper.", "Please get rid of the QR code.",
			"My grandmother could not use the QR code.", "QR code on the table was broken again."}[i%5]
		m.Add(&pipeline.Event{ID: fmt.Sprint("q", i), Source: "review", OccurredAt: firstDay().AddDate(0, 0, 22), Text: fmt.Sprintf("%s We were %d.", text, i)})
	}
	result, err := m.Themes()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, x := range result.Themes {
		for _, p := range x.Phrases {
			if strings.Contains(p.Text, "code") {
				names = append(names, x.Name)
			}
		}
	}
	if names = slices.Compact(names); !slices.Equal(names, []string{"qr code"}) {
		t.Errorf("themes of the code: %q", names)
	}
}

func TestBareFindsWhatTopicsCover(t *testing.T) {
	counts := map[bool]int{}
	for _, bare := range []bool{true, false} {
		m := newTestMiner(t, Options{Bare: bare})
		for i := range 20 {
			m.Add(&pipeline.Event{ID: fmt.Sprint(i), Text: "The wait time at the counter was long."})
		}
		result, err := m.Themes()
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range result.Themes {
			for _, p := range x.Phrases {
				if strings.Contains(p.Text, "wait") {
					counts[bare]++
				}
			}
		}
	}
	if counts[true] == 0 || counts[false] != 0 {
		t.Errorf("waiting is named %v", counts)
	}
}

// A table that is too small forgets what is said once, not what is said often.
func TestSmallTableKeepsTheFrequent(t *testing.T) {
	const capacity = 80
	m := newTestMiner(t, Options{Recent: firstDay().AddDate(0, 0, 21), MinCount: 5, Capacity: capacity})
	for i, e := range visits(400) {
		e.Text += fmt.Sprintf(" Coupon zq%dx expired.", i)
		m.Add(e)
		if len(m.table.entries) > capacity {
			t.Fatalf("%d entries", len(m.table.entries))
		}
	}
	result, err := m.Themes()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(result.Themes, func(x Theme) bool { return x.Name == "qr code menu" })
	if result.Floor == 0 || i < 0 {
		t.Fatalf("floor %d: %+v", result.Floor, result.Themes)
	}
	if x := result.Themes[i]; x.Count > 400 || x.Count+x.Missed < 400 || x.Count < 390 {
		t.Errorf("of 400 texts %d are counted, %d may be missing", x.Count, x.Missed)
	}
}

func TestNothing(t *testing.T) {
	result, err := newTestMiner(t, Options{}).Themes()
	if err != nil || len(result.Themes) != 0 || result.Texts != 0 {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestDraftIsPinned(t *testing.T) {
	r := minedVisits(t)
	data, err := Draft(r.Themes, DraftOptions{Name: "themes", Extends: "restaurant", About: "Themes of a test",
		Comment: func(x Theme) string { return fmt.Sprintf("%d texts", x.Count) }})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "draft.yaml")
	if *update {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: look at the draft, then pin it with -update", err)
	}
	if string(want) != string(data) {
		t.Errorf("the draft differs from %s: look at it, then pin it with -update:\n%s", path, data)
	}
	tagger, problems, err := topic.LoadDraft(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if p.Error {
			t.Error(p)
		}
	}
	if run, failed := tagger.RunExamples(); run == 0 || len(failed) > 0 {
		t.Errorf("%d examples, failed %+v", run, failed)
	}
}

func TestDraftNeedsANameOfItsOwn(t *testing.T) {
	if _, err := Draft(nil, DraftOptions{Name: "general"}); err == nil || !strings.Contains(err.Error(), "another name") {
		t.Errorf("%v", err)
	}
}

// Signs that mean something in YAML or in phrases do no harm.
func TestDraftOfHostileThemes(t *testing.T) {
	themes := []Theme{
		{Name: "null", Phrases: []Phrase{{"null", "noun", 5}}, Verbatims: []Verbatim{{Text: "null: [it]", Start: 0, End: 4}}},
		{Name: "yes no", Phrases: []Phrase{{"yes no", "noun", 5}}, Verbatims: []Verbatim{{Text: "- yes no # {x} \x00 'q' \"d\"", Start: 2, End: 8}}},
		{Name: "not said", Phrases: []Phrase{{"not said", "noun", 5}}, Verbatims: []Verbatim{{Text: "something else", Start: 0, End: 4}}},
		{Name: "crème brûlée", Phrases: []Phrase{{"crème brûlée", "noun", 5}}, Verbatims: []Verbatim{{Text: "Crème brûlée!", Start: 0, End: 15}}},
	}
	data, err := Draft(themes, DraftOptions{Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	tagger, _, err := topic.LoadDraft(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := tagger.Topics(); !slices.Equal(got, []string{"themes.crème_brûlée", "themes.null", "themes.yes_no"}) {
		t.Errorf("%q\n%s", got, data)
	}
}

func TestSentence(t *testing.T) {
	for _, c := range []struct{ text, said, want string }{
		{"One. The qr code fails! Two.", "qr code", "The qr code fails!"},
		{"qr code", "qr code", "qr code"},
		{"line one\nthe qr  code\tfails", "qr  code", "the qr code fails"},
		{strings.Repeat("word ", 40) + "qr code" + strings.Repeat(" word", 40), "qr code", "word word qr code word word"},
	} {
		start := strings.Index(c.text, c.said)
		v := Verbatim{Text: c.text, Start: start, End: start + len(c.said)}
		if got := v.Sentence(30); got != c.want {
			t.Errorf("%q, expected %q", got, c.want)
		}
	}
}
