package sentiment

import (
	"html"
	"strings"
	"unicode/utf8"

	"earshot/sentiment/dictionary"
)

// maxEntity is the length of the longest HTML entity that is decoded, in bytes.
const maxEntity = 10

// entity decodes the HTML entity at text[i], which is an ampersand; size is 0 if
// none stands there.
func entity(text string, i int) (r rune, size int) {
	window := text[i:min(len(text), i+maxEntity)]
	end := strings.IndexByte(window, ';')
	if end < 3 {
		return 0, 0
	}
	decoded := html.UnescapeString(window[:end+1])
	r, n := utf8.DecodeRuneInString(decoded)
	if n != len(decoded) || r == utf8.RuneError {
		return 0, 0
	}
	return r, end + 1
}

// readable says whether the scanner may read a word into a text that does not hold
// it in so many letters.
func (v *vocabulary) readable(word []byte) bool { return v.words[v.id(word)].uses&readable != 0 }

// shorten takes the repeats out of the token at the end of d.low: "sloooow" is slow
// and "goooood" good. A run keeps two letters where that makes a word, else one.
func (d *Doc) shorten(tok *Token) (done bool) {
	form := d.low[tok.lo:tok.hi]
	for _, keep := range []int{2, 1} {
		var short [32]byte
		n := 0
		for i := 0; i < len(form); {
			run := i + 1
			for run < len(form) && form[run] == form[i] {
				run++
			}
			length := run - i
			if length > 2 {
				length = keep
			}
			if n+length > len(short) {
				return false
			}
			n += copy(short[n:], form[i:i+length])
			i = run
		}
		if d.known.readable(short[:n]) {
			tok.hi = tok.lo + uint32(copy(form, short[:n]))
			d.low = d.low[:tok.hi]
			return true
		}
	}
	return false
}

// elongated says whether a form of ASCII letters holds one of them three times
// running, and others too.
func elongated(form []byte) bool {
	long, same := false, true
	for i := 1; i < len(form); i++ {
		same = same && form[i] == form[0]
		long = long || i > 1 && form[i] == form[i-1] && form[i] == form[i-2] && form[i] >= 'a' && form[i] <= 'z'
	}
	return long && !same
}

// maxHashtag is the longest hashtag that is parted into words, in bytes.
const maxHashtag = 32

// partHashtag replaces the token at the end of d.Tokens by the words that a hashtag
// is made of, if all of it is known words: #worstservice. It takes the longest word
// that leaves a rest of words.
func (d *Doc) partHashtag() {
	tok := d.Tokens[len(d.Tokens)-1]
	form := d.low[tok.lo:tok.hi]
	if len(form) > maxHashtag || tok.End-tok.Start != len(form) || d.known.words[tok.word].uses&readable != 0 {
		return
	}
	var ends, words [maxHashtag + 1]int // by where a word starts: where the longest ends (0: no way on), its number
	for i := len(form) - 2; i >= 0; i-- {
		hash := dictionary.Step(dictionary.Start, form[i])
		for end := i + 2; end <= len(form); end++ {
			hash = dictionary.Step(hash, form[end-1])
			if end < len(form) && ends[end] == 0 {
				continue
			}
			if id := d.known.numbers.ID(hash, form[i:end]); d.known.words[id].uses&readable != 0 {
				ends[i], words[i] = end, id
			}
		}
	}
	if ends[0] == 0 {
		return
	}
	d.Tokens = d.Tokens[:len(d.Tokens)-1]
	brk := tok.Break
	for i := 0; i < len(form); i = ends[i] {
		facts := d.known.facts(words[i])
		facts.hash = dictionary.Hash(form[i:ends[i]])
		d.Tokens = append(d.Tokens, Token{Start: tok.Start + i, End: tok.Start + ends[i], Break: brk, Hashtag: true,
			lo: tok.lo + uint32(i), hi: tok.lo + uint32(ends[i]), wordFacts: facts})
		brk = NoBreak
	}
}
