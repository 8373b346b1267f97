package sentiment

import (
	"strings"
	"testing"

	"earshot/sentiment/dictionary"
	"earshot/sentiment/vader"
)

// texts are what people write, and what breaks parsers.
var texts = []string{
	"", " ", "service was painfully slow at lunch time", "The food is not very good, but the staff were GREAT!!!",
	"never so good", "without doubt the best", "no good", "kind of bad", "VERY good and very BAD??? ok?", "0", "I'LL NEVER COME BACK",
	"Good morning 😀😀 sad😞day ⬇ 💕daddy💕", "a`b ^good^ <3 :) :-( n't", "naïve CAFÉ good’s İstanbul ǅ", "don’t like it", "\xff\xfegood\xc3(",
	"slow,cold and (bad) - \"awful\"", "however yet but although good", "the\u00a0good\u2028bad\u200dugly", "$50 + 3.5€ = great|bad",
	"uh-uh nope good, isn't it not bad", "no or nor good", strings.Repeat("good but ", 60), strings.Repeat("😀", 300), strings.Repeat("not bad ", 50),
}

func TestClauseFigures(t *testing.T) {
	for text, want := range map[string]Label{
		"not very good":         Negative,
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

// TestSelectorsAreNoWords: what makes ❤ an emoji and 5 a key is no letter.
func TestSelectorsAreNoWords(t *testing.T) {
	for text, want := range map[string]int{"❤️": 0, "☹️ ⚠️": 0, "5️⃣": 1, "❤️ cafe\u0301": 1} {
		var d Doc
		if d.Scan(text); len(d.Tokens) != want {
			t.Errorf("%q has %d words, want %d: %+v", text, len(d.Tokens), want, d.Tokens)
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	var d Doc
	f.Fuzz(func(t *testing.T, text string) {
		d.Scan(text)
		if c := d.Figures().Compound; !(c >= -1 && c <= 1) {
			t.Errorf("compound %v", c)
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
		if got, want := d.Hash(i), dictionary.Hash(d.Lower(i)); got != want {
			t.Fatalf("the hash of %q in %q is %x, want %x", d.Lower(i), d.Text, got, want)
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
			vader.ByVaderGo(text)
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
