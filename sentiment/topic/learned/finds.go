package learned

import (
	"slices"

	"earshot/sentiment"
	"earshot/sentiment/topic"
)

// The figures of what rules find follow those of the words, of the clause and of the text.
const (
	mentionsAt = figuresAt + readFigures
	findingsAt = mentionsAt + 7
)

// finds adds what the rules found, by how much its words are about the topic:
// phrases that are good or bad news in themselves, and turns of praise and blame.
func (r *reader) finds(v *vector) {
	var sum, good, bad, all, score, most, least float32
	for _, m := range r.rules.result.Mentions {
		w, p, s := r.weightOf(m.Start, m.End), float32(m.Polarity), float32(m.Score)
		sum += w * p
		good += w * max(0, p)
		bad += w * min(0, p)
		all += p
		score += w * s
		most = max(most, w*s)
		least = min(least, w*s)
	}
	for i, x := range [...]float32{sum, good, bad, all / 2, score, most, least} {
		v.add(mentionsAt+uint32(i), x)
	}
	sum, good, bad, all = 0, 0, 0, 0
	for _, f := range r.rules.result.Intents {
		w, p := r.weightOf(f.Start, f.End), float32(f.Polarity)
		sum += w * p
		good += w * max(0, p)
		bad += w * min(0, p)
		all += p
		at := intentsAt + 2*r.rules.place[topic.KindIntent][f.Name]
		v.add(at, w)
		v.add(at+1, 0.5)
	}
	for i, x := range [...]float32{sum, good, bad, all / 2} {
		v.add(findingsAt+uint32(i), x)
	}
}

// weightOf returns the greatest weight of the tokens between two byte offsets.
func (r *reader) weightOf(start, end int) (most float32) {
	tokens := r.doc.Tokens
	i, _ := slices.BinarySearchFunc(tokens, start, func(t sentiment.Token, at int) int { return t.Start - at })
	for ; i < len(tokens) && tokens[i].Start < end; i++ {
		most = max(most, r.weight[i])
	}
	return most
}
