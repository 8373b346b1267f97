package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrOffsetOutOfRange means that the log does not hold an offset any more, or
// not yet: retention ran ahead of the reader, or the topic was made anew.
var ErrOffsetOutOfRange = errors.New("offset out of range")

// Source reads a Kafka topic exactly: it accounts for every offset.
type Source interface {
	// Fetch returns the messages from offset on, in order and without a hole:
	// the first has Offset == offset, each next one follows on the last one's
	// span. It waits a moment for news and returns an empty Chunk if there is
	// none. ErrOffsetOutOfRange means that offset is not in the log any more
	// (or not yet); the caller decides, the Source never jumps.
	Fetch(ctx context.Context, tp TopicPartition, offset int64) (Chunk, error)
	// Bounds returns the first offset in the log and the one after the last.
	Bounds(ctx context.Context, tp TopicPartition) (first, end int64, err error)
	// Commit tells Kafka how far the table is, for lag display only.
	Commit(ctx context.Context, tp TopicPartition, next int64) error
}

// Chunk is one answer of a Source.
type Chunk struct {
	Messages []Message
	End      int64 // the partition's end offset as the broker knew it, for lag
}

// Analyzer scores one event. It is safe for concurrent use and depends on
// nothing but its input: the same event yields the same Analysis.
type Analyzer interface {
	Analyze(*Event) Analysis
}

// Sink stores batches and keeps the consume position.
type Sink interface {
	// Recover fences older writers of the partition (none of their inserts can
	// take effect afterwards) and returns where it stands.
	Recover(ctx context.Context, tp TopicPartition) (Standing, error)
	// Stored returns where the events with these ids are, for those stored.
	Stored(ctx context.Context, ids []string) (map[string]Position, error)
	// Write stores the batch. nil means durable: every row, exactly once. Any
	// error means unknown: the caller must Recover before it goes on. The batch
	// belongs to the caller again when Write returns.
	Write(ctx context.Context, b Batch) error
}

// Standing is how far a partition is in the sink.
type Standing struct {
	Next  int64     // the offset to read next
	Found bool      // false: the partition has no row yet
	Last  time.Time // Kafka's time of the record at Next-1; zero if it has none
}

// Batch is a run of consecutive offsets of one partition.
type Batch struct {
	TopicPartition
	Records    []Record
	IngestedAt time.Time // the same for all rows: it picks the one ClickHouse partition
}

// DeadLetters passes rejected messages on to whoever repairs them.
type DeadLetters interface {
	// Publish sends the dead records of a batch; nil means acknowledged. It may
	// send a record again after a crash: readers go by its position. The records
	// belong to the caller again when Publish returns.
	Publish(ctx context.Context, dead []Record) error
}

// OutMessage is a message to be produced. A zero Time leaves the timestamp to
// the producer.
type OutMessage struct {
	Key, Value []byte
	Headers    []Header
	Time       time.Time
}

// TooLargeError names a message that is longer than its topic accepts.
type TooLargeError struct {
	Index int // in the slice that was to be sent
	Bytes int // key, value and headers
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("message %d is %d bytes long, more than the topic's max.message.bytes", e.Index, e.Bytes)
}
