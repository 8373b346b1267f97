package sentiment

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Rows of votes and words looked at letter by letter come to the same votes.
func TestRowsSayWhatWordsSay(t *testing.T) {
	known := vocabularyOf()
	slow := *known
	slow.words = make([]wordInfo, len(known.words))
	for id, info := range known.words {
		info.row = noRow
		slow.words[id] = info
	}
	word := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) string {
			return known.numbers.Word(rapid.IntRange(1, known.numbers.Len()-1).Draw(t, "word"))
		}),
		rapid.SampledFrom([]string{"the", "was", "was", "les", "https", "@le", "#gut", "soooo", "vaporiser", "l'arbre", "żółw", "мир", "42"}),
		rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(word, 0, 40).Draw(t, "words"), " ")
		tags := rapid.Bool().Draw(t, "tags")
		var d Doc
		d.ScanTokens(text)
		var fast, one votes
		sure := fast.read(&d, tags)
		d.known = &slow
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
