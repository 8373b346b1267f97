package model

import (
	"math"

	"earshot/sentiment"
	"earshot/sentiment/vader"
)

// Buckets is the size of the hashed feature space.
const Buckets = 1 << 18

// Dense is the number of lexicon features.
const Dense = 18

// Feature hashes are FNV-1a over the bytes, with a seed for each kind.
const (
	fnvOffset  = 14695981039346656037
	fnvPrime   = 1099511628211
	seedWord   = sentiment.KeyStart // so that a scanner's key is a word's hash
	seedBigram = fnvOffset ^ 0x42
	seedChar   = fnvOffset ^ 0x43
)

func hash(seed uint64, b []byte) uint64 {
	for _, c := range b {
		seed = (seed ^ uint64(c)) * fnvPrime
	}
	return seed
}

// bucket folds a hash onto the feature space; the high bits are the better ones.
func bucket(h uint64) uint32 { return uint32((h ^ h>>29) * 0x9e3779b97f4a7c15 >> (64 - 18)) }

func bigram(a, b uint64) uint32 { return bucket((seedBigram^a)*fnvPrime ^ b) }

const minChar, maxChar = 3, 5

// charGrams calls yield with the bucket of each character 3-5-gram of <word>.
func charGrams(w []byte, yield func(uint32)) {
	var buf [maxWord*2 + 2]byte
	padded := append(append(append(buf[:0], '<'), w...), '>')
	for from := 0; from < len(padded); from++ {
		if padded[from]&0xc0 == 0x80 {
			continue // not the start of a character
		}
		h, chars := uint64(seedChar), 0
		for i := from; i < len(padded); i++ {
			h = (h ^ uint64(padded[i])) * fnvPrime
			if i+1 < len(padded) && padded[i+1]&0xc0 == 0x80 {
				continue
			}
			if chars++; chars >= minChar {
				yield(bucket(h))
			}
			if chars == maxChar {
				break
			}
		}
	}
}

// contrast words start a clause of their own.
func contrast(w []byte) bool {
	switch string(w) {
	case "but", "however", "although", "though", "except", "yet", "unfortunately":
		return true
	}
	return false
}

// negation reaches over this many tokens.
const reach = 4

// lexicon sums what the VADER lexicon says of a token sequence.
type lexicon struct {
	positive, negative       float64
	positives, negatives     int
	most, least, first, last float64
	seen                     bool
	clause, firstClause      float64
	clauses                  int
	beforeBut, afterBut      float64
	but                      bool
	negated                  int
	boost                    float64
}

func (l *lexicon) endClause() {
	if l.clauses == 0 {
		l.firstClause = l.clause
	}
	l.clauses++
	l.clause = 0
}

// role is what the lexicon features see in a token.
type role struct {
	tenths int8 // of the valence, meaningful if listed
	boost  int8 // the sign of what it adds to the valence that follows it
	does   does
}

// does tells the tokens that do something, as bits.
type does uint8

const (
	listed    does = 1 << iota // carries a valence
	negates                    // the tokens that follow
	boosts                     // the valence that follows
	ends                       // a clause
	contrasts                  // starts a clause of its own
)

func roleOf(k kind, w []byte) role {
	switch {
	case k == boundary:
		return role{does: ends}
	case k == word && contrast(w):
		return role{does: ends | contrasts}
	}
	found := vader.RoleOf(w)
	r := role{tenths: int8(math.Round(10 * found.Valence)), boost: int8(sign(found.Boost))}
	if found.Listed {
		r.does |= listed
	}
	if found.Negates {
		r.does |= negates
	}
	if r.boost != 0 {
		r.does |= boosts
	}
	return r
}

func (r *role) valence() float64 { return float64(r.tenths) / 10 }

// read takes the next token.
func (l *lexicon) read(r *role) {
	if r.does != 0 {
		l.obey(r)
	} else { // as most
		l.negated = max(0, l.negated-1)
	}
}

// obey takes a token that does something.
func (l *lexicon) obey(r *role) {
	switch {
	case r.does&ends != 0:
		l.negated = 0
		l.endClause()
		l.but = l.but || r.does&contrasts != 0
	case r.does&negates != 0:
		l.negated, l.boost = reach, 0
	default:
		l.rate(r)
		l.negated = max(0, l.negated-1)
	}
}

// rate takes a token that has a valence, boosts one, or both.
func (l *lexicon) rate(r *role) {
	if r.does&boosts != 0 {
		l.boost = float64(r.boost) * vader.BoostIncrease
	}
	if r.does&listed != 0 {
		v := r.valence()
		v += math.Copysign(l.boost, v) * sign(l.boost)
		l.boost = 0
		if l.negated > 0 {
			v *= -0.74
		}
		l.add(v)
	}
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

func (l *lexicon) add(v float64) {
	if !l.seen {
		l.first, l.most, l.least, l.seen = v, v, v, true
	}
	l.last, l.most, l.least = v, max(l.most, v), min(l.least, v)
	if v > 0 {
		l.positive += v
		l.positives++
	} else if v < 0 {
		l.negative += v
		l.negatives++
	}
	l.clause += v
	if l.but {
		l.afterBut += v
	} else {
		l.beforeBut += v
	}
}

// features writes the dense vector. compound is VADER's for the whole text, n
// the number of tokens.
func (l *lexicon) features(x *[Dense]float32, compound float64, n int) {
	if l.clauses == 0 {
		l.firstClause = l.clause
	}
	part := excerpt(n)
	positive, negative := part*l.positive, part*l.negative
	sum := positive + negative
	before, after := part*l.beforeBut, part*l.afterBut
	if !l.but {
		before, after = 0, 0
	}
	for i, v := range [Dense]float64{
		compound, math.Abs(compound), positive / 4, negative / 4,
		part * float64(l.positives) / 3, part * float64(l.negatives) / 3, l.most / 3, l.least / 3,
		l.last / 3, l.first / 3, bounded(l.clause) / 3, bounded(l.firstClause) / 3, after / 3, before / 3,
		sum / math.Sqrt(sum*sum+15), one(compound == 0), one(l.but), float64(min(n, 100)) / 50,
	} {
		x[i] = float32(v * lexiconScale)
	}
}

// maxClause bounds the sum of a clause: texts without a mark are one.
const maxClause = 16

func bounded(sum float64) float64 { return max(-maxClause, min(maxClause, sum)) }

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
