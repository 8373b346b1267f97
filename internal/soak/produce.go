package soak

import (
	"bufio"
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// ackSize is one acknowledgement on a producer's standard output: message index
// uint64, partition int32 (-1: not sent), offset int64, big-endian.
const ackSize = 20

// Produce is a producer's process; its settings are flags.
func Produce(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	var f feed
	flags := flag.NewFlagSet("produce", flag.ContinueOnError)
	broker := flags.String("kafka", "", "host:port")
	flags.Uint64Var(&f.Seed, "seed", 0, "of the messages")
	flags.IntVar(&f.Count, "count", 0, "of the messages")
	flags.IntVar(&f.Distance, "distance", 0, "between a reimport and its first")
	began := flags.Int64("began", 0, "seconds since 1970")
	if err := flags.Parse(args); err != nil {
		return err
	}
	f.Began = time.Unix(*began, 0)
	return produce(ctx, *broker, &f, in, out)
}

// produce is a producer's process: it sends the ranges of messages that come on
// in, "FROM TO" a line, and writes an acknowledgement for each to out. It is
// idempotent: a lost answer doubles nothing; a kill may, since the next process
// sends again what was not acknowledged.
func produce(ctx context.Context, broker string, f *feed, in io.Reader, out io.Writer) error {
	client, err := kgo.NewClient(
		kgo.SeedBrokers(broker), kgo.DefaultProduceTopic(eventsTopic),
		kgo.RequiredAcks(kgo.AllISRAcks()), kgo.ProducerLinger(5*time.Millisecond),
		kgo.ProducerBatchCompression(kgo.Lz4Compression()), kgo.ProducerBatchMaxBytes(2<<20),
		kgo.MaxBufferedRecords(20_000), kgo.MetadataMinAge(200*time.Millisecond),
		kgo.RetryBackoffFn(func(int) time.Duration { return 100 * time.Millisecond }),
		kgo.UnknownTopicRetries(-1),
	)
	if err != nil {
		return err
	}
	defer client.Close()
	acks := &ackWriter{w: bufio.NewWriterSize(out, 1<<16)}
	done := make(chan struct{})
	defer close(done)
	go acks.flushEvery(20*time.Millisecond, done)

	for lines := bufio.NewScanner(in); lines.Scan(); {
		var s span
		if _, err := fmt.Sscan(lines.Text(), &s.From, &s.To); err != nil {
			return fmt.Errorf("order %q: %w", lines.Text(), err)
		}
		for i := s.From; i < s.To; i++ {
			m := f.message(i)
			record := &kgo.Record{Key: m.Key, Value: m.Value, Headers: []kgo.RecordHeader{{Key: indexHeader, Value: encodeIndex(i)}}}
			client.Produce(ctx, record, func(r *kgo.Record, err error) {
				if err != nil {
					acks.write(i, place{-1, 0})
					return
				}
				acks.write(i, place{r.Partition, r.Offset})
			})
		}
	}
	if err := client.Flush(ctx); err != nil {
		return err
	}
	return acks.flush()
}

type ackWriter struct {
	mu sync.Mutex
	w  *bufio.Writer
}

func (a *ackWriter) write(i int, at place) {
	b := make([]byte, 0, ackSize)
	b = binary.BigEndian.AppendUint64(b, uint64(i))
	b = binary.BigEndian.AppendUint32(b, uint32(at.Partition))
	b = binary.BigEndian.AppendUint64(b, uint64(at.Offset))
	a.mu.Lock()
	defer a.mu.Unlock()
	_, _ = a.w.Write(b) // the next flush tells
}

func (a *ackWriter) flush() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.w.Flush()
}

func (a *ackWriter) flushEvery(d time.Duration, done <-chan struct{}) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			if a.flush() != nil {
				return // nobody reads: the parent has gone
			}
		}
	}
}

// readAcks passes a producer's acknowledgements on until it ends.
func readAcks(r io.Reader, ack func(i int, at place)) {
	in := bufio.NewReaderSize(r, 1<<16)
	var b [ackSize]byte
	for {
		if _, err := io.ReadFull(in, b[:]); err != nil {
			return
		}
		ack(int(binary.BigEndian.Uint64(b[:])),
			place{int32(binary.BigEndian.Uint32(b[8:])), int64(binary.BigEndian.Uint64(b[12:]))})
	}
}

// readLog reads the whole events topic back.
func readLog(ctx context.Context, broker string) (*logTruth, error) {
	client, err := kgo.NewClient(kgo.SeedBrokers(broker), kgo.ConsumeTopics(eventsTopic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxBytes(8<<20))
	if err != nil {
		return nil, err
	}
	defer client.Close()
	ends, err := bounds(ctx, client)
	if err != nil {
		return nil, err
	}
	log := &logTruth{partitions: map[int32]*partitionLog{}}
	var want, got int64
	for p, b := range ends {
		log.partitions[p] = &partitionLog{start: b[0], index: make([]int32, 0, b[1]-b[0])}
		want += b[1] - b[0]
	}
	for got < want {
		fetches := client.PollFetches(ctx)
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("read the log: %d of %d: %w", got, want, err)
		}
		var bad error
		fetches.EachRecord(func(r *kgo.Record) {
			part := log.partitions[r.Partition]
			if r.Offset != part.start+int64(len(part.index)) {
				bad = fmt.Errorf("the log of partition %d jumps to %d", r.Partition, r.Offset)
			}
			i, ok := 0, len(r.Headers) == 1
			if ok {
				i, ok = decodeIndex(r.Headers[0].Value)
			}
			if !ok {
				bad = fmt.Errorf("the log holds a message of somebody else at %d/%d", r.Partition, r.Offset)
			}
			part.index = append(part.index, int32(i))
			got++
		})
		if bad != nil {
			return nil, bad
		}
	}
	return log, nil
}

// bounds are the first and the end offset of each partition.
func bounds(ctx context.Context, client *kgo.Client) (map[int32][2]int64, error) {
	starts, err := listOffsets(ctx, client, -2)
	if err != nil {
		return nil, err
	}
	ends, err := listOffsets(ctx, client, -1)
	if err != nil {
		return nil, err
	}
	out := map[int32][2]int64{}
	for p, end := range ends {
		out[p] = [2]int64{starts[p], end}
	}
	return out, nil
}
