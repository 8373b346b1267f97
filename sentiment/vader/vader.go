package vader

import (
	"bytes"
	"math"
	"sort"
	"strconv"
)

// Scores are VADER's four figures: Compound in -1..1; Pos, Neu and Neg are
// shares that add up to 1, or all 0 for a text without words.
type Scores struct{ Compound, Pos, Neu, Neg float64 }

// Word is a token's part in the score. Start and End are byte offsets into the
// scored text.
type Word struct {
	Start, End int
	Lexicon    float64 // rating in the lexicon, 0 if not listed
	Valence    float64 // after all rules; the compound is the normalised sum
}

// Scorer scores texts one after the other and reuses its buffers. It is not
// safe for concurrent use; the zero value is ready.
type Scorer struct {
	known       *table
	text, lower []byte // the text with emoji named; a lower-cased word
	shifts      []shift
	tokens      []Token
	rated, part []rated // of the text, and of a part of it
	emphasis    float64
	equals      equals
}

// rated is a token of the lexicon. All others have no valence.
type rated struct {
	token   int
	valence float64 // after all rules
}

// Score returns the figures of a text, not rounded.
func (s *Scorer) Score(text string) Scores { return s.score(text, new(reading)) }

func (s *Scorer) score(text string, r *reading) Scores {
	s.read(text, r)
	s.rated = s.rate(s.rated[:0], s.tokens)
	s.emphasis = emphasis(s.text)
	return sum(s.rated, len(s.tokens), s.emphasis)
}

// rate appends the tokens of the lexicon with their valences.
func (s *Scorer) rate(dst []rated, tokens []Token) []rated {
	capitals, but := 0, -1
	for i := range tokens {
		m := tokens[i].marks
		if m&(listed|upper|divides) == 0 {
			continue
		}
		if m&upper != 0 {
			capitals++
		}
		if m&divides != 0 && but < 0 {
			but = i
		}
		if m&listed != 0 {
			dst = append(dst, rated{token: i})
		}
	}
	capsDiffer := 0 < capitals && capitals < len(tokens) // some words are in capitals, others not
	for i := range dst {
		dst[i].valence = valence(tokens, dst[i].token, capsDiffer)
	}
	if but >= 0 {
		s.but(dst, but)
	}
	return dst
}

// Words appends the words of the text scored last that the lexicon lists.
func (s *Scorer) Words(dst []Word) []Word {
	for _, r := range s.rated {
		t := &s.tokens[r.token]
		start, end := s.origin(int(t.start), int(t.end))
		dst = append(dst, Word{start, end, t.valence(), r.valence})
	}
	return dst
}

// Part returns the figures of the bytes [start,end) of the text scored last, as if they
// stood alone. ok is false if they have to be read anew: where an edge is not right
// behind white space, and in a text with emoji.
func (s *Scorer) Part(start, end int) (f Scores, ok bool) {
	if len(s.shifts) > 0 || !s.edge(start) || !s.edge(end) {
		return Scores{}, false
	}
	tokens := s.tokens[s.tokenFrom(start):s.tokenFrom(end)]
	s.part = s.rate(s.part[:0], tokens)
	e := 0.0
	if s.emphasis != 0 { // else no part has any
		e = emphasis(s.text[start:end])
	}
	return sum(s.part, len(tokens), e), true
}

// edge says whether a text that ends or starts at i has the words of the whole.
func (s *Scorer) edge(i int) bool {
	return i == 0 || i == len(s.text) || classes[s.text[i-1]]&space != 0
}

// tokenFrom is the first token that starts at byte i or later.
func (s *Scorer) tokenFrom(i int) int {
	return sort.Search(len(s.tokens), func(t int) bool { return int(s.tokens[t].start) >= i })
}

// sum adds the valences of a text of that many tokens and the emphasis of its
// punctuation up and normalises them.
func sum(words []rated, tokens int, emphasis float64) Scores {
	if tokens == 0 {
		return Scores{}
	}
	var sum, pos, neg float64
	neu := tokens
	for i := range words { // +-1 makes up for neutral words counting 1 each
		v := words[i].valence
		sum += v
		switch {
		case v > 0:
			pos += v + 1
			neu--
		case v < 0:
			neg += v - 1
			neu--
		}
	}
	switch {
	case sum > 0:
		sum += emphasis
	case sum < 0:
		sum -= emphasis
	}
	switch {
	case pos > -neg:
		pos += emphasis
	case pos < -neg:
		neg -= emphasis
	}
	total := pos - neg + float64(neu)
	return Scores{
		Compound: Normalize(sum),
		Pos:      pos / total, Neu: float64(neu) / total, Neg: -neg / total,
	}
}

// Normalize maps a sum of valences to -1..1.
func Normalize(sum float64) float64 {
	return max(-1, min(1, sum/math.Sqrt(sum*sum+normalizeAlpha)))
}

// Emphasis is what the exclamation and question marks of the text scored last add
// to the sum's size.
func (s *Scorer) Emphasis() float64 { return s.emphasis }

func emphasis(text []byte) float64 {
	e := float64(min(bytes.Count(text, []byte{'!'}), 4)) * exclaimIncrease
	switch n := bytes.Count(text, []byte{'?'}); {
	case n > 3:
		e += questionMax
	case n > 1:
		e += float64(n) * questionIncrease
	}
	return e
}

// Rounded returns the figures with the digits that the reference prints: four
// for Compound, three for the shares.
func (s Scores) Rounded() Scores {
	return Scores{round(s.Compound, 4), round(s.Pos, 3), round(s.Neu, 3), round(s.Neg, 3)}
}

// round rounds the exact binary value, as the reference does; scaling by a power of
// ten first would not where that comes to lie near the middle between two results.
func round(x float64, digits int) float64 {
	power := [...]float64{1, 1e1, 1e2, 1e3, 1e4}[digits]
	scaled := x * power // off by 1e-12 at the most, as |x| <= 1
	if whole := math.Floor(scaled); math.Abs(scaled-whole-0.5) > 1e-6 {
		if scaled-whole > 0.5 {
			whole++
		}
		return whole/power + 0 // both are exact, so this is the float nearest to the decimal number; no negative zero
	}
	return roundByDigits(x, digits)
}

func roundByDigits(x float64, digits int) float64 {
	var buf [24]byte
	v, _ := strconv.ParseFloat(string(strconv.AppendFloat(buf[:0], x, 'f', digits, 64)), 64)
	return v + 0
}
