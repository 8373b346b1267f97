// Command gen groups the shipped word vectors into clusters by mini-batch k-means
// (Sculley, "Web-scale k-means clustering", WWW 2010) and writes clusters.bin: for
// each word, in the order of the vectors, one uint16 for each size, little endian.
package main

import (
	"bytes"
	"encoding/binary"
	"log"
	"math"
	"math/rand/v2"
	"os"

	"earshot/sentiment/model"
	"earshot/sentiment/topic/learned"
)

const (
	batch  = 4096
	rounds = 25
)

func main() {
	vectors, err := model.WordVectors()
	if err != nil {
		log.Fatal(err)
	}
	points := make([][model.Dimensions]float32, vectors.Len())
	for i := range points {
		for j, b := range vectors.At(i) {
			points[i][j] = float32(b) / model.VectorSteps
		}
	}
	var out bytes.Buffer
	groups := make([][]uint16, 0, len(learned.ClusterSizes))
	for _, k := range learned.ClusterSizes {
		groups = append(groups, cluster(points, k))
	}
	for i := range points {
		for _, g := range groups {
			_ = binary.Write(&out, binary.LittleEndian, g[i]) // a buffer takes all
		}
	}
	if err := os.WriteFile("clusters.bin", out.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}

func cluster(points [][model.Dimensions]float32, k int) []uint16 {
	random := rand.New(rand.NewPCG(1, uint64(k)))
	centres := make([][model.Dimensions]float32, k)
	for i, p := range random.Perm(len(points))[:k] {
		centres[i] = points[p]
	}
	seen := make([]float32, k)
	half := halves(centres)
	for range rounds {
		for range batch {
			p := &points[random.IntN(len(points))]
			c := nearest(p, centres, half)
			seen[c]++
			for j := range p {
				centres[c][j] += (p[j] - centres[c][j]) / seen[c]
			}
		}
		half = halves(centres)
	}
	out := make([]uint16, len(points))
	for i := range points {
		out[i] = uint16(nearest(&points[i], centres, half))
	}
	return out
}

// halves are half the squared lengths of the centres.
func halves(centres [][model.Dimensions]float32) []float32 {
	out := make([]float32, len(centres))
	for i := range centres {
		out[i] = dot(&centres[i], &centres[i]) / 2
	}
	return out
}

func nearest(p *[model.Dimensions]float32, centres [][model.Dimensions]float32, half []float32) (best int) {
	top := float32(math.Inf(-1))
	for i := range centres {
		if v := dot(p, &centres[i]) - half[i]; v > top {
			top, best = v, i
		}
	}
	return best
}

func dot(a, b *[model.Dimensions]float32) float32 {
	var s0, s1, s2, s3 float32
	for i := 0; i < model.Dimensions; i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	return s0 + s1 + s2 + s3
}
