package clickhouse

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestFilterNeverForgets is the promise that exactly-once rests on, also for a
// filter that holds far more than it was made for.
func TestFilterNeverForgets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newIDFilter(rapid.IntRange(0, 1<<17).Draw(t, "bytes"), rapid.Uint64Range(0, 1<<16).Draw(t, "expected"))
		n := rapid.IntRange(0, 50_000).Draw(t, "ids")
		seed := rapid.Uint64().Draw(t, "seed")
		for rng, i := rand.New(rand.NewPCG(seed, 0)), 0; i < n; i++ {
			f.add(rng.Uint64())
		}
		for rng, i := rand.New(rand.NewPCG(seed, 0)), 0; i < n; i++ {
			if hash := rng.Uint64(); !f.has(hash) {
				t.Fatalf("%d of %d, %x, is forgotten", i, n, hash)
			}
		}
	})
}

func TestFilterIsSeldomWrong(t *testing.T) {
	for _, c := range []struct {
		name     string
		maxBytes int
		expected uint64
		ids      int
		most     float64 // share of wrong answers
		bytes    int
		full     bool
	}{
		{"made for them", 1 << 20, 300_000, 300_000, 0.002, 750_016, false},
		{"grown layer by layer", 1 << 22, 0, 400_000, 0.004, 917_504, false},
		{"twice as many as it may hold", 1 << 20, 500_000, 1_000_000, 0.05, 1 << 20, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			f := newIDFilter(c.maxBytes, c.expected)
			for range c.ids {
				f.add(rng.Uint64())
			}
			wrong := 0
			for range c.ids {
				if f.has(rng.Uint64()) {
					wrong++
				}
			}
			if share := float64(wrong) / float64(c.ids); share > c.most || f.bytes() > c.maxBytes || f.bytes() != c.bytes || f.full() != c.full {
				t.Errorf("%.4f wrong, %d bytes, full %v, %d ids", share, f.bytes(), f.full(), f.ids())
			}
		})
	}
}

func BenchmarkFilterAdd(b *testing.B) {
	f := newIDFilter(64<<20, 20_000_000)
	rng := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		f.add(rng.Uint64())
	}
}

func BenchmarkFilterHas(b *testing.B) {
	f := newIDFilter(64<<20, 20_000_000)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 1_000_000 {
		f.add(rng.Uint64())
	}
	for b.Loop() {
		f.has(rng.Uint64())
	}
}
