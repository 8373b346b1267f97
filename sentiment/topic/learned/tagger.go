package learned

import "earshot/sentiment"

// Found is a topic of a text and the word that shows it most.
type Found struct {
	Topic      string
	Start, End int // byte offsets of the word
	Clause     int // index into Doc.Clauses
}

// Polarity is how a text speaks of a topic.
type Polarity struct {
	Label string  // one of the model's polarities
	Score float64 // -1..1: the probability of positive less that of negative
}

// Tagger reads texts with one model. It keeps buffers and a cache, so use one for
// each goroutine.
type Tagger struct {
	reader *reader
	found  []Found
	spread bool
	vector vector
	z      []float32
}

// NewTagger returns a tagger for m.
func NewTagger(m *Model) *Tagger {
	return &Tagger{reader: newReader(m), z: make([]float32, m.polarity.columns)}
}

// Tag returns the topics of a scanned English text. The slice is valid until the
// next call.
func (t *Tagger) Tag(d *sentiment.Doc) []Found {
	t.found, t.spread = t.found[:0], false
	r := t.reader
	r.read(d)
	if len(r.tokens) == 0 {
		return nil
	}
	r.decide()
	for c := range r.z {
		if !r.model.has(r.z, c) {
			continue
		}
		cue := r.cueOf(c)
		at := d.Tokens[cue]
		t.found = append(t.found, Found{Topic: r.model.Topics[c], Start: at.Start, End: at.End, Clause: d.ClauseOf(cue)})
	}
	return t.found
}

// Knows says whether the model was trained for a topic.
func (t *Tagger) Knows(topic string) bool {
	_, ok := t.reader.model.topic(topic)
	return ok
}

// Polarity tells how the text of the last Tag speaks of a topic, whether it was
// found or not; ok is false if the model does not know the topic, or no polarities.
func (t *Tagger) Polarity(topic string) (p Polarity, ok bool) {
	r := t.reader
	c, known := r.model.topic(topic)
	if !known || len(t.z) == 0 || len(r.tokens) == 0 {
		return p, false
	}
	if !t.spread {
		t.spread = true
		r.spread()
	}
	r.polarityVector(&t.vector, c)
	clear(t.z)
	for j, at := range t.vector.at {
		r.model.polarity.add(t.z, at, t.vector.x[j])
	}
	p.Label = r.model.Polarities[likeliest(t.z)]
	sum := 0.0
	for i, z := range t.z {
		chance := sigmoid(float64(z))
		sum += chance
		switch r.model.Polarities[i] {
		case Positive:
			p.Score += chance
		case Negative:
			p.Score -= chance
		}
	}
	p.Score /= sum
	return p, true
}
