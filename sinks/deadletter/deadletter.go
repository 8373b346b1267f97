// Package deadletter passes refused messages on to a topic: the original key,
// value and headers, and in further headers why and from where.
package deadletter

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"earshot/pipeline"
)

// The headers that are added behind the original ones. They are part of the
// contract: with them a consumer of the topic needs no other source.
const (
	HeaderReason    = "earshot-reason"
	HeaderDetail    = "earshot-detail"
	HeaderTopic     = "earshot-topic"
	HeaderPartition = "earshot-partition"
	HeaderOffset    = "earshot-offset"
	HeaderTime      = "earshot-time"      // Kafka's timestamp of the original, RFC 3339
	HeaderTruncated = "earshot-truncated" // "true": the value was too long for the topic and is left out
)

// Publisher produces messages in order; nil means acknowledged. A
// *pipeline.TooLargeError names a message the topic does not take; those before
// it have been sent.
type Publisher interface {
	Send(ctx context.Context, msgs []pipeline.OutMessage) error
}

// Sink publishes dead letters. It is safe for concurrent use if its Publisher is.
type Sink struct {
	publisher Publisher
}

var _ pipeline.DeadLetters = (*Sink)(nil)

// New returns a sink on the publisher.
func New(publisher Publisher) *Sink { return &Sink{publisher: publisher} }

// Publish implements pipeline.DeadLetters. A message that is too long for the
// topic is sent without its value: the table dead_letters has the whole one.
func (s *Sink) Publish(ctx context.Context, dead []pipeline.Record) error {
	letters := make([]pipeline.OutMessage, len(dead))
	for i := range dead {
		letters[i] = letter(&dead[i])
	}
	for len(letters) > 0 {
		err := s.publisher.Send(ctx, letters)
		if err == nil {
			return nil
		}
		var tooLarge *pipeline.TooLargeError
		if !errors.As(err, &tooLarge) || tooLarge.Index < 0 || tooLarge.Index >= len(letters) || letters[tooLarge.Index].Value == nil {
			return fmt.Errorf("dead letters: %w", err)
		}
		letters = letters[tooLarge.Index:]
		letters[0].Key, letters[0].Value = nil, nil
		letters[0].Headers = append(provenance(&dead[len(dead)-len(letters)]), pipeline.Header{Key: HeaderTruncated, Value: []byte("true")})
	}
	return nil
}

func letter(r *pipeline.Record) pipeline.OutMessage {
	headers := make([]pipeline.Header, 0, len(r.Headers)+6)
	headers = append(headers, r.Headers...)
	return pipeline.OutMessage{Key: r.Key, Value: r.Value, Headers: append(headers, provenance(r)...)}
}

func provenance(r *pipeline.Record) []pipeline.Header {
	return []pipeline.Header{
		{Key: HeaderReason, Value: []byte(r.Reject.Reason)},
		{Key: HeaderDetail, Value: []byte(r.Reject.Detail)},
		{Key: HeaderTopic, Value: []byte(r.Topic)},
		{Key: HeaderPartition, Value: strconv.AppendInt(nil, int64(r.Partition), 10)},
		{Key: HeaderOffset, Value: strconv.AppendInt(nil, r.Offset, 10)},
		{Key: HeaderTime, Value: r.Time.UTC().AppendFormat(nil, time.RFC3339Nano)},
	}
}
