package vader

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/grassmudhorses/vader-go/lexicon"

	"earshot/sentiment/dictionary"
)

// Empirical increments of the reference implementation.
const (
	BoostIncrease    = 0.293 // a booster word before a lexicon word
	capsIncrease     = 0.733 // a word in capitals among others that are not
	negationScalar   = -0.74
	exclaimIncrease  = 0.292 // per exclamation mark, up to four
	questionIncrease = 0.18  // per question mark, two or three
	questionMax      = 0.96  // four or more
	normalizeAlpha   = 15    // approximates the highest sum to expect
)

// code names the words that the rules look for by name.
type code uint8

const (
	plain code = iota
	wAss
	wAt
	wBad
	wBeating
	wBomb
	wBroken
	wBus
	wBut
	wDeath
	wDie
	wDoubt
	wEnough
	wFor
	wHeart
	wJust
	wKind
	wKiss
	wLeast
	wNever
	wNo
	wNor
	wOf
	wOr
	wRight
	wShit
	wSo
	wSort
	wStop
	wThe
	wThis
	wTo
	wVery
	wWithout
	wYeah
)

var named = map[string]code{
	"ass": wAss, "at": wAt, "bad": wBad, "beating": wBeating, "bomb": wBomb, "broken": wBroken,
	"bus": wBus, "but": wBut, "death": wDeath, "die": wDie, "doubt": wDoubt,
	"enough": wEnough, "for": wFor, "heart": wHeart, "just": wJust, "kind": wKind,
	"kiss": wKiss, "least": wLeast, "never": wNever, "no": wNo, "nor": wNor,
	"of": wOf, "or": wOr, "right": wRight, "shit": wShit, "so": wSo, "sort": wSort,
	"stop": wStop, "the": wThe, "this": wThis, "to": wTo, "very": wVery,
	"without": wWithout, "yeah": wYeah,
}

// Entry is all that the rules know of a lower-cased word. It is small, as there is one
// with each word of a text.
type Entry struct {
	tenths int8 // of the valence, meaningful if listed
	boosts int8 // 1 or -1 for degree adverbs, 0 for other words
	code   code
	marks  marks
}

// marks tell what a word may do, as bits.
type marks uint8

const (
	listed  marks = 1 << iota // in the sentiment lexicon
	negates                   // the three words behind it
	divides                   // is "but"
	acts                      // on a valence near it; there is no rule without a word that acts
	upper                     // str.isupper of the reference; of a token, not of its word
)

// acting are the words that act besides boosters and negations: one at least of each special
// phrase, and those that the rules look for alone.
var acting = []code{wNo, wNever, wWithout, wSo, wThis, wLeast, wKind, wSort, wEnough, wShit, wBomb, wDie, wAss, wStop, wRight, wDeath, wHeart}

// done is the entry with the marks that follow from what it says.
func (e Entry) done(word []byte) Entry {
	if bytes.Contains(word, []byte("n't")) { // "don't" and its like
		e.marks |= negates
	}
	if e.boosts != 0 || e.marks&negates != 0 || slices.Contains(acting, e.code) {
		e.marks |= acts
	}
	if e.code == wBut {
		e.marks |= divides
	}
	return e
}

func (e *Entry) valence() float64 { return float64(e.tenths) / 10 }

// boost is +-BoostIncrease or 0.
func (e *Entry) boost() float64 { return float64(e.boosts) * BoostIncrease }

// corrections are the entries in which vader-go's lexicon differs from the
// reference, besides the backslashes that it doubles.
var corrections = map[string]float64{
	"badass": 1.4, "flawed": -2.1, "futile": -1.9, "heart": 3.2, "hearts": 3.3,
}

// misspelt is in vader-go's lexicon but in no other.
const misspelt = "ftextutile"

// table holds the entries by the number of their word; that of 0, no word of the
// rules, is empty.
type table struct {
	numbers *dictionary.Table
	entries []Entry
}

func (t *table) entry(hash uint32, word []byte) Entry { return t.entries[t.numbers.ID(hash, word)] }

// words merges the lexicon, the boosters and the negations into one table, so
// that a token costs one look-up.
var words = sync.OnceValue(func() *table {
	merged := make(map[string]Entry, 8192)
	edit := func(word string, change func(*Entry)) {
		e := merged[word]
		change(&e)
		merged[word] = e
	}
	list := func(word string, valence float64) {
		edit(word, func(e *Entry) { e.tenths, e.marks = int8(math.Round(10*valence)), e.marks|listed })
	}
	for word, valence := range lexicon.Sentiments {
		if word != misspelt {
			list(strings.ReplaceAll(word, `\\`, `\`), valence)
		}
	}
	for word, valence := range corrections {
		list(word, valence)
	}
	for word, boost := range lexicon.Boosters {
		edit(word, func(e *Entry) { e.boosts = int8(math.Copysign(1, boost)) })
	}
	for word := range lexicon.NegateList {
		edit(word, func(e *Entry) { e.marks |= negates })
	}
	for word, c := range named {
		edit(word, func(e *Entry) { e.code = c })
	}
	sorted := slices.Sorted(maps.Keys(merged))
	t := &table{numbers: dictionary.Of(sorted), entries: make([]Entry, 1, len(sorted)+1)}
	for _, word := range sorted {
		t.entries = append(t.entries, merged[word].done([]byte(word)))
	}
	return t
})

// Words lists the words that the rules know, in order.
func Words() []string {
	t := words()
	list := make([]string, 0, t.numbers.Len()-1)
	for id := 1; id < t.numbers.Len(); id++ {
		list = append(list, t.numbers.Word(id))
	}
	return list
}

// Role is what a lower-case word does in the rules.
type Role struct {
	Valence float64 // rating in the lexicon, meaningful if Listed
	Boost   float64 // what the word adds to the valence that follows it
	Listed  bool
	Negates bool
}

// RoleOf looks a lower-case word up.
func RoleOf(word []byte) Role {
	return words().entry(dictionary.Hash(word), word).done(word).Role()
}

// Role returns what the word does.
func (e Entry) Role() Role {
	return Role{e.valence(), e.boost(), e.marks&listed != 0, e.marks&negates != 0}
}
