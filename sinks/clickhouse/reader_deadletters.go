package clickhouse

import (
	"context"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline"
)

// DeadLetterFilter selects refused messages; zero values do not restrict.
type DeadLetterFilter struct {
	Since, Until time.Time // ingested_at in [Since, Until)
	Reason       string
}

// DeadLetter is one refused message without its payload.
type DeadLetter struct {
	Topic      string    `ch:"topic" json:"topic"`
	Partition  int32     `ch:"partition" json:"partition"`
	Offset     int64     `ch:"offset" json:"offset"`
	Reason     string    `ch:"reason" json:"reason"`
	Detail     string    `ch:"detail" json:"detail"`
	IngestedAt time.Time `ch:"ingested_at" json:"ingested_at"`
	KafkaTime  time.Time `ch:"kafka_time" json:"kafka_time"`
	Bytes      uint64    `ch:"bytes" json:"bytes"`     // length of the payload
	Excerpt    string    `ch:"excerpt" json:"excerpt"` // its first 200 bytes
}

// DeadLetterPayload is one refused message as it came.
type DeadLetterPayload struct {
	Topic      string            `ch:"topic" json:"topic"`
	Partition  int32             `ch:"partition" json:"partition"`
	Offset     int64             `ch:"offset" json:"offset"`
	Reason     string            `ch:"reason" json:"reason"`
	Detail     string            `ch:"detail" json:"detail"`
	IngestedAt time.Time         `ch:"ingested_at" json:"ingested_at"`
	KafkaTime  time.Time         `ch:"kafka_time" json:"kafka_time"`
	Bytes      uint64            `ch:"bytes" json:"bytes"`
	Headers    map[string]string `ch:"headers" json:"headers"`
	Payload    []byte            `ch:"payload" json:"payload"` // any bytes; base64 in JSON
}

// DeadLetters returns refused messages, newest first.
func (r *Reader) DeadLetters(ctx context.Context, f DeadLetterFilter, limit int) ([]DeadLetter, error) {
	until := f.Until
	if until.IsZero() {
		until = endOfTime()
	}
	return selectRows[DeadLetter](ctx, r, "deadletters", Filter{},
		chgo.DateNamed("since", keyTime(f.Since), chgo.MilliSeconds),
		chgo.DateNamed("until", keyTime(until), chgo.MilliSeconds),
		chgo.Named("reason", f.Reason), chgo.Named("limit", max(limit, 0)))
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
