package insight

import (
	"cmp"
	"slices"

	"earshot/pipeline"
	"earshot/sentiment/model"
)

// LiveCell counts rated events of one channel, language, truth, score and bin of
// confidence (15 of equal width).
type LiveCell struct {
	Channel, Language string
	Truth, Sentiment  string // labels, by the rating and by the text
	Bin               uint8
	Events            uint64
	Confidence        float64 // sum
}

// LiveAccuracy is how right the scores of texts were, measured by the ratings that
// came with them. An empty Channel or Language stands for all.
type LiveAccuracy struct {
	Channel     string            `json:"channel,omitempty"`
	Language    string            `json:"language,omitempty"`
	Rated       int               `json:"rated"`
	Accuracy    float64           `json:"accuracy"`
	Low         float64           `json:"accuracy_low"` // Wilson, 95 %
	High        float64           `json:"accuracy_high"`
	MacroF1     float64           `json:"macro_f1"`
	ECE         float64           `json:"calibration_error"`
	Confusion   model.Confusion   `json:"confusion"` // truth by score: negative, neutral, positive
	Calibration model.Calibration `json:"calibration"`
}

// Live sums cells up by channel, language, both or neither; most rated first.
func Live(cells []LiveCell, byChannel, byLanguage bool) []LiveAccuracy {
	groups := map[[2]string]*LiveAccuracy{}
	for _, c := range cells {
		var key [2]string
		if byChannel {
			key[0] = c.Channel
		}
		if byLanguage {
			key[1] = c.Language
		}
		g := groups[key]
		if g == nil {
			g = &LiveAccuracy{Channel: key[0], Language: key[1]}
			groups[key] = g
		}
		g.add(c)
	}
	out := make([]LiveAccuracy, 0, len(groups))
	for _, g := range groups {
		g.finish()
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b LiveAccuracy) int {
		return cmp.Or(cmp.Compare(b.Rated, a.Rated), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Language, b.Language))
	})
	return out
}

func (g *LiveAccuracy) add(c LiveCell) {
	truth, scored := pipeline.Label(c.Truth).Class(), pipeline.Label(c.Sentiment).Class()
	g.Confusion[truth][scored] += int(c.Events)
	b := &g.Calibration.Bins[min(int(c.Bin), len(g.Calibration.Bins)-1)]
	b.Count += int(c.Events)
	b.Confidence += c.Confidence
	if truth == scored {
		b.Right += int(c.Events)
	}
}

func (g *LiveAccuracy) finish() {
	right := 0
	for k := range g.Confusion {
		right += g.Confusion[k][k]
	}
	g.Rated = g.Confusion.Total()
	g.Accuracy, g.MacroF1, g.ECE = g.Confusion.Accuracy(), g.Confusion.MacroF1(), g.Calibration.Error()
	g.Low, g.High = Wilson(right, g.Rated)
}
