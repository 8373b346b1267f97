package model

import (
	"html"
	"slices"
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
	lo, hi int // in tokens.low, or those of token hi of the scanner if lo is scanned
	hash   uint64
	kind   kind
	pair   [4]int8 // the weights, in steps, of the token before and this one, once fetched
}

// tokens holds the feature words of one text. Handles, addresses and numbers
// become classes of their own, stretched words ("sooooo") are shortened and
// marked, capitals are marked, "does n't" of tokenised text is put together.
type tokens struct {
	low  []byte
	list []token
	doc  *sentiment.Doc // nil: no scanner has read the text
	next int            // token of doc that does not lie behind yet
}

const (
	maxWord = 64 // bytes of a word that count
	scanned = -1
)

func (t *tokens) bytes(i int) []byte {
	w := &t.list[i]
	if w.lo == scanned {
		return t.doc.Lower(w.hi)
	}
	return t.low[w.lo:w.hi]
}

func (t *tokens) add(k kind, s string) {
	lo := len(t.low)
	t.low = append(t.low, s...)
	t.put(k, lo)
}

// put makes the bytes from lo on a token.
func (t *tokens) put(k kind, lo int) {
	t.list = append(t.list, token{lo: lo, hi: len(t.low), hash: hash(seedWord, t.low[lo:]), kind: k})
}

// scan reads a text in one pass. Words that doc has, if there is one, need not be read
// again.
func (t *tokens) scan(text string, doc *sentiment.Doc) {
	t.reset(doc)
	t.read(text)
}

func (t *tokens) reset(doc *sentiment.Doc) {
	t.low, t.list, t.doc, t.next = t.low[:0], t.list[:0], doc, 0
}

// read appends the tokens of a text.
func (t *tokens) read(text string) {
	if strings.IndexByte(text, '&') >= 0 && strings.IndexByte(text, ';') >= 0 {
		text, t.doc = html.UnescapeString(text), nil
	}
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c <= ' ':
			i++
		case isASCIILetter(c) || c >= utf8.RuneSelf && isLetter(text[i:]):
			if end := t.known(text, i); end > 0 {
				i = end
			} else {
				i = t.word(text, i)
			}
		case isDigit(c):
			i = t.number(text, i)
		case (c == '@' || c == '#') && i+1 < len(text) && isNameByte(text[i+1]):
			i = t.tag(text, i)
		default:
			i = t.mark(text, i)
		}
	}
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
	t.list = append(t.list, token{lo: lo, hi: len(t.low), hash: run.hash, kind: word})
	if run.stretched {
		t.add(marker, "<elong>")
	}
	if run.letters > 2 && run.upper == run.letters {
		t.add(marker, "<caps>")
	}
	return i
}

// known takes the word at i from the scanner and returns where it ends; 0 if the scanner
// has none there or reads it otherwise.
func (t *tokens) known(text string, i int) (end int) {
	if t.doc == nil || isAddress(text, i) {
		return 0
	}
	words := t.doc.Tokens
	for t.next < len(words) && words[t.next].Start < i {
		t.next++
	}
	if t.next == len(words) || words[t.next].Start != i {
		return 0
	}
	w := &words[t.next]
	key, capitals := w.Key()
	if key == 0 || w.End < len(text) && (text[w.End] == '`' || text[w.End] >= utf8.RuneSelf) {
		return 0
	}
	n := len(t.list)
	t.list = slices.Grow(t.list, 1)[:n+1]
	out := &t.list[n] // filled in place: a copy would wait for the single fields
	out.lo, out.hi, out.hash, out.kind = scanned, t.next, key, word
	if capitals && w.End-i > 2 {
		t.add(marker, "<caps>")
	}
	return w.End
}

// isAddress says whether a web address starts at i.
func isAddress(text string, i int) bool {
	if c := text[i]; c != 'h' && c != 'w' {
		return false
	}
	rest := text[i:]
	return strings.HasPrefix(rest, "http") && strings.Contains(rest[:min(8, len(rest))], "://") || strings.HasPrefix(rest, "www.")
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
