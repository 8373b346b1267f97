package sentiment

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"earshot/sentiment/vader"
)

// Words that the scanner has read come to the same figures as those that VADER reads
// itself, in the whole text and in each clause.
func TestFiguresAreThoseOfVader(t *testing.T) {
	word := rapid.OneOf(
		rapid.SampledFrom([]string{"good", "GOOD", "Great", "so", "not", "don't", "DON'T", "xyzn't", "ain’t", "cook's", "goooood", "no", "Ok", "3.5", "1,000",
			"#worstservice", "@good", "é", "É", "GUTE", "😀", "👍🏽", ":)", "\"smart\"", "(bad", "bad)", "...good", "n't", "&amp;", "don&#39;t", "but", "kind", "of"}),
		rapid.StringMatching(`[a-zA-Z'.!]{1,8}`),
		rapid.String())
	part := rapid.SampledFrom([]string{"", " ", " ", " ", "!", ", ", "\n", ". ", "-", "\u00a0", "\u0085", "\x1c"})
	var d Doc
	rapid.Check(t, func(t *rapid.T) {
		var text string
		for range rapid.IntRange(0, 20).Draw(t, "words") {
			text += word.Draw(t, "word") + part.Draw(t, "between")
		}
		d.Scan(text)
		var s vader.Scorer
		if want := s.Score(text); d.Figures() != want {
			t.Fatalf("%q: %+v, want %+v", text, d.Figures(), want)
		}
		if want := s.Words(nil); !slices.Equal(d.Words(), want) {
			t.Fatalf("%q: words %+v, want %+v", text, d.Words(), want)
		}
		for _, c := range d.Clauses {
			if got, want := d.ClauseFigures(c), s.Score(text[c.Start:c.End]); got != want {
				t.Fatalf("%q, clause %q: %+v, want %+v", text, text[c.Start:c.End], got, want)
			}
		}
	})
}
