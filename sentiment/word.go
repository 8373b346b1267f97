package sentiment

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/grassmudhorses/vader-go/lexicon"
	"github.com/grassmudhorses/vader-go/sentitext"
)

// vaderWord is a word as VADER sees it: a run between spaces, parted from its
// emoji and trimmed of punctuation.
type vaderWord struct {
	start, end int
}

// classes of a rune in vader-go's word splitting (its regular expressions Spaces
// and Emoji, and unicode.IsPunct for the trimming).
const (
	isGap   = 1 << iota // \p{Z} \p{C} \p{Sm} \p{Sc}
	isEmoji             // \p{So} \p{Sk}
	isPunct
)

var asciiClass = func() (t [utf8.RuneSelf]uint8) {
	for r := range t {
		t[r] = runeClass(rune(r))
	}
	return t
}()

func runeClass(r rune) (c uint8) {
	if unicode.In(r, unicode.Z, unicode.C, unicode.Sm, unicode.Sc) {
		c |= isGap
	}
	if unicode.In(r, unicode.So, unicode.Sk) {
		c |= isEmoji
	}
	if unicode.IsPunct(r) {
		c |= isPunct
	}
	return c
}

// lexEntry is all that vader-go's four tables say of a word.
type lexEntry struct {
	valence, boost     float64
	contrast, negation bool
}

// lexicon folds vader-go's tables into one, so that a word costs one look-up.
var lexiconTable = sync.OnceValue(func() map[string]lexEntry {
	table := make(map[string]lexEntry, len(lexicon.Sentiments)+256)
	edit := func(word string, f func(*lexEntry)) {
		e := table[word]
		f(&e)
		table[word] = e
	}
	for w, v := range lexicon.Sentiments {
		edit(w, func(e *lexEntry) { e.valence = v })
	}
	for w, v := range lexicon.Boosters {
		edit(w, func(e *lexEntry) { e.boost = v })
	}
	for w := range lexicon.Contrasts {
		edit(w, func(e *lexEntry) { e.contrast = true })
	}
	for w := range lexicon.NegateList {
		edit(w, func(e *lexEntry) { e.negation = true })
	}
	return table
})

func (d *Doc) scanWords() {
	d.words, d.senti = d.words[:0], d.senti[:0]
	low := d.Text
	plain := isASCII(d.Text)
	if plain {
		low = strings.ToLower(d.Text) // one allocation at the most, offsets stay
	}
	start, emoji := -1, false // of the run being read
	for i := 0; i < len(d.Text); {
		class, size := d.classAt(i)
		inEmoji := class&isEmoji != 0
		if start >= 0 && (class&isGap != 0 || inEmoji != emoji) {
			d.addWord(start, i, low, plain)
			start = -1
		}
		if start < 0 && class&isGap == 0 {
			start, emoji = i, inEmoji
		}
		i += size
	}
	if start >= 0 {
		d.addWord(start, len(d.Text), low, plain)
	}
	d.capDiff = capsDiffer(d.senti)
	d.scanValence()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (d *Doc) classAt(i int) (class uint8, size int) {
	if c := d.Text[i]; c < utf8.RuneSelf {
		return asciiClass[c], 1
	}
	r, size := utf8.DecodeRuneInString(d.Text[i:])
	return runeClass(r), size
}

// addWord appends the run text[start:end] without its outer punctuation.
func (d *Doc) addWord(start, end int, low string, plain bool) {
	for start < end {
		class, size := d.classAt(start)
		if class&isPunct == 0 {
			break
		}
		start += size
	}
	for start < end {
		r, size := utf8.DecodeLastRuneInString(d.Text[start:end])
		if !unicode.IsPunct(r) {
			break
		}
		end -= size
	}
	if start == end {
		return
	}
	d.words = append(d.words, vaderWord{start, end})
	d.senti = append(d.senti, newSentiWord(d.Text[start:end], low, start, end, plain))
}

func newSentiWord(word, low string, start, end int, plain bool) sentitext.SentiWord {
	w := sentitext.SentiWord{Word: word}
	if plain {
		w.Lower = low[start:end]
		w.IsCaps = !hasLowerASCII(word) && !hasEmoji(word)
	} else {
		w.Lower = strings.ToLower(word)
		w.IsCaps = strings.ToUpper(word) == word && !hasEmoji(word)
	}
	table := lexiconTable()
	e, ok := table[w.Lower]
	if !ok {
		return w
	}
	w.BaseSentiment = e.valence
	if w.Lower == word { // vader-go looks these three up as written
		w.BoostValue, w.IsContrast, w.IsNegation = e.boost, e.contrast, e.negation
	}
	return w
}

func hasLowerASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 'a' && s[i] <= 'z' {
			return true
		}
	}
	return false
}

func hasEmoji(s string) bool {
	for _, r := range s {
		if r < utf8.RuneSelf {
			if asciiClass[r]&isEmoji != 0 {
				return true
			}
		} else if unicode.In(r, unicode.So, unicode.Sk) {
			return true
		}
	}
	return false
}

// capsDiffer is vader-go's test for capitals as emphasis: some of the letters,
// not all, and more than 20 or a tenth of them.
func capsDiffer(words []sentitext.SentiWord) bool {
	total, caps := 0, 0
	for i := range words {
		w := &words[i]
		if len(w.Word) < 2 || hasEmoji(w.Word) {
			continue
		}
		total += len(w.Word)
		if w.IsCaps {
			caps += len(w.Word)
		}
	}
	if caps == 0 || caps == total {
		return false
	}
	return caps > 20 || float32(caps)*10 > float32(total)
}
