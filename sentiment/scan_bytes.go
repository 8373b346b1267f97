package sentiment

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Before any word is looked at, one pass goes over the text, eight bytes at a time: it writes
// the text with small letters, as the words of most texts need no more than that, and finds
// where each run of letters and digits of ASCII starts and ends.

const (
	eachByte = 0x0101010101010101
	topBits  = 0x80 * eachByte
	caseBits = 0x20 * eachByte
)

// readBytes fills d.low, with at least maxShort bytes behind the text, and d.edges.
func (d *Doc) readBytes() {
	size := (len(d.Text)+63)/64*64 + maxShort
	d.low = slices.Grow(d.low[:0], size)[:size]
	d.edges = d.edges[:0]
	carry := uint64(0) // the run goes on
	for block := 0; block < len(d.Text); block += 64 {
		var runs uint64 // by byte: whether it is of one
		for at := block; at < min(len(d.Text), block+64); at += 8 {
			w := eightBytes(d.Text, at)
			letters, digits := lettersAndDigits(w)
			binary.LittleEndian.PutUint64(d.low[at:], w|letters>>2)
			runs |= (letters | digits) >> 7 * gatherBytes >> 56 << (at - block)
		}
		edges := runs ^ (runs<<1 | carry)
		carry = runs >> 63
		d.edges = slices.Grow(d.edges, 64)
		for ; edges != 0; edges &= edges - 1 {
			d.edges = append(d.edges, uint32(block+bits.TrailingZeros64(edges)))
		}
	}
	if carry != 0 {
		d.edges = append(d.edges, uint32(len(d.Text)))
	}
}

// gatherBytes is the factor that moves the lowest bits of eight bytes to the highest byte.
const gatherBytes = 0x0102040810204080

// eightBytes loads text[i:], the first byte lowest, zeros behind its end.
func eightBytes(text string, i int) (w uint64) {
	if i+8 <= len(text) {
		b := text[i : i+8]
		return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
	}
	for j := len(text) - 1; j >= i; j-- {
		w = w<<8 | uint64(text[j])
	}
	return w
}

// lettersAndDigits has the top bits of the bytes that are letters or digits of ASCII. It
// looks at all bytes at once: one sum reaches a byte's top bit from the first character of a
// range on, the other behind its last.
func lettersAndDigits(w uint64) (letters, digits uint64) {
	low := w &^ topBits
	letter := low | caseBits
	letters = (letter + (0x80-'a')*eachByte) &^ (letter + (0x7f-'z')*eachByte)
	digits = (low + (0x80-'0')*eachByte) &^ (low + (0x7f-'9')*eachByte)
	return letters & topBits &^ w, digits & topBits &^ w
}
