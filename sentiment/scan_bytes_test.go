package sentiment

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestReadBytes holds what is read eight bytes at once against the bytes one by one.
func TestReadBytes(t *testing.T) {
	part := rapid.OneOf(rapid.StringMatching("[a-zA-Z0-9@\\[`{/:' ]{0,20}"), rapid.StringMatching(`[a-z]{50,70}`), rapid.String())
	var d Doc
	rapid.Check(t, func(t *rapid.T) {
		d.Text = strings.Join(rapid.SliceOfN(part, 0, 8).Draw(t, "text"), "")
		d.readBytes()
		next, within := 0, false
		for i := range len(d.Text) + 1 {
			want := byte(0)
			if i < len(d.Text) {
				want = byte(ascii[d.Text[i]])
			}
			if within != (want != 0) {
				if within = !within; next == len(d.edges) || int(d.edges[next]) != i {
					t.Fatalf("%q: edges %d, want one at %d", d.Text, d.edges, i)
				}
				next++
			}
			if want == 0 && i < len(d.Text) {
				want = d.Text[i]
			}
			if i < len(d.Text) && d.low[i] != want {
				t.Fatalf("%q: byte %d is %q, want %q", d.Text, i, d.low[i], want)
			}
		}
		if next != len(d.edges) {
			t.Fatalf("%q: edges %d, want %d of them", d.Text, d.edges, next)
		}
	})
}

// TestShortWordOf: no byte behind a word is of it.
func TestShortWordOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.Byte(), maxShort, maxShort).Draw(t, "bytes")
		size := rapid.IntRange(0, maxShort).Draw(t, "size")
		var alone [maxShort]byte
		copy(alone[:], b[:size])
		if got, want := shortWordOf(b, size), shortWordOf(alone[:], maxShort); got != want {
			t.Fatalf("%q: %x, want %x", b[:size], got, want)
		}
	})
}
