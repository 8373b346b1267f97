package model

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"earshot/sentiment"
)

// sameTokens holds the words that come from a scanner against those read from the text.
func sameTokens(t interface{ Fatalf(string, ...any) }, d *sentiment.Doc, text string) {
	d.Scan(text)
	var got, want tokens
	got.scanDoc(d)
	want.scan(text)
	if len(got.list) != len(want.list) {
		t.Fatalf("%q: %d tokens, want %d", text, len(got.list), len(want.list))
	}
	for i := range want.list {
		g, w := got.list[i], want.list[i]
		if g.hash != w.hash || g.kind != w.kind || !bytes.Equal(got.bytes(i), want.bytes(i)) {
			t.Fatalf("%q, token %d: %q of kind %d, want %q of kind %d", text, i, got.bytes(i), g.kind, want.bytes(i), w.kind)
		}
	}
}

func TestTokensOfTheScanner(t *testing.T) {
	word := rapid.OneOf(
		rapid.SampledFrom([]string{"good", "GOOD", "does n't", "don't", "a`b", "x’s", "’tis", "goooood", "soOo", "NO", "WOW", "4you", "b4", "3.5", "#good", "#worstservice",
			"@user_1", "http://t.co/aB1", "www.x.de", "www", "http", "é", "aé", "É", "❤️", "ok️", "x&amp;y", "a&b;", "&lt;3", ":)", "<3", "n't", "İ", "K"}),
		rapid.StringMatching(`[a-zA-Z0-9'`+"`"+`.!#@&;]{1,20}`),
		rapid.String())
	part := rapid.SampledFrom([]string{"", " ", " ", " ", "!", ", ", "\n", "'", "-", "\u00a0", "\ufe0f", "\u0301"})
	var d sentiment.Doc // its cache goes from text to text
	rapid.Check(t, func(t *rapid.T) {
		var text string
		for range rapid.IntRange(0, 20).Draw(t, "words") {
			text += word.Draw(t, "word") + part.Draw(t, "between")
		}
		sameTokens(t, &d, text)
	})
}

func FuzzTokens(f *testing.F) {
	f.Add("does n't AIN’T a`b #goodfood 4you goood WOW! &amp; http://x.y")
	var d sentiment.Doc
	f.Fuzz(func(t *testing.T, text string) { sameTokens(t, &d, text) })
}
