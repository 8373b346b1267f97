package discovery

import (
	"slices"
)

// DefaultCapacity is how many candidates are counted at a time: some 100 MB.
const DefaultCapacity = 1 << 19

// entry is what is known of a candidate.
type entry struct {
	key     uint64
	text    string
	words   int
	lastDoc uint32 // that counted
	missed  uint32 // texts that may have said it before it was counted

	docs     uint32 // texts that say it outside every topic
	recent   uint32 // those of the recent part
	negative uint32
	positive uint32
	covered  uint32 // texts that say it within a mention of a topic, as far as they were counted
	lastAt   int64  // Unix ms

	sample []sighting // those with the smallest hashes
}

// most is the largest number of texts that can have said it.
func (e *entry) most() uint32 { return e.docs + e.missed }

// table counts candidates in bounded memory. When it is full, the half with the
// smallest counts is forgotten and the floor rises to what they may have had: a
// candidate that comes (back) later may have been missed so often, never more. This
// is the counter of Misra & Gries (1982) pruned in batches: the floor is at most
// twice the number of counted sightings by the capacity.
type table struct {
	capacity int
	places   map[uint64]int32
	entries  []entry
	floor    uint32
	counted  int // sightings
}

func newTable(capacity int) *table {
	return &table{capacity: max(capacity, 2), places: map[uint64]int32{}}
}

// find returns the entry of a key, nil if it is not counted. It is valid until
// the next add.
func (t *table) find(key uint64) *entry {
	if i, ok := t.places[key]; ok {
		return &t.entries[i]
	}
	return nil
}

// add makes room if need be and starts to count a candidate.
func (t *table) add(key uint64, text string, words int) *entry {
	if len(t.entries) >= t.capacity {
		t.prune()
	}
	t.places[key] = int32(len(t.entries))
	t.entries = append(t.entries, entry{key: key, text: text, words: words, missed: t.floor})
	return &t.entries[len(t.entries)-1]
}

// prune forgets at least half of the entries.
func (t *table) prune() {
	counts := make([]uint32, len(t.entries))
	for i := range t.entries {
		counts[i] = t.entries[i].most()
	}
	slices.Sort(counts)
	t.floor = max(t.floor, counts[len(counts)/2])
	kept := t.entries[:0]
	clear(t.places)
	for i := range t.entries {
		if t.entries[i].most() > t.floor {
			t.places[t.entries[i].key] = int32(len(kept))
			kept = append(kept, t.entries[i])
		}
	}
	clear(t.entries[len(kept):]) // let go of texts and samples
	t.entries = kept
}

// Hashes of candidates: FNV-1a over the words with single spaces between.
const (
	hashSeed  = 14695981039346656037
	hashPrime = 1099511628211
)

func hashWord(h uint64, word []byte) uint64 {
	for _, b := range word {
		h = (h ^ uint64(b)) * hashPrime
	}
	return (h ^ ' ') * hashPrime
}

func hashText(text string) uint64 {
	h := uint64(hashSeed)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * hashPrime
	}
	return (h ^ ' ') * hashPrime
}

// mix spreads the number of a text over all 32 bits (Murmur3's finaliser).
func mix(n uint32) uint32 {
	n = (n ^ n>>16) * 0x85ebca6b
	n = (n ^ n>>13) * 0xc2b2ae35
	return n ^ n>>16
}
