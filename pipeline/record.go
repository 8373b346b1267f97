package pipeline

import "time"

// TopicPartition names one Kafka partition.
type TopicPartition struct {
	Topic     string
	Partition int32
}

// Position is one Kafka offset.
type Position struct {
	TopicPartition
	Offset int64
}

// Header is one Kafka record header.
type Header struct {
	Key   string
	Value []byte
}

// Message is what a Source found at an offset: a record, or (SkipReason set) a
// run of Span offsets that hold none for us: transaction markers, aborted
// records or offsets removed by compaction.
type Message struct {
	Position
	Key, Value []byte
	Headers    []Header
	Time       time.Time // Kafka's timestamp
	Span       int64     // offsets covered, >= 1; 1 for a record
	SkipReason string    // "" for a record, else control, aborted or compacted
}

// Outcome says what became of an offset.
type Outcome string

// Every offset has exactly one outcome.
const (
	OutcomeEvent     Outcome = "event"
	OutcomeDuplicate Outcome = "duplicate" // an event with this id is stored already
	OutcomeDead      Outcome = "dead"
	OutcomeSkipped   Outcome = "skipped" // no record there, see Message.SkipReason
)

// Record is one row of the table `records`: the whole fate of one offset (of
// Message.Span offsets when skipped).
type Record struct {
	Message
	Outcome  Outcome
	Event    *Event   // set for event and duplicate
	Analysis Analysis // zero unless event
	Reject   *Reject  // set for dead
	First    Position // for duplicate: where the event with this id is stored
}
