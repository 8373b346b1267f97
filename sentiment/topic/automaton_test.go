package topic

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"earshot/sentiment"
)

// naive finds a variant's words from token next on, one way after the other.
func naive(d *sentiment.Doc, opens []bool, v []element, first, next int, mask uint64, found func(span)) {
	if len(v) == 0 {
		found(span{first, next, mask})
		return
	}
	joined := func(i int) bool { return i < len(d.Tokens) && d.Tokens[i].Break == sentiment.NoBreak }
	word := func(e element, i int) {
		if satisfies(e, string(d.Lower(i))) {
			naive(d, opens, v[1:], first, i+1, mask|1<<(i-first), found)
		}
	}
	if e := v[0]; e.words != nil {
		if next == first || joined(next) {
			word(e, next)
		}
		return
	}
	gap := v[0].gap
	v = v[1:]
	for i := next; i <= next+gap && joined(i) && !opens[i]; i++ {
		word(v[0], i)
	}
}

func satisfies(e element, word string) bool {
	return slices.ContainsFunc(e.words, func(w string) bool {
		stem, isStem := strings.CutSuffix(w, "*")
		return w == word || isStem && strings.HasPrefix(word, stem)
	})
}

// The automaton finds what trying each phrase at each word finds.
func TestAutomatonFindsWhatNaiveSearchFinds(t *testing.T) {
	words := strings.Fields("slow very wait waited waiter not the food zq zqx")
	place := rapid.SampledFrom(append(words, "wait*", "zq*", "slow|food", "very?", "the|not?", "wait*|zq", "*2", "*"))
	rapid.Check(t, func(t *rapid.T) {
		b := NewMatcherBuilder()
		var phrases [][][]element
		for _, p := range rapid.SliceOfN(rapid.SliceOfN(place, 1, 5), 1, 30).Draw(t, "phrases") {
			text := strings.Join(p, " ")
			if variants, err := parsePhrase(text, nil); err == nil {
				if _, err := b.Add(text, nil); err != nil {
					t.Fatal(err)
				}
				phrases = append(phrases, variants)
			}
		}
		var d sentiment.Doc
		d.Scan(strings.Join(rapid.SliceOfN(rapid.SampledFrom(append(words, ",", ".", "but", "great")), 0, 25).Draw(t, "text"), " "))
		opens := make([]bool, len(d.Tokens))
		for _, c := range d.Clauses {
			first, _ := c.Tokens()
			opens[first] = true
		}
		var want, got []string
		for id, variants := range phrases {
			for _, v := range variants {
				for i := range d.Tokens {
					naive(&d, opens, v, i, i, 0, func(h span) { want = append(want, fmt.Sprint(id, h.first, h.end, h.mask)) })
				}
			}
		}
		first := 0
		for _, m := range b.Matcher().Find(new(MatchState), &d) {
			if m.First < first {
				t.Fatalf("%q: a match at %d behind one at %d", d.Text, m.First, first)
			}
			first = m.First
			got = append(got, fmt.Sprint(m.Phrase, m.First, m.End, m.mask))
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: found %q, want %q", d.Text, got, want)
		}
	})
}

// Hits come as a search from the first word on meets them: ends before what goes on,
// words before gaps, and of equal gaps the one that ends first.
func TestHitsInOrderOfPlace(t *testing.T) {
	for _, c := range []struct {
		phrases []string
		want    []int
	}{
		{[]string{"wait * food", "wait * slow", "wait"}, []int{2, 1, 0}},
		{[]string{"wait *5 food", "wait *2 slow", "wait very"}, []int{2, 0, 1}},
		{[]string{"very", "wait", "food"}, []int{1, 0, 2}},
		{[]string{"wait * slow", "wait|zq * slow", "wait * slow * food"}, []int{0, 2, 1}},
	} {
		b := NewMatcherBuilder()
		for _, p := range c.phrases {
			if _, err := b.Add(p, nil); err != nil {
				t.Fatal(err)
			}
		}
		var d sentiment.Doc
		d.Scan("wait very slow the food")
		var got []int
		for _, m := range b.Matcher().Find(new(MatchState), &d) {
			got = append(got, m.Phrase)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: %d, want %d", c.phrases, got, c.want)
		}
	}
}

// A clause that is the whole text has the figures of the whole text.
func TestOnlyClauseScoresAsTheText(t *testing.T) {
	for _, text := range []string{review, "slow service!!", "  (slow) service :( ", "The food was GREAT", "slow"} {
		var d sentiment.Doc
		d.Scan(text)
		if len(d.Clauses) == 1 && d.ClauseFigures(d.Clauses[0]) != d.Figures() {
			t.Errorf("%q: %+v, as a clause %+v", text, d.Figures(), d.ClauseFigures(d.Clauses[0]))
		}
	}
}
