package vader

import (
	"slices"
	"sort"
	"unicode"
	"unicode/utf8"

	"earshot/sentiment/dictionary"
)

// Token is one white-space separated word, stripped of punctuation unless that
// leaves two characters or fewer (then it may be an emoticon).
type Token struct {
	Entry
	start, end uint32 // bytes of Scorer.text
}

// read fills s.text (emoji replaced by their names) and s.tokens.
func (s *Scorer) read(text string, r *reading) {
	if s.known == nil {
		s.known = words()
	}
	s.expand(text)
	s.tokens = s.tokens[:0]
	for i := 0; i < len(s.text); {
		if s.text[i] == ' ' {
			i++
			continue
		}
		if end := s.takePlain(r, i); end > i {
			i = end
			continue
		}
		if n := spaceAt(s.text, i); n > 0 {
			i += n
			continue
		}
		end := s.take(r, i)
		if end == 0 {
			end = endOfWord(s.text, i)
			s.add(i, end)
		}
		i = end
	}
}

// spaceAt is the length of the white space character at b[i], 0 if none is there.
func spaceAt(b []byte, i int) int {
	if c := b[i]; c < utf8.RuneSelf {
		return int(classes[c] & space)
	}
	if r, n := utf8.DecodeRune(b[i:]); unicode.IsSpace(r) {
		return n
	}
	return 0
}

// endOfWord is where the next white space or the text ends.
func endOfWord(b []byte, i int) int {
	for i < len(b) {
		switch c := classes[b[i]]; {
		case c&space != 0:
			return i
		case c&beyond == 0:
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if unicode.IsSpace(r) {
			return i
		}
		i += n
	}
	return i
}

// expand writes the names of emoji in their place. As in the reference a space
// is put before a name unless one is there, and none after it.
func (s *Scorer) expand(text string) {
	s.text, s.shifts = s.text[:0], s.shifts[:0]
	from := asciiLength(text)
	if from == len(text) {
		s.text = append(s.text, text...)
		return
	}
	afterSpace := from == 0 || text[from-1] == ' '
	copied := 0
	for at, r := range text[from:] {
		if r < utf8.RuneSelf {
			afterSpace = r == ' '
			continue
		}
		name, ok := emojiName(r)
		if !ok {
			afterSpace = false
			continue
		}
		i := from + at
		s.text = append(s.text, text[copied:i]...)
		if !afterSpace {
			s.text = append(s.text, ' ')
		}
		begin := len(s.text)
		s.text = append(s.text, name...)
		copied = i + utf8.RuneLen(r)
		s.shifts = append(s.shifts, shift{begin, len(s.text), i, copied})
		afterSpace = false
	}
	s.text = append(s.text, text[copied:]...)
}

// asciiLength is how many bytes of ASCII the text begins with.
func asciiLength(text string) (n int) {
	for ; n+8 <= len(text); n += 8 {
		b := text[n : n+8] // one load
		if (uint64(b[0])|uint64(b[1])<<8|uint64(b[2])<<16|uint64(b[3])<<24|
			uint64(b[4])<<32|uint64(b[5])<<40|uint64(b[6])<<48|uint64(b[7])<<56)&0x8080808080808080 != 0 {
			break
		}
	}
	for n < len(text) && text[n] < utf8.RuneSelf {
		n++
	}
	return n
}

// emojiName spares the letters of most scripts the look-up.
func emojiName(r rune) (string, bool) {
	if r < firstEmoji && r != '©' && r != '®' {
		return "", false
	}
	name, ok := emojiWords[r]
	return name, ok
}

// firstEmoji is the first one beyond Latin-1.
const firstEmoji = '‼'

// shift ties the bytes [begin,end) of the expanded text, an emoji's name, to
// the emoji's own bytes [from,to).
type shift struct{ begin, end, from, to int }

// origin maps [start,end) of the expanded text to the text as given.
func (s *Scorer) origin(start, end int) (int, int) {
	if len(s.shifts) == 0 {
		return start, end
	}
	first := sort.Search(len(s.shifts), func(i int) bool { return s.shifts[i].end > start })
	from, to := start, end
	if first > 0 {
		before := s.shifts[first-1]
		from, to = start-before.end+before.to, end-before.end+before.to
	}
	for _, h := range s.shifts[first:] {
		if h.begin >= end {
			break
		}
		if h.begin <= start {
			from = h.from
		}
		if h.end <= end {
			to = end - h.end + h.to
		} else {
			to = h.to
		}
	}
	return from, to
}

// The classes of bytes.
const (
	space      = 1 << iota // the reference's white space: Unicode's, and the four information separators
	punct                  // of ASCII
	upperCase              // of ASCII
	lowerCase              // of ASCII
	apostrophe             // and punct
	beyond                 // part of a character beyond ASCII
)

var classes = func() (table [256]uint8) {
	for c := range 256 {
		switch {
		case c == ' ' || '\t' <= c && c <= '\r' || 0x1c <= c && c <= 0x1f:
			table[c] = space
		case 'A' <= c && c <= 'Z':
			table[c] = upperCase
		case 'a' <= c && c <= 'z':
			table[c] = lowerCase
		case c >= utf8.RuneSelf:
			table[c] = beyond
		}
	}
	for _, c := range "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" {
		table[c] = punct
	}
	table['\''] |= apostrophe
	return table
}()

// add appends the token of the word at [start,end).
func (s *Scorer) add(start, end int) {
	first, last := start, end
	for last > first && classes[s.text[last-1]]&punct != 0 {
		last--
	}
	for first < last && classes[s.text[first]]&punct != 0 {
		first++
	}
	if stripped := s.text[first:last]; len(stripped) > 8 || utf8.RuneCount(stripped) > 2 {
		start, end = first, last
	}
	h, seen := s.fold(s.text[start:end])
	e := s.known.entry(h, s.lower)
	if seen&apostrophe != 0 {
		e = e.done(s.lower)
	}
	s.tokens = append(s.tokens, e.At(start, end, seen&(upperCase|lowerCase) == upperCase))
}

// fold fills s.lower with the lower-cased word and returns its hash and the classes
// of its letters. A word is in capitals if it has an upper-case letter and no lower-
// or title-case one.
func (s *Scorer) fold(word []byte) (hash uint32, seen uint8) {
	s.lower = slices.Grow(s.lower[:0], len(word))[:len(word)]
	out := s.lower
	hash = dictionary.Start
	for i, c := range word {
		class := classes[c]
		seen |= class
		c |= class & upperCase << 3 // 'A' becomes 'a'
		out[i] = c
		hash = dictionary.Step(hash, c)
	}
	if seen&beyond == 0 {
		return hash, seen
	}
	seen &^= upperCase | lowerCase
	s.lower = s.lower[:0]
	for i := 0; i < len(word); {
		r, n := utf8.DecodeRune(word[i:])
		i += n
		if unicode.IsUpper(r) || unicode.Is(unicode.Other_Uppercase, r) {
			seen |= upperCase
		}
		if unicode.IsLower(r) || unicode.IsTitle(r) || unicode.Is(unicode.Other_Lowercase, r) {
			seen |= lowerCase
		}
		s.lower = utf8.AppendRune(s.lower, unicode.ToLower(r))
	}
	return dictionary.Hash(s.lower), seen
}
