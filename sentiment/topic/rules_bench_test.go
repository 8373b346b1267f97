package topic

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"earshot/sentiment"
	"earshot/sentiment/dictionary"
)

// ruleTexts are read by packs of any size.
var ruleTexts = []string{
	review,
	"The room was clean and the staff at the front desk were very helpful, but breakfast was cold and we had to wait 20 minutes for coffee.",
	"I called three times about my bill and nobody called back. Now I was charged a late fee, please refund it, or I will cancel my contract.",
	"Great value, quick delivery and it works as described! The app crashes now and then after the update, though.",
}

// generatedPack has n topics of two phrases each. Like those of people they are made
// of words that texts hold and of words that they hardly do.
func generatedPack(n int) string {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	common := strings.Fields("the a was were very not wait waited slow cold staff room bill app food minutes late refund cancel contract breakfast coffee delivery charged")
	var y strings.Builder
	y.WriteString("topics:\n")
	for i := range n {
		word := func() string { return common[rng.IntN(len(common))] }
		fmt.Fprintf(&y, "  t%d: {phrases: [%s item%d, part%d * %s], negative: [%s broken%d]}\n", i, word(), i, i, word(), word(), i)
	}
	return y.String()
}

func tagAll(t *Tagger, s *State, docs []sentiment.Doc) {
	for i := range docs {
		t.Tag(s, &docs[i], Moment{})
	}
}

func scanned(texts []string) []sentiment.Doc {
	docs := make([]sentiment.Doc, len(texts))
	for i, text := range texts {
		docs[i].Scan(text)
	}
	return docs
}

// BenchmarkRules: the time of 30,000 rules beside that of 300, and of loading 50,000.
func BenchmarkRules(b *testing.B) {
	docs := scanned(ruleTexts)
	for _, n := range []int{300, 30_000} {
		b.Run(fmt.Sprintf("tag/%d", n), func(b *testing.B) {
			tagger := ownPack(b, generatedPack(n))
			var s State
			b.ReportAllocs()
			for b.Loop() {
				tagAll(tagger, &s, docs)
			}
		})
	}
	b.Run("load/50000", func(b *testing.B) {
		pack := generatedPack(50_000)
		for b.Loop() {
			ownPack(b, pack)
		}
	})
}

// TestRulesCostNoSteps counts the symbols of a text's words and the phrases that may
// start there: hardly more with a hundred times the rules. What grows is the search
// among the words that may follow a common one, with the logarithm of their number;
// BenchmarkRules shows its time.
func TestRulesCostNoSteps(t *testing.T) {
	docs := scanned(ruleTexts)
	steps := func(n int) (sum int) {
		tagger := ownPack(t, generatedPack(n))
		for i := range docs {
			for j := range docs[i].Tokens {
				c := &tagger.classes[tagger.classOf(&docs[i], j).place()]
				sum += 1 + int(c.symbols+c.ends+c.steps)
			}
		}
		return sum
	}
	few, many := steps(300), steps(30_000)
	if few == 0 || float64(many) > 1.3*float64(few) {
		t.Errorf("%d steps with 300 rules, %d with 30,000", few, many)
	}
}

// The classes of words known beforehand are those that their letters lead to.
func TestKnownWordsHaveTheirClass(t *testing.T) {
	tagger, err := Load("restaurant", nil)
	if err != nil {
		t.Fatal(err)
	}
	words := sentiment.Vocabulary()
	found := 0
	for id := 1; id < words.Len(); id++ {
		word := []byte(words.Word(id))
		if got, want := tagger.numbers[id], tagger.words.class(dictionary.Hash(word), word); got != want {
			t.Fatalf("%q is of class %d, by its letters %d", words.Word(id), got, want)
		}
		c := &tagger.classes[tagger.numbers[id].place()]
		if !slices.IsSorted(tagger.symbolsOf(c)) {
			t.Fatalf("%q: symbols %v", words.Word(id), tagger.symbolsOf(c))
		}
		found += int(c.symbols)
	}
	if found == 0 {
		t.Error("no word of the vocabulary is of use to the pack")
	}
}
