package intake

import "github.com/cespare/xxhash/v2"

// occurrences counts how often each key was seen, in bounded memory: a Bloom
// filter (Bloom 1970) tells the first time, and only repeated keys are stored.
// It errs by counting a first time as a second, for less than one key in a
// million among a million and one in ten thousand among ten million. As it errs
// the same way each time, ids that build on the count stay stable.
type occurrences struct {
	bits    []uint64
	repeats map[uint64]int
}

const (
	bloomBits   = 1 << 28 // 32 MiB, touched page by page
	bloomProbes = 6
)

func newOccurrences() *occurrences {
	return &occurrences{repeats: make(map[uint64]int)}
}

// count notes key and returns how often it was seen, this time included.
func (o *occurrences) count(key string) int {
	if o.bits == nil {
		o.bits = make([]uint64, bloomBits/64)
	}
	h := xxhash.Sum64String(key)
	if !o.add(h) {
		return 1
	}
	o.repeats[h]++
	return o.repeats[h] + 1
}

// add sets the key's bits and reports whether all were set before. The probes
// are h1 + i*h2 (Kirsch and Mitzenmacher 2008).
func (o *occurrences) add(h uint64) bool {
	seen := true
	step := h>>32 | 1
	for i := range uint64(bloomProbes) {
		at := (h + i*step) % bloomBits
		word, bit := at/64, uint64(1)<<(at%64)
		if o.bits[word]&bit == 0 {
			seen = false
			o.bits[word] |= bit
		}
	}
	return seen
}
