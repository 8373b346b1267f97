package topic

import (
	"math"
	"strings"
	"sync"
)

// commonWords are the words said most in feedback of many kinds. They decide where a
// phrase is looked for, never whether it is found.
var commonWords = []struct {
	share float64 // of 10,000 words, about
	words string
}{
	{400, "the"},
	{250, "and i to a"},
	{150, "is it of"},
	{100, "for in this was"},
	{70, "you my that with on not but"},
	{45, "have great are at good be"},
	{30, "so very as they we me like had all one if from just would there"},
	{22, "can food place an or no will up service when has get out time your do it's were"},
	{16, "about more what nice love by really which also well only go than been best i'm our too don't back"},
	{11, "am even phone after use other stay some any their because much now its work new them here 2 never quality got could better price how then want first"},
	{8, "little restaurant still way he again need sound i've does day make staff bad did us over 5 who excellent people location off ever most going 3 she see think know try made always many"},
	{6, "recommend thing easy two product another 1 say night area works right went room didn't small around times take money while can't down amazing should may everything friendly before find into every experience being buy bought pretty ordered same her these worth long where"},
	{4, "enough last flight used since menu order help looking said lot look years sure wait both few please his give without something customer through anything minutes things problem nothing next else told another app called delivery asked came took"},
}

// rare is the share of a word that is none of them.
const rare = 0.5

var shareOf = sync.OnceValue(func() map[string]float64 {
	shares := map[string]float64{}
	for _, line := range commonWords {
		for w := range strings.FieldsSeq(line.words) {
			shares[w] = line.share
		}
	}
	return shares
})

// shareOfAny is how often one of words is said.
func shareOfAny(words []string) (sum float64) {
	shares := shareOf()
	for _, w := range words {
		stem, isStem := strings.CutSuffix(w, "*")
		if !isStem {
			sum += max(rare, shares[w])
			continue
		}
		sum += 4 * rare
		for common, share := range shares {
			if strings.HasPrefix(common, stem) {
				sum += share
			}
		}
	}
	return sum
}

// route is a phrase as the automaton takes it.
type route []spot

// spot is a word or a gap.
type spot struct {
	symbol symbol
	share  float64 // how often such a word is said; of a gap more than of any word
	gap    int     // 0: a word
	begun  int32   // of a gap: which one of all
}

// anchor is the place of the rarest word, the first of equals; back says that the word
// before it is rarer than the one behind, or that none is behind.
func (v route) anchor() (at int, back bool) {
	for i := range v {
		if v[i].share < v[at].share {
			at = i
		}
	}
	share := func(i int) float64 {
		if i < 0 || i >= len(v) {
			return math.Inf(1)
		}
		return v[i].share
	}
	last := at > 0 && at == len(v)-1
	return at, last || share(at-1) < share(at+1)
}
