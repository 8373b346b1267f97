package sentiment

import (
	"unicode"
	"unicode/utf8"

	"earshot/sentiment/dictionary"
)

// ScanTokens reads the tokens of text alone, without figures, words and clauses:
// half the cost of Scan.
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
	d.readBytes()
	d.Tokens, d.plain = d.Tokens[:0], d.plain[:0]
	at, brk := 0, NoBreak
	for n := 0; n < len(d.edges); n += 2 {
		start, end := int(d.edges[n]), int(d.edges[n+1])
		if start < at {
			continue // within a word that begins before
		}
		if start != at+1 || d.Text[at] != ' ' {
			if at, brk = d.scanGap(at, start, brk); at > start {
				continue
			}
		}
		for n+2 < len(d.edges) && d.Text[end] == '\'' && int(d.edges[n+2]) == end+1 {
			n += 2
			end = int(d.edges[n+1])
		}
		at, brk = d.scanToken(start, end, brk), NoBreak
	}
	d.scanGap(at, len(d.Text), brk)
}

// scanGap reads what is no letter or digit of ASCII from byte i on, but to is one or the
// text's end. It returns where it stopped, behind to if a word or an entity goes on there, and
// the strongest break since the last token.
func (d *Doc) scanGap(i, to int, brk Break) (int, Break) {
	for i < to {
		r, size := rune(d.Text[i]), 1
		if r == ' ' {
			i++
			continue
		}
		if r >= utf8.RuneSelf {
			if r, size = utf8.DecodeRuneInString(d.Text[i:]); isTokenRune(r) {
				i, brk = d.scanToken(i, i, brk), NoBreak
				continue
			}
		}
		if r == '&' {
			if decoded, n := entity(d.Text, i); n > 0 {
				r, size = decoded, n
			}
		}
		brk = max(brk, breakOf(d.Text, i, r, size))
		i += size
	}
	return i, brk
}

// scanToken appends the token that starts at i and returns where it ends; that is at end if
// it is a word of ASCII alone.
func (d *Doc) scanToken(i, end int, brk Break) int {
	if !d.scanCached(i, end, brk) {
		end = d.scanLetters(i, brk)
	}
	if i > 0 && d.Text[i-1] == '#' {
		d.partHashtag()
	}
	return end
}

// scanLetters is scanToken for words that are not in the cache.
func (d *Doc) scanLetters(i int, brk Break) int {
	tok := Token{Start: i, Break: brk, lo: uint32(len(d.low))}
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
	tok.End, tok.hi, tok.capitals = i, uint32(len(low)), seen&(capital|small) == capital
	d.finish(&tok, hash, seen)
	return i
}

// finish appends a token whose lower-case letters end d.low.
func (d *Doc) finish(tok *Token, hash uint32, seen uint16) {
	if form := d.low[tok.lo:]; len(form) > 2 && form[len(form)-1] == 's' && form[len(form)-2] == '\'' {
		tok.hi -= 2
		hash = dictionary.Hash(d.low[tok.lo:tok.hi])
	}
	short := seen&repeats != 0 && elongated(d.low[tok.lo:tok.hi]) && d.shorten(tok)
	form := d.low[tok.lo:tok.hi]
	if short {
		hash = dictionary.Hash(form)
	}
	tok.wordFacts = d.known.facts(d.known.numbers.ID(hash, form))
	tok.hash = hash
	plain := len(form) == tok.End-tok.Start && seen&rare == 0 && (tok.word != 0 || seen&apostrophe == 0)
	if !short && seen&rare == 0 {
		d.remember(tok, plain)
	}
	d.Tokens = append(d.Tokens, *tok)
	if plain {
		d.plain = append(d.plain, tok.entry.At(tok.Start, tok.End, tok.capitals))
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
