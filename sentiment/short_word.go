package sentiment

import "encoding/binary"

// shortWord is a word of up to maxShort bytes in lower case: eight bytes and the rest, the
// first byte lowest; zeros follow.
type shortWord struct{ head, tail uint64 }

const maxShort = 16

// shortWords has the bits of a word's bytes, by its length.
var shortWords = func() (masks [maxShort + 1]shortWord) {
	for n := range masks {
		masks[n] = shortWord{uint64(1)<<(8*min(n, 8)) - 1, uint64(1)<<(8*max(n-8, 0)) - 1}
	}
	return masks
}()

// shortWordOf is the word that the first size bytes of b are; maxShort can be read.
func shortWordOf(b []byte, size int) shortWord {
	mask := &shortWords[size]
	return shortWord{binary.LittleEndian.Uint64(b) & mask.head, binary.LittleEndian.Uint64(b[8:]) & mask.tail}
}

// place is where the cache holds the word.
func (w shortWord) place() uint64 {
	return (w.head ^ w.tail*0xff51afd7ed558ccd) * 0x9e3779b97f4a7c15 >> (64 - cachedBits)
}
