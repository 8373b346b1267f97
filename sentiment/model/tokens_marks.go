package model

import (
	"strings"
	"unicode/utf8"
)

const (
	noses  = "-o*'^"
	mouths = ")]([dDpP/}{@|\\3<>"
)

// mark reads an emoticon, a run of ! and ?, dots, or one other character.
func (t *tokens) mark(text string, i int) int {
	if n := emoticon(text[i:]); n > 0 {
		t.add(marker, text[i:i+n])
		return i + n
	}
	start := i
	switch c := text[i]; c {
	case '!', '?':
		for i < len(text) && (text[i] == '!' || text[i] == '?') {
			i++
		}
		t.add(boundary, emphasis(text[start:i]))
	case '.':
		for i < len(text) && text[i] == '.' {
			i++
		}
		if i-start > 1 {
			t.add(boundary, "...")
		} else {
			t.add(boundary, ".")
		}
	case ',', ';', ':', '(', ')':
		i++
		t.add(boundary, text[start:i])
	default:
		_, n := utf8.DecodeRuneInString(text[i:])
		i += n
		t.add(marker, text[start:i])
	}
	return i
}

func emphasis(run string) string {
	switch {
	case len(run) == 1:
		return run
	case strings.IndexByte(run, '?') < 0:
		return "!!"
	case strings.IndexByte(run, '!') < 0:
		return "??"
	}
	return "!?"
}

// emoticon returns the length of an emoticon at the start of s, 0 if none is.
func emoticon(s string) int {
	switch s[0] {
	case '<':
		if strings.HasPrefix(s, "<3") {
			return 2
		}
		return 0
	case ':', ';', '=': // of the eyes, x and 8 are read as words and numbers
	default:
		return 0
	}
	i := 1
	if i < len(s) && strings.IndexByte(noses, s[i]) >= 0 {
		i++
	}
	if i >= len(s) || strings.IndexByte(mouths, s[i]) < 0 {
		return 0
	}
	i++
	if i < len(s) && isNameByte(s[i]) {
		return 0
	}
	return i
}
