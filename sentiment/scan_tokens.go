package sentiment

import (
	"unicode"
	"unicode/utf8"

	"earshot/sentiment/dictionary"
)

// ScanTokens reads the tokens of text alone, without figures, words and clauses:
// a third of the cost of Scan.
func (d *Doc) ScanTokens(text string) {
	if cap(d.Tokens) > maxDoc {
		*d = Doc{}
	}
	d.Text, d.words, d.Clauses = text, d.words[:0], d.Clauses[:0]
	d.scanTokens()
}

func (d *Doc) scanTokens() {
	switch {
	case d.known == nil:
		d.known = vocabularyOf()
	case d.cache == nil: // it pays from the second text on; many a Doc reads but one word
		d.cache = make([]cachedWord, cachedWords)
	}
	d.Tokens, d.low, d.plain = d.Tokens[:0], d.low[:0], d.plain[:0]
	brk := NoBreak
	for i := 0; i < len(d.Text); {
		r, size := rune(d.Text[i]), 1
		switch {
		case r == ' ':
			i++
			continue
		case r >= utf8.RuneSelf:
			r, size = utf8.DecodeRuneInString(d.Text[i:])
		}
		if isTokenRune(r) {
			i = d.scanToken(i, brk)
			brk = NoBreak
			continue
		}
		if r == '&' {
			if decoded, n := entity(d.Text, i); n > 0 {
				r, size = decoded, n
			}
		}
		brk = max(brk, breakOf(d.Text, i, r, size))
		i += size
	}
}

// scanToken appends the token that starts at i and returns where it ends.
func (d *Doc) scanToken(i int, brk Break) (end int) {
	if end = d.scanCached(i, brk); end == 0 {
		end = d.scanLetters(i, brk)
	}
	if i > 0 && d.Text[i-1] == '#' {
		d.partHashtag()
	}
	return end
}

// scanLetters is scanToken for words that are not in the cache.
func (d *Doc) scanLetters(i int, brk Break) int {
	tok := Token{Start: i, Break: brk, lo: len(d.low)}
	hash, seen := dictionary.Start, uint16(0)
	var last, before byte
	low, text := d.low, d.Text
	for i < len(text) {
		class := ascii[text[i]]
		c := byte(class)
		if c == 0 {
			if text[i] == ' ' {
				break
			}
			d.low = low
			n := d.appendRare(i)
			if n == 0 {
				break
			}
			seen |= rareClass(text[i])
			for _, c := range d.low[len(low):] {
				hash = dictionary.Step(hash, c)
			}
			low = d.low
			i += n
			continue
		}
		low = append(low, c)
		hash = dictionary.Step(hash, c)
		if seen |= class; c == last && c == before {
			seen |= repeats
		}
		last, before = c, last
		i++
	}
	d.low = low
	tok.End, tok.hi, tok.capitals = i, len(low), seen&(capital|small) == capital
	d.finish(&tok, hash, seen)
	return i
}

// finish appends a token whose lower-case letters end d.low.
func (d *Doc) finish(tok *Token, hash uint32, seen uint16) {
	if form := d.low[tok.lo:]; len(form) > 2 && form[len(form)-1] == 's' && form[len(form)-2] == '\'' {
		tok.hi -= 2
		hash = dictionary.Hash(d.low[tok.lo:tok.hi])
	}
	if seen&repeats != 0 && elongated(d.low[tok.lo:tok.hi]) && d.shorten(tok) {
		hash = dictionary.Hash(d.low[tok.lo:tok.hi])
	}
	tok.word, tok.hash = uint16(d.known.numbers.ID(hash, d.low[tok.lo:tok.hi])), hash
	tok.uses = d.known.words[tok.word].uses
	d.remember(tok)
	d.Tokens = append(d.Tokens, *tok)
	if tok.hi-tok.lo == tok.End-tok.Start && seen&rare == 0 && (tok.word != 0 || seen&apostrophe == 0) {
		d.plain = append(d.plain, d.known.entries[tok.word].At(tok.Start, tok.End, tok.capitals))
	}
}

// appendRare appends what stands at i, no letter or digit of ASCII, to the word being
// read and returns its length; 0 if it is no part of a word.
func (d *Doc) appendRare(i int) int {
	if d.Text[i] == ' ' {
		return 0
	}
	r, size := utf8.DecodeRuneInString(d.Text[i:])
	if isTokenRune(r) {
		d.low = utf8.AppendRune(d.low, unicode.ToLower(r))
		return size
	}
	if r == '&' {
		if decoded, n := entity(d.Text, i); n > 0 {
			r, size = decoded, n
		}
	}
	if !joins(d.Text, i, r, size) {
		return 0
	}
	if r == '’' {
		r = '\''
	}
	d.low = utf8.AppendRune(d.low, r)
	return size
}

// What was seen in a token, as bits above those of a byte.
const (
	capital    = 0x100 << iota // of ASCII
	small                      // of ASCII
	apostrophe                 // of ASCII
	rare                       // a character beyond ASCII, or an entity
	repeats                    // perhaps three equal letters running
)

// rareClass is what appendRare's character adds to the classes seen in a token. A
// capital beyond ASCII may have an ASCII small letter, which repeats the one before.
func rareClass(c byte) uint16 {
	switch c {
	case '\'':
		return apostrophe | repeats
	case '.', ',':
		return repeats
	}
	return rare | repeats
}

// ascii maps letters and digits of ASCII to their lower case and class, all else to 0.
var ascii = func() (table [256]uint16) {
	for c := range utf8.RuneSelf {
		if !isTokenRune(rune(c)) {
			continue
		}
		table[c] = uint16(unicode.ToLower(rune(c)))
		switch {
		case unicode.IsUpper(rune(c)):
			table[c] |= capital
		case unicode.IsLower(rune(c)):
			table[c] |= small
		}
	}
	return table
}()
