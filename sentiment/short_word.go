package sentiment

import (
	"encoding/binary"
	"math/bits"
)

// shortWord is a word of up to maxShort letters and digits of ASCII in lower case: eight
// bytes and the rest, the first byte lowest; zeros follow.
type shortWord struct{ head, tail uint64 }

const maxShort = 15

const (
	eachByte = 0x0101010101010101
	topBits  = 0x80 * eachByte
	caseBits = 0x20 * eachByte
)

// shortWordAt reads the letters and digits of ASCII at text[i]. size is more than maxShort
// if there are more; capitals is how many of them are.
func shortWordAt(text string, i int) (w shortWord, size, capitals int) {
	w.head, size, capitals = eightLetters(text, i)
	if size == 8 {
		tail, more, upper := eightLetters(text, i+8)
		w.tail, size, capitals = tail, 8+more, capitals+upper
	}
	return w, size, capitals
}

// eightLetters is the same for up to eight.
func eightLetters(text string, i int) (lower uint64, size, capitals int) {
	b := eightBytes(text, i)
	size = wordBytes(b)
	mask := uint64(1)<<(8*size) - 1
	return (b | caseBits) & mask, size, bits.OnesCount64(^b & mask & caseBits) // digits have the bit
}

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

// wordBytes counts the letters and digits of ASCII that eight bytes begin with. It looks
// at all bytes at once: one sum reaches a byte's top bit from the first character of a
// range on, the other behind its last.
func wordBytes(w uint64) int {
	low := w &^ topBits
	letter := low | caseBits
	letters := (letter + (0x80-'a')*eachByte) &^ (letter + (0x7f-'z')*eachByte)
	digits := (low + (0x80-'0')*eachByte) &^ (low + (0x7f-'9')*eachByte)
	return bits.TrailingZeros64(^((letters|digits)&^w)&topBits) / 8
}

// write puts the word and the zeros behind it at the start of dst.
func (w shortWord) write(dst []byte) {
	binary.LittleEndian.PutUint64(dst, w.head)
	binary.LittleEndian.PutUint64(dst[8:], w.tail)
}

// place is where the cache holds the word.
func (w shortWord) place() uint64 {
	return (w.head ^ w.tail*0xff51afd7ed558ccd) * 0x9e3779b97f4a7c15 >> (64 - cachedBits)
}
