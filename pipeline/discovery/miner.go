// Package discovery finds what customers speak of and no topic covers: recurring
// phrases, gathered to themes. It reads a stream of events once, in bounded memory.
package discovery

import (
	"time"

	"earshot/pipeline"
	"earshot/sentiment"
	"earshot/sentiment/topic/phrase"
)

// Options say what is looked for.
type Options struct {
	Analyzer pipeline.Analyzer // its topics cover what they mention
	Judge    *phrase.Judge
	Recent   time.Time // events from here on are the recent part; zero: there is none
	MinCount int       // texts that a phrase needs; at least 3
	Bare     bool      // topics cover nothing

	Capacity int // candidates counted at a time; 0: DefaultCapacity
}

// Miner counts the candidates of events. It is not safe for concurrent use.
type Miner struct {
	opts    Options
	table   *table
	samples samples

	texts   uint32 // English texts
	recent  int    // of them, in the recent part
	skipped int    // events without an English text
	words   int    // single candidates, each once a text

	doc   sentiment.Doc
	spans []phrase.Span
}

// New returns an empty miner.
func New(opts Options) *Miner {
	if opts.Capacity == 0 {
		opts.Capacity = DefaultCapacity
	}
	opts.MinCount = max(opts.MinCount, sampleFrom)
	return &Miner{opts: opts, table: newTable(opts.Capacity), samples: samples{from: sampleFrom, limit: sampleBytes}}
}

// Add analyses an event and counts its candidates.
func (m *Miner) Add(e *pipeline.Event) { m.AddAnalysed(e, m.opts.Analyzer.Analyze(e)) }

// AddAnalysed is Add for an event that the analyzer has read already: that takes
// most of the time and can be done side by side.
func (m *Miner) AddAnalysed(e *pipeline.Event, a pipeline.Analysis) {
	if a.Sentiment.Label == pipeline.Unknown {
		m.skipped++
		return
	}
	text, _ := pipeline.AnalysedText(e)
	m.texts++
	s := sighted{miner: m, event: e, text: text, label: a.Sentiment.Label, hash: mix(m.texts)}
	if !m.opts.Bare {
		s.mentions = a.Topics
	}
	if s.recent = !m.opts.Recent.IsZero() && !e.OccurredAt.Before(m.opts.Recent); s.recent {
		m.recent++
	}
	m.doc.ScanTokens(text)
	m.spans = phrase.Candidates(m.spans[:0], &m.doc)
	first, h := -1, uint64(0)
	end := 0
	for _, c := range m.spans { // those of one first token follow each other, ever longer
		if c.First != first {
			first, end, h = c.First, c.First, hashSeed
		}
		for ; end < c.End; end++ {
			h = hashWord(h, m.doc.Lower(end))
		}
		s.count(c, h)
	}
	if m.samples.held > m.samples.limit {
		m.samples.tighten(m.table.entries)
	}
}

// sighted is the text under way.
type sighted struct {
	miner    *Miner
	event    *pipeline.Event
	text     string
	label    pipeline.Label
	recent   bool
	hash     uint32
	mentions []pipeline.Mention
	shared   *quote // of the whole text, once it is kept
}

// count counts one candidate, once a text.
func (s *sighted) count(c phrase.Span, key uint64) {
	m := s.miner
	if c.End-c.First == 1 {
		m.words++
	}
	start, end := m.doc.Tokens[c.First].Start, m.doc.Tokens[c.End-1].End
	e := m.table.find(key)
	if e != nil && e.lastDoc == m.texts {
		return
	}
	if covered(s.mentions, start, end) {
		if e != nil {
			e.covered++
			e.lastDoc = m.texts
		}
		return
	}
	if e == nil {
		e = m.table.add(key, c.Text(&m.doc), c.End-c.First)
	}
	m.table.counted++
	e.lastDoc = m.texts
	e.docs++
	if s.recent {
		e.recent++
	}
	switch s.label {
	case pipeline.Negative:
		e.negative++
	case pipeline.Positive:
		e.positive++
	}
	if !s.event.OccurredAt.IsZero() {
		e.lastAt = max(e.lastAt, s.event.OccurredAt.UnixMilli())
	}
	m.samples.keep(e, s.hash, func() sighting { return s.quote(start, end) })
}

func (s *sighted) quote(start, end int) sighting {
	if s.shared != nil {
		return sighting{start: int32(start), end: int32(end), quote: s.shared}
	}
	at := int64(0)
	if !s.event.OccurredAt.IsZero() {
		at = s.event.OccurredAt.UnixMilli()
	}
	x, whole := s.miner.samples.quoteOf(s.event.ID, s.text, at, start, end)
	if whole {
		s.shared = x.quote
	}
	return x
}

// covered says whether a mention overlaps [start, end).
func covered(mentions []pipeline.Mention, start, end int) bool {
	for i := range mentions {
		if mentions[i].Start < end && start < mentions[i].End {
			return true
		}
	}
	return false
}
