package model

// Class is a polarity class.
type Class int

// The classes, in the order of all weights.
const (
	Negative Class = iota
	Neutral
	Positive
	Classes
)

// row holds one weight for each class.
type row [Classes]float32

func (z *row) weights() weights { return weights{z[0], z[1], z[2]} }

func (z *row) add(r *row) {
	z[0] += r[0]
	z[1] += r[1]
	z[2] += r[2]
}

// plus adds x times r.
func (z *row) plus(x float32, r *row) {
	z[0] += x * r[0]
	z[1] += x * r[1]
	z[2] += x * r[2]
}

// Model is a trained classifier; it is immutable and safe for concurrent use.
// Weights have the idf of their feature and the calibration folded in.
type Model struct {
	Card
	bias   row
	prefer row // added to the logarithms of the probabilities to choose the class
	dense  [Dense]row
	grams  table // Buckets rows
	keys   []uint32
	// words holds two rows for each of keys: what the word's vector and opinions times
	// their weights say, and say in addition where it is negated.
	words table
}

// Card says where a model comes from; it travels in the artefact.
type Card struct {
	Version   string   `json:"version"` // hash of weights and offsets: the same training gives the same version
	Languages []string `json:"languages"`
	TrainedOn []Origin `json:"trained_on"`
	Examples  int      `json:"examples"`
	Base      string   `json:"base,omitempty"` // version of the model it goes on from
}

// Origin is a set of examples that a model was trained on.
type Origin struct {
	Name    string `json:"name"`
	Rows    int    `json:"rows"`
	Licence string `json:"licence"`
}

// tokenScale brings the sum of a token's features, about 14 of them with an
// idf of about 5 each, to a length near 1.
const tokenScale = 1.0 / 20

// vectorScale weighs the mean vector of a text against its other features.
const vectorScale = 3

// lexiconScale weighs the lexicon features.
const lexiconScale = 1.5

// Prediction is a distribution over the classes and the class to choose, which
// need not be the most probable one: rare classes get their due by Train's offsets.
type Prediction struct {
	P     [Classes]float64
	Class Class
}

// Score is the probability of positive less that of negative.
func (p Prediction) Score() float64 { return p.P[Positive] - p.P[Negative] }

// Confidence is the probability of the chosen class.
func (p Prediction) Confidence() float64 { return p.P[p.Class] }
