package discovery

import (
	"cmp"
	"slices"
	"strings"
)

const (
	sampleSize  = 8        // texts kept of a candidate
	sampleFrom  = 3        // texts that say it before any is kept
	sampleBytes = 64 << 20 // of all kept texts
	quoteBytes  = 1 << 10  // of one: a longer text is cut around the phrase
)

// quote is a text, or part of one, kept to be shown. Candidates of the same text
// share it.
type quote struct {
	event string // id
	text  string
	base  int // byte offset of text in the text that was analysed
	at    int64
}

// sighting is a candidate in a text. Of each candidate those with the smallest
// hashes are kept: a fair sample, and the same texts for candidates that are said
// together, so that samples tell how far two candidates share their texts (Broder
// 1997).
type sighting struct {
	hash       uint32
	start, end int32 // byte offsets into the quote's text
	quote      *quote
}

// samples keeps texts within bounds.
type samples struct {
	from  uint32 // texts that say a candidate before any is kept
	limit int    // bytes
	held  int    // bytes of all quotes made, including those let go of since the last count
}

// keep considers a sighting; quote is asked for the text only if it is kept.
func (s *samples) keep(e *entry, hash uint32, quoted func() sighting) {
	if e.most() < s.from {
		return
	}
	at, _ := slices.BinarySearchFunc(e.sample, hash, func(x sighting, h uint32) int {
		if x.hash < h {
			return -1
		}
		return 1
	})
	if at >= sampleSize {
		return
	}
	x := quoted()
	x.hash = hash
	if len(e.sample) == sampleSize {
		e.sample = e.sample[:sampleSize-1]
	}
	e.sample = slices.Insert(e.sample, at, x)
}

// quoteOf keeps text around [start, end); it may be shared if it is kept whole.
func (s *samples) quoteOf(event, text string, at int64, start, end int) (x sighting, whole bool) {
	lo, hi := 0, len(text)
	if hi > quoteBytes {
		lo, hi = max(0, start-quoteBytes/2), min(len(text), end+quoteBytes/2)
	}
	part := strings.ToValidUTF8(text[lo:hi], "")
	if len(part) != hi-lo { // a character was cut
		for lo < start && text[lo]&0xc0 == 0x80 {
			lo++
		}
		for hi > end && hi < len(text) && text[hi]&0xc0 == 0x80 {
			hi--
		}
		part = text[lo:hi]
	}
	q := &quote{event: strings.Clone(event), text: strings.Clone(part), base: lo, at: at}
	s.held += len(q.event) + len(q.text)
	return sighting{start: int32(start - lo), end: int32(end - lo), quote: q}, lo == 0 && hi == len(text)
}

// tighten lets go of the texts of rare candidates when all are too many.
func (s *samples) tighten(entries []entry) {
	for s.held > s.limit {
		s.held = heldBy(entries)
		if s.held <= s.limit/2 {
			return
		}
		s.from *= 2
		for i := range entries {
			if entries[i].most() < s.from {
				entries[i].sample = nil
			}
		}
		s.held = heldBy(entries)
	}
}

func heldBy(entries []entry) (bytes int) {
	seen := map[*quote]bool{}
	for i := range entries {
		for _, x := range entries[i].sample {
			if !seen[x.quote] {
				seen[x.quote] = true
				bytes += len(x.quote.event) + len(x.quote.text)
			}
		}
	}
	return bytes
}

// within says whether all texts of a that could be among the sampled ones of b are: "code
// on the table" is said only where "qr code" is. Without such a text it is not known.
func within(a, b []sighting) bool {
	known := 0
	for _, x := range a {
		at, found := slices.BinarySearchFunc(b, x.hash, func(y sighting, hash uint32) int { return cmp.Compare(y.hash, hash) })
		if at == sampleSize {
			break // beyond what b keeps
		}
		if !found {
			return false
		}
		known++
	}
	return known > 0
}

// together estimates which share of the texts of two candidates say both.
func together(a, b []sighting) float64 {
	both, all := 0, 0
	for i, j := 0, 0; (i < len(a) || j < len(b)) && all < sampleSize; all++ {
		switch {
		case j >= len(b) || i < len(a) && a[i].hash < b[j].hash:
			i++
		case i >= len(a) || b[j].hash < a[i].hash:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	return float64(both) / float64(max(all, 1))
}
