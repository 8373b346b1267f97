package registry

import "time"

// Decision is what became of a model.
type Decision string

// The decisions. All but Refused put Entry.Version in place.
const (
	Adopted    Decision = "adopted"      // the adapter's candidate was better
	Refused    Decision = "refused"      // it was not: what is in place stays
	PutInPlace Decision = "put in place" // somebody chose it
	RolledBack Decision = "rolled back"  // somebody went back to it
)

// Kind is how a model was made.
type Kind string

// The kinds.
const (
	Base        Kind = "base" // shipped with the program
	Train       Kind = "train"
	Adapt       Kind = "adapt"       // trained on, from its parent, on rated events
	Recalibrate Kind = "recalibrate" // its parent's logits mapped anew
)

// Accuracy is a share of texts scored right, with its 95 % interval (Wilson). It is
// zero where nothing was judged.
type Accuracy struct {
	Value float64 `json:"accuracy"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Entry is one line of the log; it is never altered. A refused candidate has no
// version: it was judged and not made.
type Entry struct {
	At       time.Time  `json:"at"` // by the store's clock; it orders the log
	Decision Decision   `json:"decision"`
	Version  string     `json:"version"`
	Parent   string     `json:"parent"` // the model that it goes on from; of a refused one the model that stayed
	Kind     Kind       `json:"kind"`
	Language string     `json:"language"`
	MadeAt   time.Time  `json:"made_at"`
	Rows     int        `json:"rows"` // examples it learned from
	From     *time.Time `json:"from"` // when the first of them was stored; nil: they are no stored events
	To       *time.Time `json:"to"`   // when the last was

	Judged    int      `json:"judged"` // later events that the two were compared on
	Candidate Accuracy `json:"candidate"`
	Current   Accuracy `json:"current"` // of what was in place

	Reason string `json:"reason"`
	By     string `json:"by"`
}

// Places tells whether the entry puts its version in place.
func (e *Entry) Places() bool { return e.Decision != Refused && e.Version != "" }
