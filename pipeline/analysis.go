package pipeline

// Label is the polarity class of a text.
type Label string

// The labels. Unknown means not scored: no text, or a language without a model.
const (
	Positive Label = "positive"
	Neutral  Label = "neutral"
	Negative Label = "negative"
	Unknown  Label = "unknown"
)

// Analysis is what an Analyzer says of one event. Its JSON form is the output
// of `earshot analyze`.
type Analysis struct {
	Sentiment Sentiment `json:"sentiment"`
	Vader     Vader     `json:"vader"`
	Language  string    `json:"language"` // ISO 639-1, "und" when it cannot be told
	Topics    []Mention `json:"topics"`
	Contexts  []string  `json:"contexts"`
	Tags      []string  `json:"tags"`
	Intents   []string  `json:"intents"`
	Effort    float64   `json:"effort"` // 0..1: how hard it was for the customer, as far as the words say
	Model     string    `json:"model"`  // version of everything that scored it

	Joint Joint `json:"joint,omitzero"` // of an event with a rating

	Conversation *Conversation `json:"conversation,omitempty"` // of an event with turns

	Truncated bool `json:"truncated,omitempty"` // only the first MaxTextBytes were analysed
}

// Sentiment is the polarity of a whole text.
type Sentiment struct {
	Label      Label   `json:"label"`
	Score      float64 `json:"score"`      // -1..1
	Confidence float64 `json:"confidence"` // 0..1
	Intensity  float64 `json:"intensity"`  // 0..1: how strong the strongest clause is, good or bad
	Mixed      bool    `json:"mixed"`      // one clause is clearly good, another clearly bad
}

// Conversation is how the customer's sentiment went through the turns.
type Conversation struct {
	Turns  int     `json:"turns"`               // of the customer, with words
	Start  float64 `json:"start"`               // score of the first one, -1..1
	End    float64 `json:"end"`                 // score of the last one
	Tipped *int    `json:"tipped_at,omitempty"` // index into the event's turns: from here on it was another mood
}

// Vader holds the four VADER figures (Hutto & Gilbert 2014): compound in -1..1;
// pos, neu and neg are shares that add up to 1.
type Vader struct {
	Compound float64 `json:"compound"`
	Pos      float64 `json:"pos"`
	Neu      float64 `json:"neu"`
	Neg      float64 `json:"neg"`
}

// Mention is a topic found in the text, with the sentiment of its own clause.
type Mention struct {
	Topic     string  `json:"topic"` // dotted: service.speed
	Sentiment Label   `json:"sentiment"`
	Score     float64 `json:"score"` // -1..1
	Start     int     `json:"start"` // byte offsets into the analysed text
	End       int     `json:"end"`
}
