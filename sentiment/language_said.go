package sentiment

import (
	"bytes"
	"math/bits"
)

// What the words of the vocabulary say of a language never changes, so it is worked
// out once: the votes of a word are a row of bytes, one for each language, and words
// are counted by adding rows.

// lanes holds one vote a byte, by place in latin.
type lanes [3]uint64

const (
	laneWords = firstGlance     // rows that are added before the bytes are emptied
	maxLane   = 255 / laneWords // a row's largest vote, so that none overflows
)

// noRow marks a word that has to be looked at letter by letter.
const noRow = 0

// saidRows are the different rows; those of words that say nothing are all zero.
type saidRows struct {
	rows  []lanes
	known map[lanes]uint16
}

// remember works out what all words of the vocabulary say.
func (known *vocabulary) remember() {
	r := saidRows{rows: make([]lanes, noRow+1), known: map[lanes]uint16{}}
	for id := 1; id < known.numbers.Len(); id++ {
		word := []byte(known.numbers.Word(id))
		var v votes
		v.word(known, id, word)
		info := &known.words[id]
		if isLink(word) || v.latin > 255 || v.foreign > 0 {
			continue
		}
		info.row, info.letters = r.of(&v), uint8(v.latin)
		if v.accented {
			info.uses |= isAccented
		}
	}
	known.endings = make([]uint16, endings.numbers.Len())
	for id := range known.endings {
		var v votes
		v.add(endings.says[id])
		known.endings[id] = r.of(&v)
	}
	known.rows = r.rows
}

// unlisted is what a word says that is not in the vocabulary and holds nothing but ASCII.
func (known *vocabulary) unlisted(word []byte) (info wordInfo) {
	if isLink(word) || bytes.IndexByte(word, '\'') >= 0 {
		return info
	}
	for _, c := range word {
		if c >= 'a' {
			info.letters++
		}
	}
	info.row = known.endings[endings.of(word)]
	if id := known.squeezed(word); known.says[id].langs != 0 {
		info.row = known.words[id].row
	}
	return info
}

// of returns the number of the row that holds the votes of v, noRow if none can.
func (r *saidRows) of(v *votes) uint16 {
	var row lanes
	for i := range latin {
		if v.score[i] < 0 || v.score[i] > maxLane {
			return noRow
		}
		row[i/8] |= uint64(v.score[i]) << (8 * (i % 8))
	}
	number, seen := r.known[row]
	if !seen {
		number = uint16(len(r.rows))
		r.rows, r.known[row] = append(r.rows, row), number
	}
	return number
}

// said counts a word whose row is known.
func (v *votes) said(row *lanes, info wordInfo) {
	v.lanes[0] += row[0]
	v.lanes[1] += row[1]
	v.lanes[2] += row[2]
	v.latin += int(info.letters)
	v.accented = v.accented || info.uses&isAccented != 0
	if v.added++; v.added == laneWords {
		v.empty()
	}
}

// empty moves the votes from the lanes to the score.
func (v *votes) empty() {
	if v.added == 0 {
		return
	}
	for i, eight := range v.lanes {
		for lang := 8 * i; eight != 0; lang++ {
			v.score[lang] += int32(eight & 255)
			eight >>= 8
		}
	}
	v.lanes, v.added = lanes{}, 0
}

// lengthsOf are the lengths of the endings whose last two bytes are a and b, as bits;
// it may hold too many.
func (t *partTable) lengthsOf(a, b byte) uint8 { return t.lengths[a&31][b&31] }

// longestOf takes the largest of the lengths out.
func longestOf(lengths uint8) (n int, rest uint8) {
	n = bits.Len8(lengths) - 1
	return n, lengths &^ (1 << n)
}
