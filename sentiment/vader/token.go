package vader

import (
	"bytes"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is one white-space separated word, stripped of punctuation unless that
// leaves two characters or fewer (then it may be an emoticon).
type token struct {
	entry
	start, end int  // bytes of Scorer.text
	upper      bool // str.isupper of the reference
}

// read fills s.text (emoji replaced by their names) and s.tokens.
func (s *Scorer) read(text string) {
	s.expand(text)
	s.tokens = s.tokens[:0]
	b := s.text
	for i := 0; i < len(b); {
		r, n := decode(b[i:])
		if isSpace(r) {
			i += n
			continue
		}
		start := i
		for i < len(b) {
			if r, n = decode(b[i:]); isSpace(r) {
				break
			}
			i += n
		}
		s.tokens = append(s.tokens, s.token(start, i))
	}
}

func decode(b []byte) (rune, int) {
	if b[0] < utf8.RuneSelf {
		return rune(b[0]), 1
	}
	return utf8.DecodeRune(b)
}

// expand writes the names of emoji in their place. As in the reference a space
// is put before a name unless one is there, and none after it.
func (s *Scorer) expand(text string) {
	s.text, s.shifts = s.text[:0], s.shifts[:0]
	afterSpace := true
	copied := 0
	for i, r := range text {
		if r < 0x80 {
			afterSpace = r == ' '
			continue
		}
		name, ok := emojiWords[r]
		if !ok {
			afterSpace = false
			continue
		}
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

// shift ties the bytes [begin,end) of the expanded text, an emoji's name, to
// the emoji's own bytes [from,to).
type shift struct{ begin, end, from, to int }

// origin maps [start,end) of the expanded text to the text as given.
func (s *Scorer) origin(start, end int) (int, int) {
	from, to := start, end
	first := sort.Search(len(s.shifts), func(i int) bool { return s.shifts[i].end > start })
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

const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

func (s *Scorer) token(start, end int) token {
	for end > start && strings.IndexByte(punctuation, s.text[end-1]) >= 0 {
		end--
	}
	first := start
	for first < end && strings.IndexByte(punctuation, s.text[first]) >= 0 {
		first++
	}
	if stripped := s.text[first:end]; len(stripped) > 8 || utf8.RuneCount(stripped) > 2 {
		start = first
	} else {
		for end < len(s.text) { // back to the whole word
			r, n := decode(s.text[end:])
			if isSpace(r) {
				break
			}
			end += n
		}
	}
	t := token{start: start, end: end}
	s.lower, t.upper = lower(s.lower[:0], s.text[start:end])
	t.entry = words()[string(s.lower)]
	t.negates = t.negates || bytes.IndexByte(s.lower, '\'') > 0 && bytes.Contains(s.lower, []byte("n't"))
	return t
}

// lower appends the lower-cased word and tells whether it is in capitals: at
// least one upper-case letter and no lower- or title-case one.
func lower(dst, word []byte) (out []byte, upper bool) {
	small := false
	for i := 0; i < len(word); {
		c := word[i]
		if c < utf8.RuneSelf {
			switch {
			case 'A' <= c && c <= 'Z':
				upper = true
				c += 'a' - 'A'
			case 'a' <= c && c <= 'z':
				small = true
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(word[i:])
		i += n
		upper = upper || unicode.IsUpper(r) || unicode.Is(unicode.Other_Uppercase, r)
		small = small || unicode.IsLower(r) || unicode.IsTitle(r) || unicode.Is(unicode.Other_Lowercase, r)
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
	}
	return dst, upper && !small
}

// isSpace is the reference's idea of white space: Unicode's, and the four
// information separators.
func isSpace(r rune) bool {
	if r < 0x80 {
		return r == ' ' || '\t' <= r && r <= '\r' || 0x1c <= r && r <= 0x1f
	}
	return unicode.IsSpace(r)
}
