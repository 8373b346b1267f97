package sentiment

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Rows of votes and words looked at letter by letter come to the same votes.
func TestRowsSayWhatWordsSay(t *testing.T) {
	known := vocabularyOf()
	word := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) string {
			return known.numbers.Word(rapid.IntRange(1, known.numbers.Len()-1).Draw(t, "word"))
		}),
		rapid.SampledFrom([]string{"the", "was", "was", "les", "https", "@le", "#gut", "soooo", "vaporiser", "rooming", "fiiine", "htttp", "x4ing", "l'arbre", "żółw", "мир", "42"}),
		rapid.StringMatching(`[a-z0-9]{1,18}`), rapid.String())
	var d Doc
	for range 2 { // the second one makes the cache, whose words have rows, too
		d.Scan("")
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(word, 0, 40).Draw(t, "words"), " ")
		tags := rapid.Bool().Draw(t, "tags")
		d.ScanTokens(text)
		var fast, one votes
		sure := fast.read(&d, tags)
		for i := range d.Tokens {
			d.Tokens[i].info.row = noRow
		}
		if one.read(&d, tags) != sure || fast != one {
			t.Fatalf("%q: by rows %+v, by words %+v", text, fast, one)
		}
	})
}

// Nearly all of the vocabulary has a row: the lists of languages grow into neither the
// lanes' width nor their height.
func TestVocabularyHasRows(t *testing.T) {
	known, without := vocabularyOf(), 0
	for id := 1; id < known.numbers.Len(); id++ {
		if word := known.numbers.Word(id); known.words[id].row == noRow && !isLink([]byte(word)) {
			without++
		}
	}
	if without > known.numbers.Len()/100 {
		t.Errorf("%d of %d words have no row", without, known.numbers.Len())
	}
}
