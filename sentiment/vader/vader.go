package vader

import (
	"bytes"
	"math"
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
	tokens      []token
	valences    []float64
	charged     []int
	equals      equals
}

// Score returns the figures of a text, not rounded.
func (s *Scorer) Score(text string) Scores { return s.score(text, new(reading)) }

func (s *Scorer) score(text string, r *reading) Scores {
	s.read(text, r)
	capsDiffer := s.capsDiffer()
	s.valences = s.valences[:0]
	for i := range s.tokens {
		s.valences = append(s.valences, valence(s.tokens, i, capsDiffer))
	}
	s.but()
	return s.sum()
}

// Words appends the words of the text scored last that carry a valence.
func (s *Scorer) Words(dst []Word) []Word {
	for i, v := range s.valences {
		if v == 0 && !s.tokens[i].listed {
			continue
		}
		start, end := s.origin(s.tokens[i].start, s.tokens[i].end)
		dst = append(dst, Word{start, end, s.tokens[i].valence, v})
	}
	return dst
}

// capsDiffer tells whether some, but not all, words are in capitals.
func (s *Scorer) capsDiffer() bool {
	capitals := 0
	for i := range s.tokens {
		if s.tokens[i].upper {
			capitals++
		}
	}
	return 0 < capitals && capitals < len(s.tokens)
}

// sum adds the valences and the emphasis of punctuation up and normalises them.
func (s *Scorer) sum() Scores {
	if len(s.valences) == 0 {
		return Scores{}
	}
	var sum, pos, neg, neu float64
	for _, v := range s.valences {
		sum += v
		switch { // +-1 makes up for neutral words counting 1 each
		case v > 0:
			pos += v + 1
		case v < 0:
			neg += v - 1
		default:
			neu++
		}
	}
	emphasis := s.Emphasis()
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
	total := pos - neg + neu
	return Scores{
		Compound: Normalize(sum),
		Pos:      pos / total, Neu: neu / total, Neg: -neg / total,
	}
}

// Normalize maps a sum of valences to -1..1.
func Normalize(sum float64) float64 {
	return max(-1, min(1, sum/math.Sqrt(sum*sum+normalizeAlpha)))
}

// Emphasis is what the exclamation and question marks of the text scored last add
// to the sum's size.
func (s *Scorer) Emphasis() float64 {
	e := float64(min(bytes.Count(s.text, []byte{'!'}), 4)) * exclaimIncrease
	switch n := bytes.Count(s.text, []byte{'?'}); {
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
