package kafka

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol/fetch"

	"earshot/pipeline"
)

const (
	defaultFetchBytes = 1 << 20
	defaultMaxWait    = 250 * time.Millisecond
	readCommitted     = 1
)

// Source reads topics by single fetches, isolation read_committed, and accounts
// for every offset. kafka-go's own Reader does not: it hands out transaction
// markers and aborted records as messages, jumps over a truncated log and
// panics on some compacted topics. A Source is safe for concurrent use.
type Source struct {
	opts   Options
	wire   kafkago.RoundTripper
	client *kafkago.Client
	close  func()
}

var _ pipeline.Source = (*Source)(nil)

// NewSource returns a source on the cluster. Nothing is dialled yet.
func NewSource(opts Options) *Source {
	if opts.FetchBytes <= 0 {
		opts.FetchBytes = defaultFetchBytes
	}
	if opts.MaxWait <= 0 {
		opts.MaxWait = defaultMaxWait
	}
	client, transport := opts.client()
	return &Source{opts: opts, wire: transport, client: client, close: transport.CloseIdleConnections}
}

// Close closes the idle connections; those in use close when they are done.
func (s *Source) Close() { s.close() }

// Partitions returns the topic's partitions in ascending order, once each has
// a leader.
func (s *Source) Partitions(ctx context.Context, topic string) ([]int32, error) {
	partitions, err := s.opts.awaitLeaders(ctx, s.client, topic)
	if err != nil {
		return nil, fmt.Errorf("topic %s: %w", topic, err)
	}
	return partitions, nil
}

// Fetch implements pipeline.Source.
func (s *Source) Fetch(ctx context.Context, tp pipeline.TopicPartition, offset int64) (pipeline.Chunk, error) {
	answer, err := s.fetch(ctx, tp, offset)
	if err != nil {
		return pipeline.Chunk{}, fmt.Errorf("fetch %s/%d at %d: %w", tp.Topic, tp.Partition, offset, err)
	}
	run := newRun(tp, offset)
	base, err := run.read(answer)
	if err != nil {
		return pipeline.Chunk{}, fmt.Errorf("decode %s/%d at %d: %w", tp.Topic, tp.Partition, offset, err)
	}
	if run.next == offset && base >= 0 {
		if err := s.skipTail(ctx, run, base); err != nil {
			return pipeline.Chunk{}, fmt.Errorf("fetch %s/%d at %d: %w", tp.Topic, tp.Partition, offset, err)
		}
	}
	return pipeline.Chunk{Messages: run.messages, End: answer.HighWatermark}, nil
}

// skipTail handles a batch whose last records were compacted away. The broker
// answers a fetch with the batch that covers the offset; when that batch has no
// record from there on, the offset holds none, and so on up to the first offset
// that is answered with another batch. kafka-go does not hand out a batch's last
// offset, so the end of the hole is found by steps that double.
func (s *Source) skipTail(ctx context.Context, run *run, base int64) error {
	last := run.next // known to lie in the batch
	for step := int64(1); ; step *= 2 {
		answer, err := s.fetch(ctx, run.tp, last+step)
		if errors.Is(err, pipeline.ErrOffsetOutOfRange) {
			break
		}
		if err != nil {
			return err
		}
		probe := newRun(run.tp, last+step)
		probed, err := probe.read(answer)
		if err != nil {
			return err
		}
		if probed != base || probe.next != last+step {
			break
		}
		last += step
	}
	run.skip(last+1, skipCompacted)
	return nil
}

// fetch asks the partition's leader once. The answer's records are still in
// kafka-go's pooled memory.
func (s *Source) fetch(ctx context.Context, tp pipeline.TopicPartition, offset int64) (*fetch.ResponsePartition, error) {
	ctx, cancel := context.WithTimeout(ctx, s.opts.MaxWait+requestTimeout)
	defer cancel()
	response, err := s.wire.RoundTrip(ctx, s.client.Addr, s.request(tp, offset))
	if err != nil {
		return nil, s.opts.explain(s.cause(ctx, err))
	}
	answer, ok := response.(*fetch.Response)
	if !ok || len(answer.Topics) != 1 || len(answer.Topics[0].Partitions) != 1 {
		if ok && answer.ErrorCode != 0 {
			return nil, kafkago.Error(answer.ErrorCode)
		}
		return nil, errors.New("the answer does not name the partition")
	}
	partition := &answer.Topics[0].Partitions[0]
	switch code := kafkago.Error(partition.ErrorCode); code {
	case 0:
		return partition, nil
	case kafkago.OffsetOutOfRange:
		return nil, pipeline.ErrOffsetOutOfRange
	default:
		return nil, code
	}
}

// cause looks behind the "topic not found" of a client that never got through to
// a broker: the metadata, which it keeps, say why.
func (s *Source) cause(ctx context.Context, err error) error {
	var network net.Error
	if ctx.Err() != nil || errors.As(err, &network) {
		return err
	}
	if _, why := s.client.Metadata(ctx, &kafkago.MetadataRequest{}); why != nil {
		return why
	}
	return err
}

func (s *Source) request(tp pipeline.TopicPartition, offset int64) *fetch.Request {
	bytes := int32(s.opts.FetchBytes)
	return &fetch.Request{
		ReplicaID: -1, MaxWaitTime: int32(s.opts.MaxWait.Milliseconds()), MinBytes: 1, MaxBytes: bytes,
		IsolationLevel: readCommitted, SessionID: -1, SessionEpoch: -1, // no fetch session
		Topics: []fetch.RequestTopic{{Topic: tp.Topic, Partitions: []fetch.RequestPartition{{
			Partition: tp.Partition, CurrentLeaderEpoch: -1, FetchOffset: offset, LogStartOffset: -1, PartitionMaxBytes: bytes,
		}}}},
	}
}

// Bounds implements pipeline.Source.
func (s *Source) Bounds(ctx context.Context, tp pipeline.TopicPartition) (first, end int64, err error) {
	p := int(tp.Partition)
	answer, err := s.client.ListOffsets(ctx, &kafkago.ListOffsetsRequest{
		Topics: map[string][]kafkago.OffsetRequest{tp.Topic: {kafkago.FirstOffsetOf(p), kafkago.LastOffsetOf(p)}},
	})
	if err != nil {
		return 0, 0, fmt.Errorf("bounds of %s/%d: %w", tp.Topic, p, s.opts.explain(err))
	}
	for _, found := range answer.Topics[tp.Topic] {
		if found.Partition != p {
			continue
		}
		if found.Error != nil {
			return 0, 0, fmt.Errorf("bounds of %s/%d: %w", tp.Topic, p, found.Error)
		}
		return found.FirstOffset, found.LastOffset, nil
	}
	return 0, 0, fmt.Errorf("bounds of %s/%d: the answer does not name the partition", tp.Topic, p)
}

// Commit implements pipeline.Source. Without a group it does nothing.
func (s *Source) Commit(ctx context.Context, tp pipeline.TopicPartition, next int64) error {
	if s.opts.Group == "" {
		return nil
	}
	answer, err := s.client.OffsetCommit(ctx, &kafkago.OffsetCommitRequest{
		GroupID: s.opts.Group, GenerationID: -1, // outside of group management
		Topics: map[string][]kafkago.OffsetCommit{tp.Topic: {{Partition: int(tp.Partition), Offset: next}}},
	})
	if err != nil {
		return fmt.Errorf("commit: %w", s.opts.explain(err))
	}
	for _, done := range answer.Topics[tp.Topic] {
		if done.Error != nil {
			return fmt.Errorf("commit: %w", done.Error)
		}
	}
	return nil
}
