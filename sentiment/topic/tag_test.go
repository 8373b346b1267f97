package topic

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"earshot/sentiment"
)

const review = "We waited 40 minutes for our table and the service was painfully slow, but the food was really good! Sadly the bill was wrong again, I won't be back."

func ownPack(t testing.TB, yaml string) *Tagger {
	t.Helper()
	tagger, err := Load("own", fstest.MapFS{"own.yaml": {Data: []byte("pack: own\n" + yaml)}})
	if err != nil {
		t.Fatal(err)
	}
	return tagger
}

func TestPhrases(t *testing.T) {
	cases := []struct {
		phrase, text string
		want         bool
	}{
		{"took forever", "It TOOK   forever", true},
		{"took forever", "took, forever", false},
		{"took forever", "took. Forever", false},
		{"wait*", "waiters", true},
		{"wait*", "await", false},
		{"rude|curt staff", "curt staff", true},
		{"very? slow", "slow", true},
		{"very? slow", "very slow", true},
		{"waited * minutes", "waited minutes", true},
		{"waited * minutes", "waited for about 40 minutes", true},
		{"waited * minutes", "waited for what felt like 40 minutes", false},
		{"waited *6 minutes", "waited for what felt like 40 minutes", true},
		{"great * staff", "great but staff", false}, // no gap reaches over a contrast
		{"drive-thru", "the drive thru", true},
		{"drive-thru|drive-in lane", "drive-in lane", true},
		{"don't", "I don’t", true},
		{"chef", "the chef's hat", true},
		{"slow slow", "slow slow slow", true},
	}
	for _, c := range cases {
		tagger := ownPack(t, fmt.Sprintf("topics: {a: {phrases: [%q]}}\n", c.phrase))
		if got := len(names(tagger, "topic", c.text)) > 0; got != c.want {
			t.Errorf("%q in %q: %v", c.phrase, c.text, got)
		}
	}
}

func TestSettling(t *testing.T) {
	tagger := ownPack(t, `
topics:
  speed: {negative: [slow], not: [slow cooked]}
  wifi: {negative: [slow wifi]}
  group.general: {phrases: [service]}
  group.staff: {phrases: [waiter]}
`)
	for text, want := range map[string][]string{
		"slow":                        {"speed"},
		"slow cooked lamb":            nil,
		"slow wifi":                   {"wifi"},
		"slow wifi. slow":             {"wifi", "speed"},
		"slow slow slow":              {"speed"},
		"the service of the waiter":   {"group.staff"},
		"the service. the waiter":     {"group.general", "group.staff"},
		strings.Repeat("slow. ", 200): slices.Repeat([]string{"speed"}, maxMentions),
	} {
		if got := names(tagger, "topic", text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestNegation(t *testing.T) {
	tagger := ownPack(t, "topics: {speed: {negative: [slow, not fast, service * late]}}\n")
	for text, want := range map[string]string{
		"slow": "negative", "not slow": "positive", "wasn’t at all slow": "positive", "not at all that bit slow": "negative",
		"not fast": "negative", "never not slow": "negative", "not only slow": "negative", "no. slow": "negative",
		"the service was not late": "positive", "the service was late": "negative",
		"nobody was slow": "positive", "neither slow nor rude": "positive", "neither rude nor slow": "positive", "nor slow": "positive",
		"rarely slow": "positive", "anything but slow": "positive", "nothing but slow": "negative", "it used to be slow": "positive",
		"I am used to slow": "negative", "if only it were slow": "negative",
	} {
		checkPolarity(t, tagger, text, want)
	}
}

// checkPolarity wants one mention in the text, whose phrase is good or bad news.
func checkPolarity(t *testing.T, tagger *Tagger, text, want string) {
	t.Helper()
	var d sentiment.Doc
	var s State
	d.Scan(text)
	r := tagger.Tag(&s, &d, Moment{})
	if len(r.Mentions) != 1 || bitOf(sentiment.LabelOf(r.Mentions[0].Polarity)) != labelBit(want) {
		t.Errorf("%q: %+v, want %s", text, r.Mentions, want)
	}
}

// Praise of what is not there is none.
func TestPraiseThatIsMissing(t *testing.T) {
	tagger := ownPack(t, "topics: {staff: {positive: [staff *4 helpful, kind waiter]}}\n")
	for text, want := range map[string]string{
		"the staff was helpful": "positive", "the staff was neither kind nor helpful": "negative", "the staff was less than helpful": "negative",
		"anything but a kind waiter": "negative", "if only the staff were helpful": "negative", "I wish the staff was helpful": "negative",
		"I wish every kind waiter luck": "positive", "staff couldn't be more helpful": "positive", "staff could not be more helpful": "positive",
		"staff is helpful in less than a minute": "positive", "the staff used to be helpful": "negative", "nothing but helpful staff helpful": "positive",
		"not a kind waiter": "negative", "none of the staff is helpful": "negative",
	} {
		checkPolarity(t, tagger, text, want)
	}
}

func TestTagsYieldToFinerOnes(t *testing.T) {
	tagger := ownPack(t, `
topics: {speed: {negative: [slow]}}
contexts: {lunch: {phrases: [lunch]}, night: {phrases: [night]}}
tags:
  - {name: slow, topic: speed, sentiment: negative}
  - {name: slow at lunch, topic: speed, sentiment: negative, contexts: [lunch]}
  - {name: slow at night, topic: speed, sentiment: negative, contexts: [night]}
`)
	for text, want := range map[string][]string{
		"slow": {"slow"}, "slow at lunch": {"slow at lunch"}, "slow at lunch and night": {"slow at lunch", "slow at night"}, "lunch": nil,
	} {
		var d sentiment.Doc
		var s State
		d.Scan(text)
		if got := tagger.Tag(&s, &d, Moment{}).Tags; !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A state that has read other texts before finds the same.
func TestStateLeavesNoTrace(t *testing.T) {
	tagger, err := Load("restaurant", nil)
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields("slow service not waiter rude the food was cold , . but waited 40 minutes lunch refund never again at and table great")
	var used State
	var usedDoc sentiment.Doc
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 30).Draw(t, "words"), " ")
		var fresh State
		var d sentiment.Doc
		d.Scan(text)
		usedDoc.Scan(text)
		want := fmt.Sprintf("%+v", tagger.Tag(&fresh, &d, Moment{}))
		if got := fmt.Sprintf("%+v", tagger.Tag(&used, &usedDoc, Moment{})); got != want {
			t.Fatalf("%q: %s, fresh %s", text, got, want)
		}
	})
}

func BenchmarkTag(b *testing.B) {
	many := map[string]string{"one pack": ""}
	var y strings.Builder
	y.WriteString("topics:\n")
	for i := range 50_000 {
		fmt.Fprintf(&y, "  t%d: {phrases: [w%d x * y%d, z%d the w]}\n", i, i, i, i)
	}
	many["and 100,000 phrases"] = y.String()
	for name, more := range many {
		b.Run(name, func(b *testing.B) {
			tagger := ownPack(b, "extends: restaurant\n"+more)
			var d sentiment.Doc
			var s State
			d.Scan(review)
			b.ReportAllocs()
			for b.Loop() {
				tagger.Tag(&s, &d, Moment{})
			}
		})
	}
}
