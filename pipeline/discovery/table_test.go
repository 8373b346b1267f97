package discovery

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the stream: a count is never too high, what may be missing is never more
// than said, who is not counted was not seen more often than the floor, and the floor
// stays below twice the stream by the capacity.
func TestCountsAreBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		capacity := rapid.IntRange(2, 30).Draw(t, "capacity")
		stream := rapid.SliceOfN(rapid.IntRange(0, 60), 0, 2000).Draw(t, "stream")
		skew := rapid.IntRange(1, 8).Draw(t, "skew")
		counts := newTable(capacity)
		truth := map[string]uint32{}
		for _, n := range stream {
			text := fmt.Sprint(n % (n/skew + 1)) // small numbers more often
			truth[text]++
			e := counts.find(hashText(text))
			if e == nil {
				e = counts.add(hashText(text), text, 1)
			}
			e.docs++
			if len(counts.entries) > capacity || len(counts.places) != len(counts.entries) {
				t.Fatalf("%d entries, %d places, capacity %d", len(counts.entries), len(counts.places), capacity)
			}
		}
		if int(counts.floor)*capacity > 2*len(stream) {
			t.Fatalf("floor %d after %d at capacity %d", counts.floor, len(stream), capacity)
		}
		for text, n := range truth {
			e := counts.find(hashText(text))
			switch {
			case e == nil && n > counts.floor:
				t.Fatalf("%s was seen %d times and is not counted; floor %d", text, n, counts.floor)
			case e != nil && (e.docs > n || e.most() < n || e.text != text):
				t.Fatalf("%s was seen %d times: %d to %d", text, n, e.docs, e.most())
			}
		}
	})
}

func TestHashOfWordsIsThatOfText(t *testing.T) {
	h := uint64(hashSeed)
	for _, word := range []string{"qr", "code", "menu"} {
		h = hashWord(h, []byte(word))
	}
	if h != hashText("qr code menu") {
		t.Error("the hashes of a phrase differ")
	}
}

// Kept texts stay within their bytes, and those of frequent candidates survive.
func TestSamplesAreBounded(t *testing.T) {
	s := samples{from: sampleFrom, limit: 20_000}
	entries := make([]entry, 50)
	for n := range uint32(5000) {
		e := &entries[int(mix(n))%(int(n%50)+1)]
		e.docs++
		s.keep(e, mix(n), func() sighting {
			x, _ := s.quoteOf(fmt.Sprint(n), strings.Repeat("x", 100), 0, 10, 20)
			return x
		})
		if s.held > s.limit {
			s.tighten(entries)
		}
		if held := heldBy(entries); held > s.limit || s.held < held {
			t.Fatalf("%d bytes are held, %d are known of, limit %d", held, s.held, s.limit)
		}
	}
	if len(entries[0].sample) != sampleSize {
		t.Errorf("%d texts of the most frequent", len(entries[0].sample))
	}
	for i := 1; i < sampleSize; i++ {
		if entries[0].sample[i-1].hash >= entries[0].sample[i].hash {
			t.Error("a sample is not in order of its hashes")
		}
	}
}

func TestLongTextsAreCutAroundThePhrase(t *testing.T) {
	var s samples
	text := strings.Repeat("ä", 2000) + " qr code menu " + strings.Repeat("ö", 2000)
	start := strings.Index(text, "qr")
	x, whole := s.quoteOf("e1", text, 0, start, start+len("qr code menu"))
	if whole || len(x.quote.text) > quoteBytes+20 || x.quote.text[x.start:x.end] != "qr code menu" || strings.ContainsRune(x.quote.text, '\ufffd') {
		t.Errorf("%d bytes, phrase %q", len(x.quote.text), x.quote.text[x.start:x.end])
	}
	if text[x.quote.base+int(x.start):x.quote.base+int(x.end)] != "qr code menu" {
		t.Error("the offset is not that of the text")
	}
}

func TestTogether(t *testing.T) {
	of := func(hashes ...uint32) (out []sighting) {
		for _, h := range hashes {
			out = append(out, sighting{hash: h})
		}
		return out
	}
	for _, c := range []struct {
		a, b []sighting
		want float64
	}{
		{of(1, 2, 3), of(1, 2, 3), 1}, {of(1, 2), of(3, 4), 0}, {nil, nil, 0}, {of(1), nil, 0},
		{of(1, 3, 5), of(1, 2, 3), 0.5},
	} {
		if got := together(c.a, c.b); got != c.want {
			t.Errorf("%v %v: %g", c.a, c.b, got)
		}
	}
}
