package learned

import (
	"math"

	"earshot/sentiment/model"
)

// Model knows topics and, where the examples told them, their polarities. It is
// immutable and safe for concurrent use. Weights have the idf of their feature folded in.
type Model struct {
	Card
	labels   table     // of the topics: features of a text
	second   []float32 // of the topics' second stage: secondFeatures for each
	polarity table     // of the polarities: features of a text and a topic; no columns without any
	vectors  *model.Vectors
	base     *model.Model
	rules    *rules
}

// Card says where a model comes from and what it answers; it travels in the artefact.
type Card struct {
	Version    string         `json:"version"` // hash of topics and weights: the same training gives the same version
	Topics     []string       `json:"topics"`
	Polarities []string       `json:"polarities"` // empty: the examples tell none, or only one
	Thresholds []float64      `json:"thresholds"` // of the topics, on the log-odds
	Least      int            `json:"least"`      // topics that every example has: the likeliest count, whatever the threshold
	Most       int            `json:"most"`       // topics that an example has at most
	Examples   int            `json:"examples"`
	TrainedOn  []model.Origin `json:"trained_on"`
	Vectors    string         `json:"vectors"` // hash of the word vectors and clusters it was trained with
	Base       string         `json:"base"`    // version of the sentiment model it looks at
	Rules      string         `json:"rules"`   // version of the taxonomy whose finds it looks at
}

// The polarities of a topic. Conflict is good and bad at once.
const (
	Positive = "positive"
	Negative = "negative"
	Neutral  = "neutral"
	Conflict = "conflict"
)

// table holds one weight for each of some features and columns; features without
// weight share the row of zeros.
type table struct {
	columns int
	exact   int       // from this feature on weights are stored as they are
	scales  []float32 // of one step of the others, by column
	index   []uint32  // by feature: its row
	rows    []float32
}

// row returns the weights of a feature.
func (t *table) row(at uint32) []float32 {
	from := int(t.index[at]) * t.columns
	return t.rows[from : from+t.columns]
}

// add adds x times the weights of a feature to z.
func (t *table) add(z []float32, at uint32, x float32) {
	for c, w := range t.row(at) {
		z[c] += x * w
	}
}

// space is the number of features of the topics.
func (m *Model) space() int { return rulesAt + m.rules.size }

// has decides whether topic c is one of a text's, by the log-odds of all topics.
func (m *Model) has(z []float32, c int) bool {
	rank := rankOf(z, c)
	return rank < m.Least || rank < m.Most && float64(z[c]) >= m.Thresholds[c]
}

// rankOf counts the topics likelier than c.
func rankOf(z []float32, c int) (rank int) {
	for o, x := range z {
		if x > z[c] || x == z[c] && o < c {
			rank++
		}
	}
	return rank
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
