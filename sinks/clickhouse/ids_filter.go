package clickhouse

import "math/bits"

const (
	// bitsPerID keeps wrong answers at about one in a thousand.
	bitsPerID = 16
	// filterLeast is the room of the smallest layer, in ids.
	filterLeast = 1 << 16
)

// idFilter is a set of id hashes that never says no for one that it holds and
// seldom yes for another: a split block Bloom filter (Putze, Sanders, Singler,
// "Cache-, Hash- and Space-Efficient Bloom Filters", 2007; salts and block
// layout of the Apache Parquet format). A full layer is followed by one of twice
// its size, as far as the bytes reach; after that the last layer takes more than
// its share and wrong answers become more frequent.
type idFilter struct {
	layers []filterLayer
	spare  int // bytes that further layers may take
}

type filterLayer struct {
	blocks     []filterBlock
	held, room int // ids
}

type filterBlock [8]uint32 // 32 bytes

const filterBlockBytes = 32

// newIDFilter returns an empty filter with room for the expected number of ids
// and some more, of at most maxBytes.
func newIDFilter(maxBytes int, expected uint64) *idFilter {
	f := &idFilter{spare: max(maxBytes, filterBlockBytes)}
	f.grow(max(filterLeast, int(min(expected, 1<<40))*5/4))
	return f
}

// grow adds a layer for so many ids, or a smaller one if the bytes end; false
// means that there is no room for a useful one.
func (f *idFilter) grow(room int) bool {
	blocks := min((room*bitsPerID/8+filterBlockBytes-1)/filterBlockBytes, f.spare/filterBlockBytes)
	if n := len(f.layers); blocks == 0 || n > 0 && blocks < len(f.layers[n-1].blocks)/4 {
		return false
	}
	f.spare -= blocks * filterBlockBytes
	f.layers = append(f.layers, filterLayer{blocks: make([]filterBlock, blocks), room: blocks * filterBlockBytes * 8 / bitsPerID})
	return true
}

func (f *idFilter) add(hash uint64) {
	if f.has(hash) {
		return
	}
	last := &f.layers[len(f.layers)-1]
	if last.held >= last.room && f.grow(2*last.room) {
		last = &f.layers[len(f.layers)-1]
	}
	last.held++
	block, mask := &last.blocks[last.index(hash)], filterMask(hash)
	for i, bit := range mask {
		block[i] |= bit
	}
}

func (f *idFilter) has(hash uint64) bool {
	mask := filterMask(hash)
	for i := range f.layers {
		block := &f.layers[i].blocks[f.layers[i].index(hash)]
		missing := uint32(0)
		for j, bit := range mask {
			missing |= bit &^ block[j]
		}
		if missing == 0 {
			return true
		}
	}
	return false
}

// full reports whether the filter holds more ids than it was made for.
func (f *idFilter) full() bool {
	last := f.layers[len(f.layers)-1]
	return last.held > last.room
}

// ids is about how many are held.
func (f *idFilter) ids() (n int) {
	for _, l := range f.layers {
		n += l.held
	}
	return n
}

func (f *idFilter) bytes() (n int) {
	for _, l := range f.layers {
		n += len(l.blocks) * filterBlockBytes
	}
	return n
}

// index picks the block by the hash's upper half, without a division.
func (l *filterLayer) index(hash uint64) uint64 {
	high, _ := bits.Mul64(hash, uint64(len(l.blocks)))
	return high
}

// filterMask is one bit for each word of a block, from the hash's lower half.
func filterMask(hash uint64) filterBlock {
	x := uint32(hash)
	return filterBlock{
		1 << (x * 0x47b6137b >> 27), 1 << (x * 0x44974d91 >> 27), 1 << (x * 0x8824ad5b >> 27), 1 << (x * 0xa2b7289d >> 27),
		1 << (x * 0x705495c7 >> 27), 1 << (x * 0x2df1424b >> 27), 1 << (x * 0x9efc4947 >> 27), 1 << (x * 0x5c6bfb31 >> 27),
	}
}
