package kafka

import (
	"context"
	"fmt"
	"net"
	"testing"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	"github.com/segmentio/kafka-go/protocol/fetch"
	"pgregory.net/rapid"

	"earshot/pipeline"
)

// modelBatch is a batch of a log as a broker keeps it: after compaction some of
// its offsets have no record, at its end, too.
type modelBatch struct {
	base, last int64
	producer   int64
	kind       string  // "", aborted or control: what reading its offsets must say
	commit     bool    // of a control batch
	records    []int64 // offsets that still have a record
}

// modelLog answers fetches like a broker: from the batch that covers the offset
// (or the next one) on, some batches, and the transactions aborted in them.
type modelLog struct {
	batches []modelBatch
	end     int64
	perCall func() int // batches in one answer
}

type roundTripFunc func(context.Context, net.Addr, kafkago.Request) (kafkago.Response, error)

func (f roundTripFunc) RoundTrip(ctx context.Context, a net.Addr, r kafkago.Request) (kafkago.Response, error) {
	return f(ctx, a, r)
}

var _ kafkago.RoundTripper = roundTripFunc(nil)

func (l *modelLog) source() *Source {
	s := NewSource(Options{Cluster: Cluster{Brokers: []string{"model:9092"}}})
	s.wire = roundTripFunc(func(_ context.Context, _ net.Addr, r kafkago.Request) (kafkago.Response, error) {
		offset := r.(*fetch.Request).Topics[0].Partitions[0].FetchOffset
		return &fetch.Response{Topics: []fetch.ResponseTopic{{Partitions: []fetch.ResponsePartition{l.answer(offset)}}}}, nil
	})
	return s
}

func (l *modelLog) answer(offset int64) fetch.ResponsePartition {
	if offset < 0 || offset > l.end {
		return fetch.ResponsePartition{ErrorCode: int16(kafkago.OffsetOutOfRange)}
	}
	answer := fetch.ResponsePartition{HighWatermark: l.end, LastStableOffset: l.end}
	stream := &protocol.RecordStream{}
	left := l.perCall()
	for _, b := range l.batches {
		if b.last < offset || left == 0 {
			continue
		}
		left--
		stream.Records = append(stream.Records, b.reader())
		if b.kind == skipAborted {
			answer.AbortedTransactions = append(answer.AbortedTransactions, fetch.ResponseTransaction{ProducerID: b.producer, FirstOffset: b.base})
		}
	}
	if len(stream.Records) > 0 {
		answer.RecordSet = protocol.RecordSet{Records: stream}
	}
	return answer
}

func (b modelBatch) reader() protocol.RecordReader {
	records := make([]protocol.Record, len(b.records))
	for i, o := range b.records {
		records[i] = protocol.Record{Offset: o, Value: protocol.NewBytes(fmt.Appendf(nil, "v%d", o)), Key: protocol.NewBytes([]byte("k"))}
		if b.kind == skipControl {
			marker := []byte{0, 0, 0, 0}
			if b.commit {
				marker[3] = 1
			}
			records[i].Key = protocol.NewBytes(marker)
		}
	}
	if b.kind == skipControl {
		return &protocol.ControlBatch{BaseOffset: b.base, ProducerID: b.producer, Records: protocol.NewRecordReader(records...)}
	}
	batch := &protocol.RecordBatch{BaseOffset: b.base, ProducerID: b.producer, Records: protocol.NewRecordReader(records...)}
	if b.producer > 0 {
		batch.Attributes = protocol.Transactional
	}
	return batch
}

// want says what each offset of the log holds: "" for a record.
func (l *modelLog) want() []string {
	want := make([]string, l.end)
	for i := range want {
		want[i] = skipCompacted
	}
	for _, b := range l.batches {
		for _, o := range b.records {
			want[o] = b.kind
		}
	}
	return want
}

// drawModelLog makes batches of transactions, committed or aborted, and of none.
// The last batch keeps its last record: only closed segments are compacted.
func drawModelLog(t *rapid.T) *modelLog {
	l := &modelLog{}
	add := func(kind string, producer int64, commit bool, length int64, whole bool) {
		b := modelBatch{base: l.end, last: l.end + length - 1, kind: kind, producer: producer, commit: commit}
		for o := b.base; o <= b.last; o++ {
			if whole || kind == skipControl || rapid.IntRange(0, 2).Draw(t, "kept") > 0 {
				b.records = append(b.records, o)
			}
		}
		l.batches, l.end = append(l.batches, b), b.last+1
	}
	for range rapid.IntRange(0, 12).Draw(t, "groups") {
		length := rapid.Int64Range(1, 9).Draw(t, "length")
		producer := rapid.Int64Range(0, 2).Draw(t, "producer")
		switch abort := rapid.Bool().Draw(t, "abort"); {
		case producer == 0:
			add("", 0, false, length, false)
		case abort:
			add(skipAborted, producer, false, length, false)
			add(skipControl, producer, false, 1, true)
		default:
			add("", producer, false, length, false)
			add(skipControl, producer, true, 1, true)
		}
		if rapid.IntRange(0, 4).Draw(t, "hole") == 0 { // whole batches removed
			l.end += rapid.Int64Range(1, 20).Draw(t, "gap")
		}
	}
	add("", 0, false, 2, true)
	l.perCall = func() int { return rapid.IntRange(1, 4).Draw(t, "per call") }
	return l
}

func TestEveryOffsetIsAccountedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawModelLog(t)
		source, want := l.source(), l.want()
		tp := pipeline.TopicPartition{Topic: "t"}
		next := rapid.Int64Range(0, l.end-1).Draw(t, "start")
		for calls := 0; next < l.end; calls++ {
			if calls > 1000 {
				t.Fatalf("no progress at %d", next)
			}
			chunk, err := source.Fetch(context.Background(), tp, next)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range chunk.Messages {
				if m.Offset != next || m.Span < 1 {
					t.Fatalf("offset %d span %d came, %d was due", m.Offset, m.Span, next)
				}
				for ; next < m.Offset+m.Span; next++ {
					if want[next] != m.SkipReason {
						t.Fatalf("offset %d is %q, want %q", next, m.SkipReason, want[next])
					}
				}
				if m.SkipReason == "" && string(m.Value) != fmt.Sprintf("v%d", m.Offset) {
					t.Fatalf("offset %d has the value %q", m.Offset, m.Value)
				}
			}
		}
	})
}

func TestLongCompactedTailTakesFewCalls(t *testing.T) {
	const tail = 1_000_000
	l := &modelLog{end: tail + 2, perCall: func() int { return 1 }, batches: []modelBatch{
		{base: 0, last: tail, records: []int64{0}}, {base: tail + 1, last: tail + 1, records: []int64{tail + 1}},
	}}
	source, calls := l.source(), 0
	inner := source.wire
	source.wire = roundTripFunc(func(ctx context.Context, a net.Addr, r kafkago.Request) (kafkago.Response, error) {
		calls++
		return inner.RoundTrip(ctx, a, r)
	})
	next := int64(0)
	for next < l.end {
		chunk, err := source.Fetch(context.Background(), pipeline.TopicPartition{Topic: "t"}, next)
		if err != nil {
			t.Fatal(err)
		}
		last := chunk.Messages[len(chunk.Messages)-1]
		next = last.Offset + last.Span
	}
	if calls > 500 {
		t.Errorf("%d fetches for a hole of %d offsets", calls, tail)
	}
}
