package sentiment

import (
	"bytes"
	"sort"
	"unicode"
	"unicode/utf8"

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
	Start, End  int    // byte offsets into the text
	Break       Break  // before the token
	Hashtag     bool   // one of the words that a hashtag was parted into
	OpensClause bool   // the first token of one
	capitals    bool   // it has capitals of ASCII and no small letters
	lo, hi      uint32 // its lower-case form in Doc.low
	wordFacts
}

// Doc is one scanned text. The zero value is ready; Scan may be called again and
// reuses the memory. A Doc is not safe for concurrent use.
type Doc struct {
	Text    string
	Tokens  []Token
	Clauses []Clause

	known   *vocabulary
	low     []byte        // the text with small letters; behind it the lower-case forms that differ
	edges   []uint32      // where runs of letters and digits of ASCII start and end, in turns
	plain   []vader.Token // tokens that VADER reads alike
	whole   vader.Scorer
	figures vader.Scores
	words   []vader.Word // that carry a valence
	clause  vader.Scorer
	judged  []clauseFigures // by clause
	cuts    []cut
	cache   []cachedWord
	noters  [noters]any
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
	d.figures = d.whole.ScoreKnown(text, 0, d.plain)
	d.words = d.whole.Words(d.words[:0])
	d.scanClauses()
}

// Figures returns VADER's figures of the whole text.
func (d *Doc) Figures() vader.Scores { return d.figures }

// clauseFigures are those of a clause, once they were asked for.
type clauseFigures struct {
	vader.Scores
	known bool
}

// ClauseFigures returns the figures of a clause of the text, as if it stood alone.
func (d *Doc) ClauseFigures(c Clause) vader.Scores {
	if len(d.Clauses) == 1 { // it is the whole text
		return d.figures
	}
	f := &d.judged[c.number]
	if !f.known {
		*f = clauseFigures{d.figuresOf(c), true}
	}
	return f.Scores
}

func (d *Doc) figuresOf(c Clause) vader.Scores {
	if f, ok := d.whole.Part(c.Start, c.End); ok {
		return f
	}
	first := sort.Search(len(d.plain), func(i int) bool { return d.plain[i].Start() >= c.Start })
	return d.clause.ScoreKnown(d.Text[c.Start:c.End], c.Start, d.plain[first:])
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
		return d.known.entries[id].Role()
	}
	return vader.Role{Negates: bytes.Contains(d.Lower(i), []byte("n't"))}
}

// IsBut says whether token i is "but", which divides a text for VADER.
func (d *Doc) IsBut(i int) bool { return d.uses(i)&isBut != 0 }

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
