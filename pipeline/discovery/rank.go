package discovery

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"earshot/sentiment"
	"earshot/sentiment/topic/phrase"
)

const (
	judged     = 2500 // candidates that the judge sees by their score, and as many by their growth
	leastDelta = 0.7  // log-odds that a word must have to say what a theme is about: twice the background
	mostDelta  = 6.0  // beyond which a word is not more telling
	tooCommon  = 0.05 // of the texts say a word that is the trade's, not a theme: flight, room
)

// candidate is an entry that may name a theme.
type candidate struct {
	*entry
	kind   string   // noun or verb
	about  []string // its words of content, without endings of the plural
	score  float64
	growth float64 // log likelihood ratio of its rise, 0 if it did not rise
}

// ranker weighs what was counted.
type ranker struct {
	*Miner
	background *phrase.Background
	nested     map[uint64]nesting
	opinion    sentiment.Doc
}

// nesting sums up the longer candidates that hold a candidate.
type nesting struct{ texts, phrases int }

// rank returns the phrases, the most telling first.
func (m *Miner) rank() ([]candidate, error) {
	r := ranker{Miner: m, background: phrase.ReadBackground(), nested: map[uint64]nesting{}}
	entries := m.table.entries
	least := uint32(m.opts.MinCount)
	for i := range entries {
		if e := &entries[i]; e.docs >= least && e.words > 1 {
			r.nest(e)
		}
	}
	var all []candidate
	for i := range entries {
		if e := &entries[i]; e.docs >= least && e.docs > e.covered {
			if c := r.weigh(e); c.score > 0 {
				all = append(all, c)
			}
		}
	}
	return r.judge(all)
}

// nest tells the parts of a candidate of it.
func (r *ranker) nest(e *entry) {
	words := strings.Fields(e.text)
	for i := range words {
		h := uint64(hashSeed)
		for j := i; j < len(words) && j < i+len(words)-1; j++ {
			h = hashWord(h, []byte(words[j]))
			if r.table.find(h) != nil {
				n := r.nested[h]
				r.nested[h] = nesting{n.texts + int(e.docs), n.phrases + 1}
			}
		}
	}
}

// weigh scores a candidate: how much it is a term of its own, times how much more
// its words are said here than anywhere, times how firmly they belong together.
func (r *ranker) weigh(e *entry) candidate {
	c := candidate{entry: e}
	words := phrase.ContentWords(e.text)
	opinions := r.opinions(e.text)
	delta, specific := 0.0, false
	rarest := uint32(math.MaxUint32)
	for _, w := range words {
		said := e.docs
		if one := r.table.find(hashText(w)); one != nil {
			said = max(said, one.docs+one.covered)
		}
		d, _ := phrase.LogOdds(float64(said), float64(r.words), r.background.Rate(w))
		d = min(d, mostDelta)
		delta += max(d, 0) / float64(len(words))
		specific = specific || d >= leastDelta && !opinions[w]
		rarest = min(rarest, said)
		c.about = append(c.about, singular(w))
	}
	if !specific || e.words == 1 && float64(e.docs) > tooCommon*float64(r.texts) {
		return c
	}
	n := r.nested[e.key]
	own := phrase.CValue(e.words, int(e.docs), n.texts, n.phrases)
	firm := math.Sqrt(float64(e.docs) / float64(rarest))
	c.score = own * delta * firm
	c.growth = r.rise(e)
	return c
}

// opinions are the words of a candidate that say no more than good or bad.
func (r *ranker) opinions(text string) map[string]bool {
	r.opinion.Scan(text)
	var out map[string]bool
	for _, w := range r.opinion.Words() {
		if out == nil {
			out = map[string]bool{}
		}
		out[text[w.Start:w.End]] = true
	}
	return out
}

// rise is the log likelihood ratio of a greater rate in the recent part.
func (r *ranker) rise(e *entry) float64 {
	if r.recent == 0 || int(r.texts) == r.recent {
		return 0
	}
	share := float64(r.recent) / float64(r.texts)
	now, before := float64(e.recent), float64(e.most()-e.recent)
	due := (now + before) * share
	if now <= due {
		return 0
	}
	ratio := now * math.Log(now/due)
	if before > 0 {
		ratio += before * math.Log(before/(now+before-due))
	}
	return ratio
}

// judge keeps the phrases among the best candidates, by score and by growth.
func (r *ranker) judge(all []candidate) ([]candidate, error) {
	byScore := func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.text, b.text))
	}
	byGrowth := func(a, b candidate) int { return cmp.Or(cmp.Compare(b.growth, a.growth), byScore(a, b)) }
	slices.SortFunc(all, byGrowth)
	risen := min(len(all), judged)
	slices.SortFunc(all[risen:], byScore)
	pool := all[:min(len(all), risen+judged)]
	kept := pool[:0]
	for _, c := range pool {
		kind, err := r.opts.Judge.Kind(c.text)
		if err != nil {
			return nil, err
		}
		if kind != phrase.None {
			c.kind = kind
			kept = append(kept, c)
		}
	}
	slices.SortFunc(kept, byScore)
	return kept, nil
}

// singular takes the ending of a plural off, so that menu and menus are one word.
func singular(word string) string {
	switch {
	case len(word) < 4, strings.HasSuffix(word, "ss"), strings.HasSuffix(word, "us"):
		return word
	case strings.HasSuffix(word, "ies"):
		return word[:len(word)-3] + "y"
	}
	return strings.TrimSuffix(word, "s")
}
