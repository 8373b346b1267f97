package dictionary

import (
	"testing"

	"pgregory.net/rapid"
)

func TestTableNumbersLikeAMap(t *testing.T) {
	word := rapid.StringMatching(`[a-c']{0,4}`)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(word).Draw(t, "words")
		want := map[string]int{}
		for _, w := range words {
			if _, known := want[w]; !known {
				want[w] = len(want) + 1
			}
		}
		table := Of(words)
		if table.Len() != len(want)+1 {
			t.Fatalf("length %d of %d words", table.Len(), len(want))
		}
		for _, w := range append(rapid.SliceOf(word).Draw(t, "others"), words...) {
			id := table.ID(Hash([]byte(w)), []byte(w))
			if id != want[w] || id > 0 && table.Word(id) != w {
				t.Fatalf("%q is %d, want %d", w, id, want[w])
			}
		}
	})
}

// Words whose hashes are equal must still be told apart.
func TestEqualHashes(t *testing.T) {
	table := Of([]string{"good", "bad"})
	if id := table.ID(Hash([]byte("good")), []byte("bad")); id != 0 {
		t.Errorf("another word under the hash of good is %d", id)
	}
}

func BenchmarkID(b *testing.B) {
	table := Of([]string{"good", "bad", "service"})
	word := []byte("service")
	for b.Loop() {
		table.ID(Hash(word), word)
	}
}
