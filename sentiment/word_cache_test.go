package sentiment

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestCachedWordsAreThoseReadByLetter holds every token of a Doc that has read much before
// against the same place of the text read letter by letter.
func TestCachedWordsAreThoseReadByLetter(t *testing.T) {
	word := rapid.OneOf(
		rapid.SampledFrom([]string{"good", "GOOD", "Good", "goood", "goooood", "zzzz", "it's", "IT’S", "b4", "B4", "3.5", "3", "1,000", "#good", "#worstservice", "don't",
			"waiter's", "rock'n'roll", "goood's", "internationalise", "extraordinaryly", "x&amp;y", "é", "café", "K"}),
		rapid.StringMatching(`[a-zA-Z0-9'.,&#]{1,18}`), rapid.String())
	part := rapid.SampledFrom([]string{"", " ", " ", ".", ",", "'", "’", "&", "\n", "\u0301", "-"})
	var d, byLetter Doc
	for range 2 { // the second one makes the cache
		d.Scan("")
		byLetter.Scan("")
	}
	noter := d.Noter(&byLetter)
	rapid.Check(t, func(t *rapid.T) {
		var text string
		for range rapid.IntRange(0, 12).Draw(t, "words") {
			text += word.Draw(t, "word") + part.Draw(t, "between")
		}
		d.Scan(text)
		byLetter.Text = text
		for i, got := range d.Tokens {
			if got.Hashtag {
				continue
			}
			byLetter.Tokens, byLetter.low, byLetter.plain = byLetter.Tokens[:0], byLetter.low[:0], byLetter.plain[:0]
			byLetter.scanLetters(got.Start, got.Break)
			want := byLetter.Tokens[0]
			same := bytes.Equal(d.Lower(i), byLetter.Lower(0))
			want.lo, want.hi, want.OpensClause, want.notes = got.lo, got.hi, got.OpensClause, got.notes
			if !same || got != want {
				t.Fatalf("%q: %+v, want %+v", text, got, want)
			}
			if known := len(byLetter.plain) > 0; known && !slices.Contains(d.plain, byLetter.plain[0]) {
				t.Fatalf("%q: VADER reads %+v anew", text, got)
			}
			note := int32(d.Hash(i)) // it follows from the lower-case form
			if left := got.Note(noter); left != 0 && left != note {
				t.Fatalf("%q: %q has the note %d of another word", text, d.Lower(i), left)
			}
			d.Note(i, noter, note)
		}
	})
}

// TestNotesStayWithWords: the next text brings them along, for each noter his own.
func TestNotesStayWithWords(t *testing.T) {
	var d Doc
	first, second := d.Noter(t), d.Noter(&d)
	if first == second || d.Noter(t) != first || d.Noter(new(Doc)) != -1 {
		t.Fatalf("noters %d and %d of two; a third is %d", first, second, d.Noter(new(Doc)))
	}
	d.Scan("")
	d.Scan("slow soup")
	d.Note(0, first, 7)
	d.Note(1, second, 8)
	d.Scan("Soup, SLOW soups")
	for i, want := range [][noters]int32{{0, 8}, {7, 0}, {}} {
		if got := [noters]int32{d.Tokens[i].Note(first), d.Tokens[i].Note(second)}; got != want {
			t.Errorf("%q: notes %d, want %d", d.Lower(i), got, want)
		}
	}
}
