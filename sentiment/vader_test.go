package sentiment

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/grassmudhorses/vader-go/lexicon"
	"github.com/grassmudhorses/vader-go/sentitext"
	"pgregory.net/rapid"
)

// texts are what people write, and what breaks parsers.
var texts = []string{
	"", " ", "service was painfully slow at lunch time", "The food is not very good, but the staff were GREAT!!!",
	"never so good", "without doubt the best", "no good", "kind of bad", "VERY good and very BAD??? ok?", "0", "I'LL NEVER COME BACK",
	"Good morning 😀😀 sad😞day ⬇ 💕daddy💕", "a`b ^good^ <3 :) :-( n't", "naïve CAFÉ good’s İstanbul ǅ", "don’t like it", "\xff\xfegood\xc3(",
	"slow,cold and (bad) - \"awful\"", "however yet but although good", "the\u00a0good\u2028bad\u200dugly", "$50 + 3.5€ = great|bad",
	"uh-uh nope good, isn't it not bad", "no or nor good", strings.Repeat("good but ", 60), strings.Repeat("😀", 300), strings.Repeat("not bad ", 50),
}

func vaderGo(text string) Figures {
	s := sentitext.PolarityScore(sentitext.Parse(text, lexicon.DefaultLexicon))
	return Figures{Compound: s.Compound, Pos: s.Positive, Neu: s.Neutral, Neg: s.Negative}
}

func TestFiguresEqualVaderGo(t *testing.T) {
	var d Doc
	for _, text := range texts {
		d.Scan(text)
		if got, want := d.Figures(), vaderGo(text); got != want {
			t.Errorf("Figures(%q) = %+v, vader-go says %+v", text, got, want)
		}
	}
}

func TestFiguresEqualVaderGoOnDrawnTexts(t *testing.T) {
	parts := []string{"good", "bad", "not", "never", "so", "no", "nor", "but", "yet", "VERY", "very", "GREAT", "kind", "of", "slow", "isn't",
		"without", "doubt", "😀", "⬇", "!", "?", ",", "hate", "love", "É", "^", "ugh", "the", "barely", "(worst)"}
	seps := []string{" ", "  ", "", "\n", "\u00a0", "-"}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			b.WriteString(rapid.SampledFrom(parts).Draw(t, "word"))
			b.WriteString(rapid.SampledFrom(seps).Draw(t, "sep"))
		}
		var d Doc
		d.Scan(b.String())
		if got, want := d.Figures(), vaderGo(b.String()); got != want {
			t.Fatalf("Figures(%q) = %+v, vader-go says %+v", b.String(), got, want)
		}
	})
}

// A word's booster, contrast and negation are looked up as written by vader-go
// and by lower-case form here: that is the same only while the tables hold no capitals.
func TestLexiconHasNoCapitals(t *testing.T) {
	check := func(w string) {
		if w != strings.ToLower(w) {
			t.Errorf("lexicon word %q has capitals", w)
		}
	}
	for w := range lexicon.Boosters {
		check(w)
	}
	for w := range lexicon.Contrasts {
		check(w)
	}
	for w := range lexicon.NegateList {
		check(w)
	}
}

func TestManyContrastsStayFinite(t *testing.T) {
	var d Doc
	d.Scan(strings.Repeat("good but bad ", 5000))
	f := d.Figures()
	if sum := f.Pos + f.Neu + f.Neg; math.IsNaN(sum) || math.Abs(sum-1) > 1e-9 || math.Abs(f.Compound) > 1 {
		t.Errorf("figures out of range: %+v", f)
	}
}

func TestClauseFigures(t *testing.T) {
	for text, want := range map[string]Label{
		"not very good":         Negative, // vader-go turns this twice
		"the food was good":     Positive,
		"not bad":               Positive,
		"no problem":            Positive,
		"it was a table":        Neutral,
		"never so good":         Positive,
		"we were not impressed": Negative,
	} {
		var d Doc
		d.Scan(text)
		if got := LabelOf(d.ClauseFigures(d.Clauses[0]).Compound); got != want {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
	}
}

// Time per byte must not grow with the text: 16 times the text may take 100 times
// as long on a busy machine; square time would be 256.
func TestScanIsLinear(t *testing.T) {
	for name, unit := range map[string]string{
		"opinion words": "good ", "negations": "not good ", "contrasts": "but good ", "emoji": "😀", "emoji and letters": "😀a",
		"one long word": "a", "punctuation": ",.", "commas": "good,", "capitals": "GOOD bad ", "apostrophes": "n't'", "clauses": "good. ",
	} {
		t.Run(name, func(t *testing.T) {
			var small, large time.Duration
			for range 4 { // one quiet moment is enough
				small = scanTime(strings.Repeat(unit, 4<<10/len(unit)))
				large = scanTime(strings.Repeat(unit, 64<<10/len(unit)))
				if large <= 100*small {
					return
				}
			}
			t.Errorf("4 KiB take %v, 64 KiB %v", small, large)
		})
	}
}

func scanTime(text string) time.Duration {
	best := time.Hour
	var d Doc
	for range 5 {
		start := time.Now()
		d.Scan(text)
		d.Figures()
		for _, c := range d.Clauses {
			d.ClauseFigures(c)
		}
		d.Language()
		best = min(best, time.Since(start))
	}
	return best
}

func FuzzScan(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	var d Doc
	f.Fuzz(func(t *testing.T, text string) {
		d.Scan(text)
		fig := d.Figures()
		if strings.Count(text, "t") < maxContrasts { // each contrast word has a t
			if want := vaderGo(text); fig != want && !math.IsNaN(want.Compound) {
				t.Errorf("Figures = %+v, vader-go says %+v", fig, want)
			}
		}
		checkOffsets(t, &d)
		d.Language()
	})
}

func checkOffsets(t *testing.T, d *Doc) {
	t.Helper()
	end := 0
	for i, tok := range d.Tokens {
		if tok.Start < end || tok.End <= tok.Start || tok.End > len(d.Text) || len(d.Lower(i)) == 0 {
			t.Fatalf("token %d is %+v after offset %d in %q", i, tok, end, d.Text)
		}
		end = tok.End
	}
	token, offset := 0, 0
	for _, c := range d.Clauses {
		first, last := c.Tokens()
		if first != token || last <= first || c.Start != offset || c.End <= c.Start {
			t.Fatalf("clauses %+v of %q leave a hole or overlap", d.Clauses, d.Text)
		}
		token, offset = last, c.End
		d.ClauseFigures(c)
	}
	if token != len(d.Tokens) {
		t.Fatalf("clauses of %q cover %d of %d tokens", d.Text, token, len(d.Tokens))
	}
}

func BenchmarkScan(b *testing.B) {
	const text = "We waited 40 minutes for our table and the service was painfully slow, but the food was really good! Sadly the bill was wrong again, I won't be back."
	b.Run("earshot", func(b *testing.B) {
		b.ReportAllocs()
		var d Doc
		for b.Loop() {
			d.Scan(text)
			d.Figures()
		}
	})
	b.Run("vader-go", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			vaderGo(text)
		}
	})
	b.Run("language", func(b *testing.B) {
		b.ReportAllocs()
		var d Doc
		d.Scan(text)
		for b.Loop() {
			d.Language()
		}
	})
}
