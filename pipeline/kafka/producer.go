package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"earshot/pipeline"
)

const (
	// batchBytes keeps a batch of ordinary messages below the 1 MiB that an
	// untouched topic accepts.
	batchBytes = 900 << 10
	// maxMessageBytes is the longest message the producer sends at all; such a
	// message travels alone.
	maxMessageBytes = 16 << 20
	batchMessages   = 10_000
	batchWait       = 5 * time.Millisecond
)

// Producer sends messages to one topic and waits for all replicas. It is safe
// for concurrent use. A failed Send may have sent: resend with the same ids.
type Producer struct {
	cluster   Cluster
	transport *kafkago.Transport
	batched   *kafkago.Writer // several messages a batch
	alone     *kafkago.Writer // one long message a batch
}

// NewProducer returns a producer for opts.Topic. Nothing is dialled yet.
func NewProducer(opts Options) *Producer {
	p := &Producer{cluster: opts.Cluster, transport: opts.transport()}
	p.batched = p.writer(opts, batchMessages, batchBytes)
	p.alone = p.writer(opts, 1, maxMessageBytes)
	return p
}

func (p *Producer) writer(opts Options, messages int, bytes int64) *kafkago.Writer {
	return &kafkago.Writer{
		Addr:         kafkago.TCP(opts.Brokers...),
		Topic:        opts.Topic,
		Balancer:     kafkago.Murmur2Balancer{}, // as Java and librdkafka's murmur2_random
		RequiredAcks: kafkago.RequireAll,
		Compression:  kafkago.Lz4,
		BatchSize:    messages,
		BatchBytes:   bytes,
		BatchTimeout: batchWait,
		Transport:    p.transport,
	}
}

// Send produces the messages in order and returns once all are acknowledged.
// A pipeline.TooLargeError names the first message that no topic would take; those
// before it have been sent.
func (p *Producer) Send(ctx context.Context, msgs []pipeline.OutMessage) error {
	out := make([]kafkago.Message, len(msgs))
	for i, m := range msgs {
		out[i] = kafkago.Message{Key: m.Key, Value: m.Value, Headers: headersOut(m.Headers), Time: m.Time}
	}
	for start := 0; start < len(out); {
		end := start + 1
		writer := p.alone
		if size(out[start]) <= batchBytes {
			writer = p.batched
			for end < len(out) && size(out[end]) <= batchBytes {
				end++
			}
		}
		if err := writer.WriteMessages(ctx, out[start:end]...); err != nil {
			return fmt.Errorf("produce: %w", p.shorten(err, out[start:end], start))
		}
		start = end
	}
	return nil
}

// Close waits for what is under way and closes the connections.
func (p *Producer) Close() error {
	err := errors.Join(p.batched.Close(), p.alone.Close())
	p.transport.CloseIdleConnections()
	return err
}

// shorten reduces kafka-go's one-error-per-message list, which can be megabytes
// of the same text, to one error and a count.
func (p *Producer) shorten(err error, msgs []kafkago.Message, base int) error {
	var each kafkago.WriteErrors
	if !errors.As(err, &each) {
		var tooLarge kafkago.MessageTooLargeError
		if errors.As(err, &tooLarge) {
			return &pipeline.TooLargeError{Index: base, Bytes: size(tooLarge.Message)}
		}
		return p.cluster.explain(err)
	}
	first, failed := -1, 0
	for i, e := range each {
		if e == nil {
			continue
		}
		failed++
		if first < 0 {
			first = i
		}
	}
	if first < 0 {
		return errors.New("no error given")
	}
	if len(msgs) == 1 && errors.Is(each[first], kafkago.MessageSizeTooLarge) {
		return &pipeline.TooLargeError{Index: base, Bytes: size(msgs[0])}
	}
	return fmt.Errorf("%d of %d messages: %w", failed, len(msgs), p.cluster.explain(each[first]))
}

// size bounds what a message takes in a batch from above.
func size(m kafkago.Message) int {
	n := 64 + len(m.Key) + len(m.Value)
	for _, h := range m.Headers {
		n += 16 + len(h.Key) + len(h.Value)
	}
	return n
}

func headersOut(headers []pipeline.Header) []kafkago.Header {
	if len(headers) == 0 {
		return nil
	}
	out := make([]kafkago.Header, len(headers))
	for i, h := range headers {
		out[i] = kafkago.Header{Key: h.Key, Value: h.Value}
	}
	return out
}
