package sentiment

import (
	"bytes"
	"sort"
	"unicode"
	"unicode/utf8"

	"earshot/sentiment/dictionary"
	"earshot/sentiment/vader"
)

// Break says what stands between a token and the one before it.
type Break uint8

// The breaks, by strength.
const (
	NoBreak       Break = iota // white space, or nothing that parts words
	SoftBreak                  // comma, colon, dash, bracket, quote
	SentenceBreak              // full stop, !, ?, semicolon, line end
)

// Token is a run of letters, digits and inner apostrophes.
type Token struct {
	Start, End int    // byte offsets into the text
	Break      Break  // before the token
	Hashtag    bool   // one of the words that a hashtag was parted into
	word       uint16 // its number in the vocabulary
	hash       uint32 // the dictionary's, of its lower-case form
	lo, hi     int    // its lower-case form in Doc.low
}

// Doc is one scanned text. The zero value is ready; Scan may be called again and
// reuses the memory. A Doc is not safe for concurrent use.
type Doc struct {
	Text    string
	Tokens  []Token
	Clauses []Clause

	known   *vocabulary
	low     []byte        // lower-case forms of all tokens, end to end
	plain   []vader.Known // tokens that VADER reads alike
	whole   vader.Scorer
	figures vader.Scores
	words   []vader.Word // that carry a valence
	clause  vader.Scorer
	cuts    []cut
}

// maxDoc is the memory a Doc keeps between texts, in tokens.
const maxDoc = 1 << 14

// Scan reads text.
func (d *Doc) Scan(text string) {
	if cap(d.Tokens) > maxDoc {
		*d = Doc{} // one huge text must not pin its memory for good
	}
	d.Text = text
	d.scanTokens()
	d.figures = d.whole.ScoreKnown(text, 0, d.plain, d.known.entries)
	d.words = d.whole.Words(d.words[:0])
	d.scanClauses()
}

// Figures returns VADER's figures of the whole text.
func (d *Doc) Figures() vader.Scores { return d.figures }

// ClauseFigures returns the figures of one clause, as if it stood alone.
func (d *Doc) ClauseFigures(c Clause) vader.Scores {
	if f, ok := d.whole.Part(c.Start, c.End); ok {
		return f
	}
	first := sort.Search(len(d.plain), func(i int) bool { return d.plain[i].Start >= c.Start })
	return d.clause.ScoreKnown(d.Text[c.Start:c.End], c.Start, d.plain[first:], d.known.entries)
}

// Emphasis is what the punctuation of the whole text adds to the size of VADER's sum.
func (d *Doc) Emphasis() float64 { return d.whole.Emphasis() }

// Words returns the words of the text that carry a valence. The slice is valid
// until the next Scan.
func (d *Doc) Words() []vader.Word { return d.words }

// Lower returns the lower-case form of token i with a straight apostrophe and
// without a possessive 's. The slice is valid until the next Scan.
func (d *Doc) Lower(i int) []byte {
	return d.low[d.Tokens[i].lo:d.Tokens[i].hi]
}

// Word returns the number of token i in the Vocabulary, 0 if it is not there.
func (d *Doc) Word(i int) int { return int(d.Tokens[i].word) }

// Hash returns the dictionary's hash of Lower(i).
func (d *Doc) Hash(i int) uint32 { return d.Tokens[i].hash }

// Role returns what token i does in VADER's rules.
func (d *Doc) Role(i int) vader.Role {
	if id := d.Tokens[i].word; id != 0 {
		return d.known.entries.Role(int(id))
	}
	return vader.Role{Negates: bytes.Contains(d.Lower(i), []byte("n't"))}
}

// IsBut says whether token i is "but", which divides a text for VADER.
func (d *Doc) IsBut(i int) bool { return d.uses(i)&isBut != 0 }

func (d *Doc) scanTokens() {
	d.known = vocabularyOf()
	d.Tokens, d.low, d.plain = d.Tokens[:0], d.low[:0], d.plain[:0]
	brk := NoBreak
	for i := 0; i < len(d.Text); {
		r, size := rune(d.Text[i]), 1
		if r >= utf8.RuneSelf {
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
func (d *Doc) scanToken(i int, brk Break) int {
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
	tok.End, tok.hi = i, len(low)
	if form := low[tok.lo:]; len(form) > 2 && form[len(form)-1] == 's' && form[len(form)-2] == '\'' {
		tok.hi -= 2
		hash = dictionary.Hash(d.low[tok.lo:tok.hi])
	}
	if seen&repeats != 0 && elongated(d.low[tok.lo:tok.hi]) && d.shorten(&tok) {
		hash = dictionary.Hash(d.low[tok.lo:tok.hi])
	}
	tok.word, tok.hash = uint16(d.known.numbers.ID(hash, d.low[tok.lo:tok.hi])), hash
	d.Tokens = append(d.Tokens, tok)
	if tok.hi-tok.lo == i-tok.Start && seen&rare == 0 && (tok.word != 0 || seen&apostrophe == 0) {
		d.plain = append(d.plain, vader.Known{Start: tok.Start, End: i, Word: tok.word, Capitals: seen&(capital|small) == capital})
	}
	if tok.Start > 0 && text[tok.Start-1] == '#' {
		d.partHashtag()
	}
	return i
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

func isTokenRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) && !Selects(r) || unicode.IsDigit(r))
}

// Selects says whether r chooses how the character before it looks: as an emoji, as text
// or in the frame of a key. To Unicode these are marks, as accents are.
func Selects(r rune) bool { return r >= 0xfe00 && r <= 0xfe0f || r == 0x20e3 }

// joins says whether the mark r at i holds two token halves together: the
// apostrophe of don't, the point of 3.5.
func joins(text string, i int, r rune, size int) bool {
	next, _ := utf8.DecodeRuneInString(text[i+size:])
	switch r {
	case '\'', '’':
		return isTokenRune(next)
	case '.', ',':
		return isDigit(rune(text[i-1])) && isDigit(next)
	}
	return false
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func breakOf(text string, i int, r rune, size int) Break {
	switch r {
	case '.', '!', '?', ';', '\n', '\r', '…', '。', '！', '？', '\u2028', '\u2029':
		return SentenceBreak
	case ',', ':', '(', ')', '[', ']', '{', '}', '"', '“', '”', '–', '—', '|', '*':
		return SoftBreak
	case '-': // parts words only when it stands alone: "slow - and cold", not "drive-thru"
		if i == 0 || i+size >= len(text) || text[i-1] == ' ' || text[i+size] == ' ' || text[i-1] == '-' {
			return SoftBreak
		}
	}
	return NoBreak
}
