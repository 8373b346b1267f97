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

// Model is a trained classifier; it is immutable and safe for concurrent use.
// Weights have the idf of their feature folded in.
type Model struct {
	Card
	bias   row // class offsets included
	dense  [Dense]row
	sparse []row // Buckets rows
}

// Card says where a model comes from; it travels in the artefact.
type Card struct {
	Version   string   `json:"version"` // hash of weights and offsets: the same training gives the same version
	Languages []string `json:"languages"`
	TrainedOn []Origin `json:"trained_on"`
	Examples  int      `json:"examples"`
}

// Origin is a set of examples that a model was trained on.
type Origin struct {
	Name    string `json:"name"`
	Rows    int    `json:"rows"`
	Licence string `json:"licence"`
}

// tokenScale brings the sum of a token's features, about 14 of them with an
// idf of about 5 each, to a length near 1.
const tokenScale = 1.0 / 7

// Prediction is a distribution over the classes.
type Prediction [Classes]float64

// Best returns the most probable class; ties go to the lower one.
func (p Prediction) Best() Class {
	best := Negative
	for c := Neutral; c < Classes; c++ {
		if p[c] > p[best] {
			best = c
		}
	}
	return best
}
