package model

// Share is a part's share in a score.
type Share struct {
	Part  string  `json:"part"` // the word, pair of words or lexicon feature; "" is where every text starts
	Kind  string  `json:"kind"` // word, pair, lexicon, phrase, start or rounding
	Value float64 `json:"value"`
}

// lexiconNames are the dense features, in their order.
var lexiconNames = [Dense]string{
	"compound", "size of compound", "sum of positive", "sum of negative", "count of positive", "count of negative",
	"most positive", "most negative", "last word", "first word", "last clause", "first clause", "after but", "before but",
	"sum, normalised", "no word known", "has but", "length",
}

// Explain returns what ScoreParts makes of the same parts and the shares of all words in
// Prediction.Score: what each adds to the log-odds of positive against negative,
// scaled so that all shares add up to the score. A word's share holds its character
// n-grams and its vector.
// Each of terms is a share, too, as it stands: what else moves the log-odds.
func (s *Scorer) Explain(parts []string, compound float64, terms ...Share) (Prediction, []Share) {
	p := s.ScoreParts(parts, compound) // fills s.tokens
	if by := total(terms); by != 0 {
		p = s.Shifted(p, by)
	}
	m := s.model
	lean := func(w weights) float64 { return float64(w.positive) - float64(w.negative) }
	shares := []Share{{Kind: "start", Value: lean(m.bias.weights())}}
	scale := float64(textScale(len(s.tokens.list)))
	known, firstWord := 0, len(shares)
	var lex lexicon
	vectors := make([]float64, 0, 2*len(s.tokens.list)) // of the shares, in their order
	pair := func(a, b string, bucket uint32) {
		shares = append(shares, Share{a + " " + b, "pair", scale * lean(m.grams.at(bucket))})
		vectors = append(vectors, 0)
	}
	before, last := uint64(seedBigram), "<"
	for i, t := range s.tokens.list {
		w := s.tokens.bytes(i)
		negated := lex.negated > 0
		sees := roleOf(t.kind, w)
		lex.read(&sees)
		set := &s.cache[t.place()]
		s.lift(set, i)
		c := &set[0]
		known += int(c.known)
		vector := lean(m.words.weights(c.plain))
		if negated {
			vector += lean(m.words.weights(c.negated))
		}
		shares = append(shares, Share{string(w), "word", scale * lean(c.weights)})
		vectors = append(vectors, vector)
		pair(last, string(w), bigram(before, t.hash))
		before, last = t.hash, string(w)
	}
	pair(last, ">", bigram(before, seedBigram))
	for i, v := range vectors {
		shares[firstWord+i].Value += v / float64(max(1, known))
	}
	var dense [Dense]float32
	lex.features(&dense, compound, len(s.tokens.list))
	for i, x := range dense {
		if x != 0 {
			shares = append(shares, Share{lexiconNames[i], "lexicon", float64(x) * lean(m.dense[i].weights())})
		}
	}
	return p, addUp(append(shares, terms...), p.Score())
}

// addUp scales the shares to a score. What rounding leaves over is a share of its own at
// the end, so that added in their order they are the score to the last bit.
func addUp(shares []Share, score float64) []Share {
	if sum := total(shares); sum != 0 {
		for i := range shares {
			shares[i].Value *= score / sum
		}
	}
	if left := score - total(shares); left != 0 {
		shares = append(shares, Share{Kind: "rounding", Value: left})
	}
	return shares
}

func total(shares []Share) (sum float64) {
	for _, s := range shares {
		sum += s.Value
	}
	return sum
}
