package sentiment

import (
	"slices"
	"unicode/utf8"
)

// Most words of a text were met before. A short one of ASCII letters and digits is read
// eight bytes at a time and found in a cache, by its letters, with all that the scanner
// makes of it; any other word is read letter by letter.

// cachedWords is the size of a Doc's cache, a power of two.
const (
	cachedWords = 1 << cachedBits
	cachedBits  = 13
)

// cachedWord is what is known of a word. It fills a line of the processor's cache.
type cachedWord struct {
	form    shortWord // zeros if nothing is here
	key     uint64    // as Token.key
	hash    uint32    // as Token.hash
	word    uint16    // as Token.word
	uses    uses
	letters uint8
	notes   [noters]int32
	_       [24]byte
}

// scanCached appends the token that starts at i, if it is in the cache, and returns where
// it ends; else 0.
func (d *Doc) scanCached(i int, brk Break) int {
	if d.cache == nil {
		return 0
	}
	form, size, capitals := shortWordAt(d.Text, i)
	end := i + size
	if size > maxShort || !d.endsWord(end) {
		return 0
	}
	c := &d.cache[form.place()]
	if c.form != form {
		return 0
	}
	lo := len(d.low)
	d.low = slices.Grow(d.low, maxShort+1)
	form.write(d.low[lo : lo+maxShort+1])
	d.low = d.low[:lo+size]
	n := len(d.Tokens)
	d.Tokens = slices.Grow(d.Tokens, 1)[:n+1]
	t := &d.Tokens[n] // filled in place: a copy would wait for the single fields
	t.Start, t.End, t.Break, t.Hashtag, t.OpensClause, t.capitals = i, end, brk, false, false, capitals > 0 && capitals == int(c.letters)
	t.uses, t.word, t.hash, t.lo, t.hi, t.key, t.notes = c.uses, c.word, c.hash, lo, lo+size, c.key, c.notes
	d.plain = append(d.plain, d.known.entries[c.word].At(i, end, t.capitals))
	return end
}

// endsWord says whether a word of letters and digits ends at i for sure.
func (d *Doc) endsWord(i int) bool {
	if i == len(d.Text) {
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

// remember puts a token into the cache, if it can be read from there.
func (d *Doc) remember(tok *Token) {
	form, size, _ := shortWordAt(d.Text, tok.Start)
	if d.cache == nil || size > maxShort || size != tok.End-tok.Start || size != tok.hi-tok.lo {
		return
	}
	letters := 0
	for _, c := range d.low[tok.lo:tok.hi] {
		if !isDigit(rune(c)) {
			letters++
		}
	}
	if letters == size {
		tok.key = keyOf(d.low[tok.lo:tok.hi])
	}
	d.cache[form.place()] = cachedWord{form: form, key: tok.key, hash: tok.hash, word: tok.word, uses: tok.uses, letters: uint8(letters)}
}
