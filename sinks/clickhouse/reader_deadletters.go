package clickhouse

import (
	"context"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline"
)

// ReplayState selects refused messages by whether they were sent again.
type ReplayState string

// The states. A message that was replayed and refused again is replayed; the
// new dead letter is open.
const (
	AnyState      ReplayState = ""
	StateOpen     ReplayState = "open"
	StateReplayed ReplayState = "replayed"
)

// DeadLetterFilter selects refused messages; zero values do not restrict.
type DeadLetterFilter struct {
	Since, Until time.Time // ingested_at in [Since, Until)
	Reason       string
	Topic        string
	Partition    *int32
	Offset       *int64
	State        ReplayState // not heeded by DeadLetterKeys
}

// DeadLetter is one refused message without its payload, and what became of it
// if it was replayed.
type DeadLetter struct {
	Topic      string    `ch:"topic" json:"topic"`
	Partition  int32     `ch:"partition" json:"partition"`
	Offset     int64     `ch:"offset" json:"offset"`
	Reason     string    `ch:"reason" json:"reason"`
	Detail     string    `ch:"detail" json:"detail"`
	IngestedAt time.Time `ch:"ingested_at" json:"ingested_at"`
	KafkaTime  time.Time `ch:"kafka_time" json:"kafka_time"`
	Bytes      uint64    `ch:"bytes" json:"bytes"`         // length of the payload
	Excerpt    string    `ch:"excerpt" json:"excerpt"`     // its first 200 bytes
	ReplayOf   string    `ch:"replay_of" json:"replay_of"` // the dead letter it repeats, as TOPIC/PARTITION/OFFSET, else ""

	Replays       uint64     `ch:"replays" json:"replays"`               // how often it was replayed
	ReplayedAt    *time.Time `ch:"replayed_at" json:"replayed_at"`       // when the replay was stored
	ReplayOutcome string     `ch:"replay_outcome" json:"replay_outcome"` // event, duplicate or dead; "" if it was not replayed
	ReplayReason  string     `ch:"replay_reason" json:"replay_reason"`   // why it is dead again
	ReplayedAs    string     `ch:"replayed_as" json:"replayed_as"`       // where the replay is, as TOPIC/PARTITION/OFFSET
}

// DeadLetterPayload is one refused message as it came.
type DeadLetterPayload struct {
	Topic      string    `ch:"topic" json:"topic"`
	Partition  int32     `ch:"partition" json:"partition"`
	Offset     int64     `ch:"offset" json:"offset"`
	Reason     string    `ch:"reason" json:"reason"`
	Detail     string    `ch:"detail" json:"detail"`
	IngestedAt time.Time `ch:"ingested_at" json:"ingested_at"`
	KafkaTime  time.Time `ch:"kafka_time" json:"kafka_time"`
	Bytes      uint64    `ch:"bytes" json:"bytes"`
	Key        []byte    `ch:"message_key" json:"key"` // base64 in JSON
	Headers    Headers   `ch:"headers" json:"headers"`
	Payload    []byte    `ch:"payload" json:"payload"` // any bytes; base64 in JSON
	ReplayOf   string    `ch:"replay_of" json:"replay_of"`
}

// Message is the refused message as Kafka had it. An empty key is none.
func (l *DeadLetterPayload) Message() pipeline.Message {
	m := pipeline.Message{
		Position: pipeline.Position{TopicPartition: pipeline.TopicPartition{Topic: l.Topic, Partition: l.Partition}, Offset: l.Offset},
		Value:    l.Payload, Headers: l.Headers, Time: l.KafkaTime, Span: 1,
	}
	if len(l.Key) > 0 {
		m.Key = l.Key
	}
	return m
}

// DeadLetterReplay is what became of one replay.
type DeadLetterReplay struct {
	Outcome    string    `ch:"outcome" json:"outcome"` // event, duplicate or dead
	Reason     string    `ch:"reason" json:"reason"`   // why it is dead
	Detail     string    `ch:"detail" json:"detail"`
	EventID    string    `ch:"event_id" json:"event_id"`
	IngestedAt time.Time `ch:"ingested_at" json:"ingested_at"`
	Topic      string    `ch:"topic" json:"topic"`
	Partition  int32     `ch:"partition" json:"partition"`
	Offset     int64     `ch:"offset" json:"offset"`
}

// DeadLetterKey says where a refused message is, and whether it was replayed.
type DeadLetterKey struct {
	Topic       string `ch:"topic"`
	Partition   int32  `ch:"partition"`
	Offset      int64  `ch:"offset"`
	Bytes       uint64 `ch:"bytes"` // length of the payload
	Replays     uint64 `ch:"replays"`
	LastOutcome string `ch:"last_outcome"` // of the last replay
	LastReason  string `ch:"last_reason"`
}

// Position is where the message is.
func (k *DeadLetterKey) Position() pipeline.Position {
	return pipeline.Position{TopicPartition: pipeline.TopicPartition{Topic: k.Topic, Partition: k.Partition}, Offset: k.Offset}
}

func (f DeadLetterFilter) args() []any {
	until := f.Until
	if until.IsZero() {
		until = endOfTime()
	}
	partition, offset := int32(-1), int64(-1)
	if f.Partition != nil {
		partition = *f.Partition
	}
	if f.Offset != nil {
		offset = *f.Offset
	}
	return []any{
		chgo.DateNamed("since", keyTime(f.Since), chgo.MilliSeconds),
		chgo.DateNamed("until", keyTime(until), chgo.MilliSeconds),
		chgo.Named("reason", f.Reason), chgo.Named("topic", f.Topic),
		chgo.Named("partition", partition), chgo.Named("offset", offset),
	}
}

// DeadLetters returns refused messages, newest first.
func (r *Reader) DeadLetters(ctx context.Context, f DeadLetterFilter, limit int) ([]DeadLetter, error) {
	letters, err := selectRows[DeadLetter](ctx, r, "deadletters", Filter{},
		append(f.args(), chgo.Named("state", string(f.State)), chgo.Named("limit", max(limit, 0)))...)
	for i := range letters {
		if l := &letters[i]; l.Replays == 0 {
			l.ReplayedAt = nil // the join has 1970 there
		}
	}
	return letters, err
}

// DeadLetter returns the refused message at a position, nil if there is none.
func (r *Reader) DeadLetter(ctx context.Context, at pipeline.Position) (*DeadLetterPayload, error) {
	rows, err := selectRows[DeadLetterPayload](ctx, r, "deadletter", Filter{},
		chgo.Named("topic", at.Topic), chgo.Named("partition", at.Partition), chgo.Named("offset", at.Offset))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// DeadLetterPayloads returns the refused messages at some offsets of one
// partition, in order.
func (r *Reader) DeadLetterPayloads(ctx context.Context, tp pipeline.TopicPartition, offsets []int64) ([]DeadLetterPayload, error) {
	return selectRows[DeadLetterPayload](ctx, r, "deadletter_payloads", Filter{},
		chgo.Named("topic", tp.Topic), chgo.Named("partition", tp.Partition), chgo.Named("offsets", offsets))
}

// DeadLetterReplays returns what became of the replays of a refused message.
func (r *Reader) DeadLetterReplays(ctx context.Context, at pipeline.Position) ([]DeadLetterReplay, error) {
	return selectRows[DeadLetterReplay](ctx, r, "deadletter_replays", Filter{}, chgo.Named("letter", at.Path()))
}

// keysPage is how many keys one query returns.
const keysPage = 50_000

// DeadLetterKeys returns where the refused messages of a selection are, by
// partition and offset: all of them, replayed or not.
func (r *Reader) DeadLetterKeys(ctx context.Context, f DeadLetterFilter) ([]DeadLetterKey, error) {
	var keys []DeadLetterKey
	after := pipeline.Position{Offset: -1}
	for {
		page, err := selectRows[DeadLetterKey](ctx, r, "deadletter_keys", Filter{}, append(f.args(),
			chgo.Named("after_topic", after.Topic), chgo.Named("after_partition", after.Partition),
			chgo.Named("after_offset", after.Offset), chgo.Named("limit", keysPage))...)
		if err != nil {
			return nil, err
		}
		keys = append(keys, page...)
		if len(page) < keysPage {
			return keys, nil
		}
		after = keys[len(keys)-1].Position()
	}
}

// Positions returns the offset that each stored partition of a topic goes on at.
func (r *Reader) Positions(ctx context.Context, topic string) (map[int32]int64, error) {
	type position struct {
		Partition int32 `ch:"partition"`
		Next      int64 `ch:"next"`
	}
	rows, err := selectRows[position](ctx, r, "deadletter_positions", Filter{}, chgo.Named("topic", topic))
	next := make(map[int32]int64, len(rows))
	for _, row := range rows {
		next[row.Partition] = row.Next
	}
	return next, err
}
