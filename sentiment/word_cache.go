package sentiment

import (
	"slices"
	"unicode/utf8"

	"earshot/sentiment/vader"
)

// Most words of a text were met before. A short one of ASCII is found in a cache, by its
// letters, with all that the scanner makes of it; any other word is read letter by letter.

// cachedWords is the size of a Doc's cache, a power of two.
const (
	cachedWords = 1 << cachedBits
	cachedBits  = 14
)

// wordFacts are what follows from the lower-case form of a word.
type wordFacts struct {
	key   uint64 // see Key
	notes [noters]int32
	hash  uint32 // the dictionary's
	word  uint16 // its number in the vocabulary
	info  wordInfo
	entry vader.Entry
}

// cachedWord is what is known of a word. It fills a line of the processor's cache.
type cachedWord struct {
	form shortWord // with apostrophes and the possessive 's; zeros if nothing is here
	wordFacts
	length uint8 // of the lower-case form
	plain  bool  // VADER reads it alike
	_      [14]byte
}

// scanCached appends the token at [start,end), if it is in the cache.
func (d *Doc) scanCached(start, end int, brk Break) bool {
	if d.cache == nil || end-start > maxShort || !d.endsWord(end) {
		return false
	}
	form := shortWordOf(d.low[start:], end-start)
	c := &d.cache[form.place()]
	if c.form != form {
		return false
	}
	n := len(d.Tokens)
	d.Tokens = slices.Grow(d.Tokens, 1)[:n+1]
	t := &d.Tokens[n] // filled in place: a copy would wait for the single fields
	t.wordFacts = c.wordFacts
	t.Start, t.End, t.lo, t.hi = start, end, uint32(start), uint32(start)+uint32(c.length)
	t.Break, t.Hashtag, t.OpensClause, t.capitals = brk, false, false, inCapitals(d.Text[start:end])
	if c.plain {
		d.plain = append(d.plain, c.entry.At(start, end, t.capitals))
	}
	return true
}

// inCapitals says whether a word of ASCII has capitals and no small letters.
func inCapitals(word string) (found bool) {
	for i := range len(word) {
		switch c := word[i]; {
		case c >= 'a':
			return false
		case c >= 'A':
			found = true
		}
	}
	return found
}

// endsWord says whether a word of letters and digits ends at i for sure.
func (d *Doc) endsWord(i int) bool {
	if i == len(d.Text) || d.Text[i] == ' ' {
		return true
	}
	switch c := d.Text[i]; c {
	case '\'', '&':
		return false
	case '.', ',':
		return !isDigit(rune(d.Text[i-1]))
	default:
		return c < utf8.RuneSelf
	}
}

// remember puts a token into the cache if its lower-case form is what stands in the text,
// perhaps without the possessive 's.
func (d *Doc) remember(tok *Token, plain bool) {
	form, ok := d.formOf(tok)
	if !ok {
		return
	}
	low := d.low[tok.lo:tok.hi]
	if len(low) == tok.End-tok.Start && onlyLetters(low) {
		tok.key = keyOf(low)
	}
	if tok.word == 0 {
		tok.info = d.known.unlisted(low)
	}
	d.cache[form.place()] = cachedWord{form: form, wordFacts: tok.wordFacts, length: uint8(len(low)), plain: plain}
}

// formOf is what the cache knows a token by; ok is false if it is not for the cache.
func (d *Doc) formOf(tok *Token) (form shortWord, ok bool) {
	size := tok.End - tok.Start
	if d.cache == nil || size > maxShort {
		return form, false
	}
	var b [maxShort]byte
	for i, c := range []byte(d.Text[tok.Start:tok.End]) {
		b[i] = byte(ascii[c])
		if c == '\'' {
			b[i] = c
		}
		if b[i] == 0 {
			return form, false
		}
	}
	return shortWordOf(b[:], size), true
}

func onlyLetters(low []byte) bool {
	for _, c := range low {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}
