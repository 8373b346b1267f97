package learned

import (
	"math"

	"earshot/sentiment"
	"earshot/sentiment/model"
)

// The features of a topic's polarity: hashed ones, clusters of words and of negated
// words, the mean vector of the words about the topic and of all, figures, the bias, and
// two for each rule.
const (
	negatedClustersAt = clustersAt + clusters
	aboutAt           = negatedClustersAt + clusters
	allAt             = aboutAt + model.Dimensions
	figuresAt         = allAt + model.Dimensions
	readFigures       = 31
	figures           = readFigures + 11 // those of finds
	polarityBiasAt    = figuresAt + figures
	intentsAt         = polarityBiasAt + 1
)

// polaritySpace is the number of features of a polarity.
func (m *Model) polaritySpace() int { return intentsAt + 2*m.rules.size }

// Kinds of hashed features.
const (
	kindWord = iota + 1
	kindNegated
	kindPair
	kindCrossed
	kindTopic
	kindNear
	kindNearNegated
	kindNearPair
	kindNearTriple
)

// hashed is the feature of a kind, and of up to three words.
func hashed(kind, a, b, c uint64) uint32 {
	h := (a*0x9e3779b97f4a7c15 ^ b) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>31 ^ c) * 0x94d049bb133111eb
	return model.WordBucket(h ^ kind*0x632be59bd9b4e019)
}

// polarityVector writes the features of the polarity of topic c into v, scaled. read
// and spread go before it.
func (r *reader) polarityVector(v *vector, c int) {
	v.at, v.x = v.at[:0], v.x[:0]
	r.attend(c)
	r.words(v, c)
	scale := float32(2 / math.Sqrt(max(v.norm2(), 1e-9)))
	for j := range v.x {
		v.x[j] *= scale
	}
	r.meanings(v)
	r.figures(v, c)
	r.finds(v)
	v.add(polarityBiasAt, 1)
}

// words adds the words, pairs and triples of the text, and again by how much they
// are about the topic.
func (r *reader) words(v *vector, c int) {
	one, two := start, start
	v.add(hashed(kindTopic, uint64(c), 0, 0), 2)
	for i := range r.tokens {
		t := &r.tokens[i]
		w := r.weight[i]
		v.add(hashed(kindWord, t.hash, 0, 0), 1)
		v.add(hashed(kindPair, one, t.hash, 0), 1)
		v.add(hashed(kindCrossed, t.hash, uint64(c), 0), 1)
		v.add(hashed(kindNear, t.hash, 0, 0), 1.5*w)
		v.add(hashed(kindNearPair, one, t.hash, 0), 1.5*w)
		v.add(hashed(kindNearTriple, two, one, t.hash), w)
		from := uint32(clustersAt)
		if t.negated {
			v.add(hashed(kindNegated, t.hash, 0, 0), 1)
			v.add(hashed(kindNearNegated, t.hash, 0, 0), 1.5*w)
			from = negatedClustersAt
		}
		if t.place >= 0 {
			for _, k := range clustersOf(int(t.place)) {
				v.add(from+k, w)
			}
		}
		two, one = one, t.hash
	}
	v.add(hashed(kindPair, one, start, 0), 1)
}

// meanings adds the mean vectors.
func (r *reader) meanings(v *vector) {
	var about, all [model.Dimensions]float32
	sum, known := float32(0.5), float32(0)
	for i := range r.tokens {
		t := &r.tokens[i]
		if t.place < 0 {
			continue
		}
		w := r.weight[i]
		sum, known = sum+w, known+1
		for j, b := range r.model.vectors.At(int(t.place)) {
			x := float32(b) * vectorScale / model.VectorSteps
			about[j] += w * x
			all[j] += x
		}
	}
	for j := range about {
		v.add(aboutAt+uint32(j), about[j]/sum)
		v.add(allAt+uint32(j), all[j]/max(1, known))
	}
}

// spanFigures sum what words of a kind say, weighted and not.
type spanFigures struct{ sum, good, bad, most, least, all, allGood, allBad, size float32 }

func (f *spanFigures) add(s, w float32) {
	f.sum += s * w
	f.good += max(s, 0) * w
	f.bad += min(s, 0) * w
	f.most = max(f.most, s*w)
	f.least = min(f.least, s*w)
	f.all += s
	f.allGood += max(s, 0)
	f.allBad += min(s, 0)
	f.size += max(s, -s) * w
}

func (f *spanFigures) emit(put func(float32)) {
	for _, x := range [...]float32{f.sum / 2, f.good / 2, f.bad / 2, f.most / 2, f.least / 2, f.all / 4, f.allGood / 4, f.allBad / 4, f.size / 3} {
		put(x)
	}
}

// figures adds what the lexicon and the sentiment model say of the words, of the
// cue's clause and of the text.
func (r *reader) figures(v *vector, c int) {
	at := uint32(figuresAt)
	put := func(x float32) {
		v.add(at, x)
		at++
	}
	var lexicon, lean spanFigures
	for i := range r.tokens {
		t := &r.tokens[i]
		w := r.weight[i]
		lexicon.add(t.valence, w)
		s := 4 * t.lean
		if t.negated {
			s *= -0.74
		}
		lean.add(s, w)
	}
	lexicon.emit(put)
	lean.emit(put)
	r.leans(r.lean, float32(r.doc.Figures().Compound), put)
	if len(r.tokens) == 0 {
		return
	}
	clause := r.doc.Clauses[r.doc.ClauseOf(r.cueOf(c))]
	compound := r.doc.ClauseFigures(clause).Compound
	r.leans(r.scorer.Score(r.text(clause), compound), float32(compound), put)
	put(min(2, float32(len(r.doc.Clauses))/4))
}

func (r *reader) text(c sentiment.Clause) string { return r.doc.Text[c.Start:c.End] }

func (r *reader) leans(p model.Prediction, compound float32, put func(float32)) {
	put(compound)
	put(max(compound, -compound))
	for _, x := range p.P {
		put(2 * float32(x))
	}
	put(2 * float32(p.Score()))
}
