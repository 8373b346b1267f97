package learned

import (
	"math"

	"earshot/sentiment"
	"earshot/sentiment/model"
	"earshot/sentiment/vader"
)

// cacheRows is the size of a reader's word cache, a power of two.
const cacheRows = 1 << 13

// word is what is known of a word.
type word struct {
	hash    uint64 // 0: empty
	place   int32  // of its vector, -1 without one
	lean    float32
	negates bool
}

// token is a word of the text being read.
type token struct {
	word
	negated bool
	step    float32 // decay since the token before it
	valence float32 // of VADER's lexicon in this text
}

// reader reads texts with a model's topics. It keeps buffers and a cache.
type reader struct {
	model  *Model
	scorer *model.Scorer // the sentiment model
	rules  ruleReader

	cache []word
	sums  []float32 // two rows of the topics for each word of the cache: its features, its vector

	doc    *sentiment.Doc
	tokens []token
	first  evidence  // of the topics
	z      []float32 // log-odds of the topics, after decide
	vector []float32
	cue    []float32 // for each token, how much it shows each topic
	near   []float32 // for each token, the strongest cue around it, of each topic
	weight []float32 // of each token for one topic
	lean   model.Prediction
}

func newReader(m *Model) *reader {
	k := m.labels.columns
	return &reader{model: m, scorer: model.NewScorer(m.base), rules: ruleReader{rules: m.rules}, cache: make([]word, cacheRows), sums: make([]float32, 2*k*cacheRows),
		first: evidence{values: make([]float32, 4*k)}, z: make([]float32, k), vector: make([]float32, k)}
}

// negationReach is how many tokens a negation reaches over.
const negationReach = 4

// Decay of a cue: by one token, and by a token that starts a clause, which counts
// as five.
var stepDecay, breakDecay = float32(math.Exp(-1.0 / 4)), float32(math.Exp(-5.0 / 4))

// cueTokens is the length of the text for which a word's weights are its cue.
const cueTokens = 8

// read fills the evidence and the tokens.
func (r *reader) read(d *sentiment.Doc) {
	r.doc = d
	k := len(r.vector)
	r.tokens, r.cue = r.tokens[:0], r.cue[:0]
	clear(r.first.values)
	r.first.tokens = len(d.Tokens)
	z := r.first.part(0)
	clear(r.vector)
	known, negated := 0, 0
	before := start
	for i := range d.Tokens {
		form := d.Lower(i)
		w, sums := r.word(form)
		t := token{word: *w, step: stepDecay}
		if i > 0 && clauseStart(d, i, form) {
			t.step, negated = breakDecay, 0
		}
		t.negated = negated > 0
		if negated > 0 {
			negated--
		}
		if w.negates {
			negated = negationReach
		}
		r.tokens = append(r.tokens, t)
		if w.place >= 0 {
			known++
		}
		for c := range k {
			z[c] += sums[c]
			r.vector[c] += sums[k+c]
			cue := max(0, sums[c]*textScale(cueTokens)+sums[k+c]/cueTokens)
			r.cue = append(r.cue, cue)
			r.first.add(c, cue)
		}
		r.model.labels.add(z, model.PairBucket(before, w.hash), 1)
		before = w.hash
	}
	r.model.labels.add(z, model.PairBucket(before, start), 1)
	scale := textScale(len(d.Tokens))
	bias := r.model.labels.row(biasAt)
	for c := range z {
		z[c] = bias[c] + scale*z[c] + r.vector[c]/float32(max(1, known))
	}
	for _, at := range r.rules.read(d) {
		r.model.labels.add(z, at, 1)
	}
}

// clauseStart says whether a token starts a new statement.
func clauseStart(d *sentiment.Doc, i int, form []byte) bool {
	if d.Tokens[i].Break != sentiment.NoBreak {
		return true
	}
	switch string(form) {
	case "and", "but", "however", "although", "though", "except", "yet", "unfortunately", "while", "whereas":
		return true
	}
	return false
}

// word returns what is known of a lower-case word and its rows.
func (r *reader) word(form []byte) (*word, []float32) {
	h := model.WordHash(form)
	k := len(r.z)
	i := int((h ^ h>>32) & (cacheRows - 1))
	w, sums := &r.cache[i], r.sums[2*k*i:2*k*(i+1)]
	if w.hash == h {
		return w, sums
	}
	*w = word{hash: h, place: int32(r.model.vectors.Find(h)), negates: vader.RoleOf(form).Negates}
	w.lean = float32(r.scorer.Score(string(form), 0).Score())
	clear(sums)
	wordFeatures(h, form, int(w.place), func(at uint32) { r.model.labels.add(sums[:k], at, 1) })
	if w.place >= 0 {
		for j, b := range r.model.vectors.At(int(w.place)) {
			r.model.labels.add(sums[k:], vectorAt+uint32(j), float32(b)*vectorScale/model.VectorSteps)
		}
	}
	return w, sums
}

// spread finds the strongest cue around each token, and the valences. It goes
// before the polarity of a text's topics.
func (r *reader) spread() {
	k, n := len(r.z), len(r.tokens)
	r.near = append(r.near[:0], r.cue...)
	for i := 1; i < n; i++ {
		for c := range k {
			r.near[i*k+c] = max(r.near[i*k+c], r.near[(i-1)*k+c]*r.tokens[i].step)
		}
	}
	for i := n - 2; i >= 0; i-- {
		for c := range k {
			r.near[i*k+c] = max(r.near[i*k+c], r.near[(i+1)*k+c]*r.tokens[i+1].step)
		}
	}
	words := r.doc.Words()
	for i := range r.tokens {
		at := r.doc.Tokens[i].Start
		for len(words) > 0 && words[0].End <= at {
			words = words[1:]
		}
		if len(words) > 0 && words[0].Start <= at {
			r.tokens[i].valence = float32(words[0].Valence)
		}
	}
	r.lean = r.scorer.Score(r.doc.Text, r.doc.Figures().Compound)
}

// attend weighs the tokens by how much they are about topic c.
func (r *reader) attend(c int) {
	k := len(r.z)
	r.weight = r.weight[:0]
	for i := range r.tokens {
		near := r.near[i*k : (i+1)*k]
		other := float32(0)
		for o, x := range near {
			if o != c {
				other = max(other, x)
			}
		}
		r.weight = append(r.weight, near[c]/(near[c]+other+0.3))
	}
}

// cueOf returns the token that shows topic c most, 0 if none does.
func (r *reader) cueOf(c int) (best int) {
	k := len(r.z)
	for i := range r.tokens {
		if r.cue[i*k+c] > r.cue[best*k+c] {
			best = i
		}
	}
	return best
}
