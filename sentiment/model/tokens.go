package model

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"earshot/sentiment"
)

// kind tells what a token is for the lexicon features.
type kind uint8

const (
	word     kind = iota
	marker        // <user>, <url>, <caps>, a number, an emoticon
	boundary      // punctuation that ends a clause
)

// token is one feature word: its bytes, and their hash.
type token struct {
	hash   uint64
	pair   steps // of the token before and this one, once fetched
	lo, hi int32 // in tokens.low, or those of token hi of the scanner if lo is scanned
	kind   kind
}

// tokens holds the feature words of one text. Handles, addresses and numbers
// become classes of their own, stretched words ("sooooo") are shortened and
// marked, capitals are marked, "does n't" of tokenised text is put together.
type tokens struct {
	low  []byte
	list []token
	doc  *sentiment.Doc // that scanned tokens are of
}

const (
	maxWord = 64 // bytes of a word that count
	scanned = -1
)

func (t *tokens) bytes(i int) []byte {
	w := &t.list[i]
	if w.lo == scanned {
		return t.doc.Lower(int(w.hi))
	}
	return t.low[w.lo:w.hi]
}

func (t *tokens) add(k kind, s string) {
	lo := len(t.low)
	t.low = append(t.low, s...)
	t.put(k, lo)
}

// put makes the bytes from lo on a token.
func (t *tokens) put(k kind, lo int) { t.append(k, hash(seedWord, t.low[lo:]), lo, len(t.low)) }

// append fills a new token in place: a copy would wait for the single fields.
func (t *tokens) append(k kind, hash uint64, lo, hi int) {
	t.list = append(t.list, token{})
	out := &t.list[len(t.list)-1]
	out.hash, out.lo, out.hi, out.kind = hash, int32(lo), int32(hi), k
}

// scan reads a text.
func (t *tokens) scan(text string) {
	t.reset()
	t.read(text)
}

func (t *tokens) reset() { t.low, t.list, t.doc = t.low[:0], t.list[:0], nil }

// scanDoc is scan of doc's text; words that doc has need not be read again.
func (t *tokens) scanDoc(doc *sentiment.Doc) {
	t.reset()
	text := doc.Text
	if hasEntities(text) {
		t.read(text)
		return
	}
	t.doc = doc
	at := 0
	for i := range doc.Tokens {
		w := &doc.Tokens[i]
		if at+1 == w.Start && text[at] == ' ' {
			at++ // so it is before most words
		} else if at = t.readTo(w.Start, text, at); at != w.Start {
			continue // it lies in a tag, a number or an address
		}
		key, capitals := w.Key()
		if key == 0 || !endsWord(text, w.End) || isAddress(text, at) {
			continue
		}
		t.append(word, key, scanned, i)
		if capitals && w.End-at > 2 {
			t.add(marker, "<caps>")
		}
		at = w.End
	}
	t.readTo(len(text), text, at)
}

// endsWord says whether a word of letters of ASCII that a scanner takes to end at i ends
// there for these tokens, too.
func endsWord(text string, i int) bool {
	return i == len(text) || text[i] != '`' && text[i] < utf8.RuneSelf
}

func hasEntities(text string) bool {
	return strings.IndexByte(text, '&') >= 0 && strings.IndexByte(text, ';') >= 0
}

// read appends the tokens of a text.
func (t *tokens) read(text string) {
	if hasEntities(text) {
		text = html.UnescapeString(text)
	}
	t.readTo(len(text), text, 0)
}

// readTo appends the tokens of text that start at i or later and before end, and returns
// where the last one ends.
func (t *tokens) readTo(end int, text string, i int) int {
	for i < end {
		switch c := text[i]; {
		case c <= ' ':
			i++
		case isASCIILetter(c) || c >= utf8.RuneSelf && isLetter(text[i:]):
			i = t.word(text, i)
		case isDigit(c):
			i = t.number(text, i)
		case (c == '@' || c == '#') && i+1 < len(text) && isNameByte(text[i+1]):
			i = t.tag(text, i)
		default:
			i = t.mark(text, i)
		}
	}
	return i
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isLetter(rest string) bool {
	if c := rest[0]; c < utf8.RuneSelf {
		return isASCIILetter(c)
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsLetter(r)
}

func isNameByte(c byte) bool {
	return isASCIILetter(c) || isDigit(c) || c == '_' || c >= utf8.RuneSelf
}

// word reads a run of letters with inner apostrophes, or a web address.
func (t *tokens) word(text string, i int) int {
	if isAddress(text, i) {
		t.add(marker, "<url>")
		if n := strings.IndexAny(text[i:], " \t\r\n"); n >= 0 {
			return i + n
		}
		return len(text)
	}
	lo := len(t.low)
	var run letterRun
	i = t.ascii(text, i, &run)
	if i < len(text) && (text[i] >= utf8.RuneSelf || text[i] == '\'' || text[i] == '`') {
		i = t.letters(text, i, lo, &run)
		run.hash = hash(seedWord, t.low[lo:])
	}
	if n := len(t.list) - 1; n >= 0 && string(t.low[lo:]) == "n't" && t.list[n].kind == word {
		t.low = append(append(t.low[:lo], t.bytes(n)...), "n't"...)
		t.list = t.list[:n]
		run.hash = hash(seedWord, t.low[lo:])
	}
	t.append(word, run.hash, lo, len(t.low))
	if run.stretched {
		t.add(marker, "<elong>")
	}
	if run.letters > 2 && run.upper == run.letters {
		t.add(marker, "<caps>")
	}
	return i
}

// isAddress says whether a web address starts at i.
func isAddress(text string, i int) bool {
	c := text[i]
	return (c == 'h' || c == 'w') && startsAddress(text[i:])
}

func startsAddress(s string) bool {
	return strings.HasPrefix(s, "http") && strings.Contains(s[:min(8, len(s))], "://") || strings.HasPrefix(s, "www.")
}

// letterRun is what was seen of a word so far.
type letterRun struct {
	hash           uint64 // of its lower-case letters
	upper, letters int
	last, before   rune
	stretched      bool // a letter three times running
}

// ascii reads the letters of ASCII that a word starts with.
func (t *tokens) ascii(text string, i int, w *letterRun) int {
	start, low, h, upper := i, t.low, uint64(seedWord), 0
	last, before := byte(0), byte(0)
	for room := maxWord; i < len(text) && isASCIILetter(text[i]); i++ {
		c := text[i] | 0x20
		upper += int(c-text[i]) >> 5
		if c == last && c == before {
			w.stretched = true
			continue
		}
		before, last = last, c
		if room > 0 {
			low = append(low, c)
			h = (h ^ uint64(c)) * fnvPrime
			room--
		}
	}
	t.low = low
	w.hash, w.upper, w.letters, w.last, w.before = h, upper, i-start, rune(last), rune(before)
	return i
}

// letters goes on with letters of any script and inner apostrophes; the word starts at
// lo in t.low.
func (t *tokens) letters(text string, i, lo int, w *letterRun) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == '’' || r == '`' {
			r = '\''
		}
		if r == '\'' {
			if i+n >= len(text) || !isLetter(text[i+n:]) {
				break
			}
		} else if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			break
		}
		i += n
		w.letters++
		if unicode.IsUpper(r) {
			w.upper++
			r = unicode.ToLower(r)
		}
		if r == w.last && r == w.before {
			w.stretched = true
			continue
		}
		w.before, w.last = w.last, r
		if len(t.low)-lo < maxWord {
			t.low = utf8.AppendRune(t.low, r)
		}
	}
	return i
}

// numberClasses stand for numbers of three characters and more; shorter ones
// ("10", "5") are told apart.
var numberClasses = [...]string{"<n3>", "<n4>", "<n5>"}

func (t *tokens) number(text string, i int) int {
	start := i
	for i < len(text) && (isDigit(text[i]) || i+1 < len(text) && strings.IndexByte(".,:/", text[i]) >= 0 && isDigit(text[i+1])) {
		i++
	}
	if n := i - start; n > 2 {
		t.add(marker, numberClasses[min(n, 5)-3])
	} else {
		t.add(marker, text[start:i])
	}
	return i
}

// tag reads @handle and #hashtag: as a class, and what they say.
func (t *tokens) tag(text string, i int) int {
	start := i
	for i++; i < len(text) && isNameByte(text[i]); i++ {
	}
	if text[start] == '@' {
		t.add(marker, "<user>")
	}
	t.lower(marker, text[start:i])
	if text[start] == '#' {
		t.lower(word, text[start+1:i])
	}
	return i
}

func (t *tokens) lower(k kind, s string) {
	lo := len(t.low)
	for _, r := range s[:min(len(s), maxWord)] {
		t.low = utf8.AppendRune(t.low, unicode.ToLower(r))
	}
	t.put(k, lo)
}
