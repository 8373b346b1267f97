package learned

import (
	_ "embed"
	"encoding/binary"
)

//go:generate go run ./gen

//go:embed clusters.bin
var clusterTable []byte

// ClusterSizes are the numbers of word clusters: coarse ones tell food from
// staff, fine ones waiters from managers.
var ClusterSizes = [...]int{200, 1000, 4000}

// clusters is their sum.
const clusters = 200 + 1000 + 4000

// clustersOf returns the clusters of the word at a place of the vectors, below
// clusters.
func clustersOf(place int) (out [len(ClusterSizes)]uint32) {
	from := 0
	for i, k := range ClusterSizes {
		at := 2 * (place*len(ClusterSizes) + i)
		out[i] = uint32(from) + uint32(binary.LittleEndian.Uint16(clusterTable[at:]))
		from += k
	}
	return out
}
