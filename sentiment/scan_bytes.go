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
	clear(d.low[copy(d.low, d.Text):])
	edges, carry := d.edges[:0], uint64(0) // carry: the run goes on
	for block := 0; block < len(d.Text); block += 64 {
		runs := readBlock((*[64]byte)(d.low[block:]))
		for e := runs ^ (runs<<1 | carry); e != 0; e &= e - 1 {
			edges = append(edges, uint32(block+bits.TrailingZeros64(e)))
		}
		carry = runs >> 63
	}
	if carry != 0 {
		edges = append(edges, uint32(len(d.Text)))
	}
	d.edges = edges
}

// readBlock makes the letters of 64 bytes small and returns, as bits, which are letters or
// digits.
func readBlock(block *[64]byte) (runs uint64) {
	for at := 56; at >= 0; at -= 8 {
		b := block[at : at+8]
		w := binary.LittleEndian.Uint64(b)
		letters, digits := lettersAndDigits(w)
		binary.LittleEndian.PutUint64(b, w|letters>>2)
		runs = runs<<8 | (letters|digits)>>7*gatherBytes>>56
	}
	return runs
}

// gatherBytes is the factor that moves the lowest bits of eight bytes to the highest byte.
const gatherBytes = 0x0102040810204080

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
