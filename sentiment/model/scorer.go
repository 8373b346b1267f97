package model

import (
	"math"

	"earshot/sentiment"
)

// cacheSets is the size of a Scorer's word cache, a power of two.
const cacheSets = 1 << 14

// cacheSet holds two tokens, the one asked for last first. It fills one line of the
// processor's cache.
type cacheSet [2]cached

// cached is all that is known of a token: the folded row of its own feature and its
// character n-grams, those of its vector, and what the lexicon features see in it.
type cached struct {
	word           uint64 // hash and kind, 0 = empty
	weights        weights
	plain, negated steps // zeros without a vector
	known          uint8 // 1 if it has a vector
	role           role
}

// Scorer reads texts with one model. It keeps buffers and a cache, so use one
// for each goroutine.
type Scorer struct {
	model   *Model
	own     bool
	tokens  tokens
	cache   []cacheSet
	fetched uint64 // of no use; it keeps the compiler from dropping fetch
}

// NewScorer returns a scorer for m.
func NewScorer(m *Model) *Scorer {
	return &Scorer{model: m, own: m.Own(), cache: make([]cacheSet, cacheSets)}
}

// Own is that of the scorer's model.
func (s *Scorer) Own() bool { return s.own }

// Score returns the class probabilities of a text; compound is its exact VADER
// compound, unrounded.
func (s *Scorer) Score(text string, compound float64) Prediction {
	return s.model.predict(s.logits(text, compound))
}

// ScoreDoc is Score of a scanned text, at less cost.
func (s *Scorer) ScoreDoc(d *sentiment.Doc) Prediction {
	s.tokens.scanDoc(d)
	return s.model.predict(s.sum(d.Figures().Compound))
}

// Shifted is p with the log-odds of positive against negative moved by that much.
func (s *Scorer) Shifted(p Prediction, by float64) Prediction {
	var z row
	for c := range z {
		z[c] = float32(math.Log(max(p.P[c], math.SmallestNonzeroFloat32)))
	}
	z[Positive] += float32(by / 2)
	z[Negative] -= float32(by / 2)
	return s.model.predict(z)
}

func (m *Model) predict(z row) Prediction { return Prediction{P: softmax(z), Class: m.choose(z)} }

func (m *Model) choose(z row) (best Class) {
	top := float32(math.Inf(-1))
	for c, x := range z {
		if v := x + m.prefer[c]; v > top {
			top, best = v, Class(c)
		}
	}
	return best
}

// ScoreParts is Score of parts of a text in their order, as if nothing were between them.
func (s *Scorer) ScoreParts(parts []string, compound float64) Prediction {
	s.tokens.reset()
	for _, part := range parts {
		s.tokens.read(part)
	}
	return s.model.predict(s.sum(compound))
}

func (s *Scorer) logits(text string, compound float64) row {
	s.tokens.scan(text)
	return s.sum(compound)
}

// sum is what the tokens read last add up to.
func (s *Scorer) sum(compound float64) row {
	var z, vectors weights
	var lex lexicon
	known := 0
	last := s.fetch()
	for i := range s.tokens.list {
		t := &s.tokens.list[i]
		set := &s.cache[t.place()]
		if set[0].word != t.id() {
			s.lift(set, i)
		}
		c := &set[0]
		known += int(c.known)
		vectors = vectors.plus(s.model.words.weights(c.plain))
		if lex.negated > 0 {
			vectors = vectors.plus(s.model.words.weights(c.negated))
		}
		z = z.plus(c.weights).plus(s.model.grams.weights(t.pair))
		lex.read(&c.role)
	}
	z = z.plus(s.model.grams.weights(last))
	n := len(s.tokens.list)
	out := s.model.bias.weights().plus(z.times(textScale(n))).plus(vectors.times(1 / float32(max(1, known))))
	var dense [Dense]float32
	lex.features(&dense, compound, n)
	for i, x := range dense {
		out = out.plus(s.model.dense[i].weights().times(x))
	}
	return out.row()
}

// fetch reads the weights of pairs into the tokens, returns those of the last token and the
// end, and touches what else sum reads. All that lies far apart in memory, and here the
// processor waits for it together: in sum what is found of one token decides the way to
// the next.
func (s *Scorer) fetch() (last steps) {
	sum, grams, before := uint64(0), s.model.grams.steps, uint64(seedBigram)
	for i := range s.tokens.list {
		t := &s.tokens.list[i]
		sum += s.cache[t.place()][0].word
		t.pair = grams[bigram(before, t.hash)]
		before = t.hash
	}
	s.fetched = sum
	return grams[bigram(before, seedBigram)]
}

// textScale makes texts of n tokens comparable.
func textScale(n int) float32 {
	return float32(tokenScale / math.Sqrt(float64(n+1)) * math.Sqrt(excerpt(n)))
}

// longText is the length of a long text in tokens, about that of the longest ones
// that models are trained on.
const longText = 128

// excerpt is the share of n tokens that counts: of a long text as much as if an average
// part of longText tokens were all of it. Without that the sums of a letter of 4,000
// characters lie where no text of the training was; two thirds of such complaints
// were taken for praise.
func excerpt(n int) float64 { return min(1, longText/float64(max(n, 1))) }

// id tells tokens apart. "1" is a number and "#1" a word: the same letters of another
// kind are another row.
func (t *token) id() uint64 { return t.hash + uint64(t.kind) }

// place is where the cache holds the token.
func (t *token) place() uint64 { return (t.id() ^ t.id()>>32) & (cacheSets - 1) }

// lift brings what is known of token i to the front of its set.
func (s *Scorer) lift(set *cacheSet, i int) {
	switch t := &s.tokens.list[i]; t.id() {
	case set[0].word:
	case set[1].word:
		set[0], set[1] = set[1], set[0]
	default:
		set[0], set[1] = s.learn(t, i), set[0]
	}
}

// learn finds out what is known of t, token i.
func (s *Scorer) learn(t *token, i int) cached {
	w := s.tokens.bytes(i)
	c := cached{word: t.id(), weights: s.model.grams.at(bucket(t.hash)), role: roleOf(t.kind, w)}
	if t.kind == word {
		charGrams(w, func(b uint32) {
			c.weights = c.weights.plus(s.model.grams.at(b))
		})
	}
	if at := find(s.model.keys, key(t.hash)); at >= 0 {
		c.known, c.plain, c.negated = 1, s.model.words.steps[2*at], s.model.words.steps[2*at+1]
	}
	return c
}

func softmax(z row) (p [Classes]float64) {
	top := max(z[0], z[1], z[2])
	sum := 0.0
	for c := range z {
		p[c] = math.Exp(float64(z[c] - top))
		sum += p[c]
	}
	for c := range p {
		p[c] /= sum
	}
	return p
}
