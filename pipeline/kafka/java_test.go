package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"

	"earshot/internal/kafkatest"
	"earshot/pipeline"
)

// realTopic creates a topic of its own on a real broker.
func realTopic(t *testing.T, broker *kafkatest.Broker, name string, partitions int, config map[string]string) (Cluster, context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	cluster := Cluster{Brokers: []string{broker.Addr()}}
	if err := EnsureTopics(ctx, cluster, []TopicSpec{{Name: name, Partitions: partitions, Config: config}}); err != nil {
		t.Fatal(err)
	}
	return cluster, ctx
}

func runScript(ctx context.Context, t *testing.T, broker *kafkatest.Broker, script *kafkatest.Script) []kafkatest.Sent {
	t.Helper()
	sent, err := broker.Run(ctx, script)
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

func realSource(t *testing.T, cluster Cluster) *Source {
	source := NewSource(Options{Cluster: cluster, MaxWait: 50 * time.Millisecond})
	t.Cleanup(source.Close)
	return source
}

// TestRealKafkaJava: what Kafka's own client and broker do to a log, and what the
// source makes of it.
func TestRealKafkaJava(t *testing.T) {
	broker := kafkatest.New(t, kafkatest.Options{})
	t.Run("transactions", func(t *testing.T) { testJavaTransactions(t, broker) })
	t.Run("partitioner", func(t *testing.T) { testJavaPartitioner(t, broker) })
	t.Run("compaction", func(t *testing.T) { testCompaction(t, broker) })
	t.Run("truncation", func(t *testing.T) { testTruncation(t, broker) })
}

// testJavaTransactions: with every codec, committed records are read, aborted
// ones and the markers skipped, and no offset is missing.
func testJavaTransactions(t *testing.T, broker *kafkatest.Broker) {
	const topic, each = "transactions", 40
	cluster, ctx := realTopic(t, broker, topic, 1, nil)
	var script kafkatest.Script
	var values []string // of each record sent; "" if aborted
	script.Topic(topic)
	for _, codec := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
		script.Open(codec, "tx-"+codec)
		for _, fate := range []string{"commit", "abort", "abort", "commit"} {
			script.Begin()
			for i := range each {
				value := fmt.Sprintf("%s %s %d ähnlich 评论", codec, fate, i)
				script.Send(fmt.Sprintf("key-%d", i), value)
				if fate == "abort" {
					value = ""
				}
				values = append(values, value)
			}
			if fate == "abort" {
				script.Abort()
			} else {
				script.Commit()
			}
		}
	}
	script.Open("lz4", "") // without a transaction, and so without a marker at the end
	script.Send("k", "last")
	sent := runScript(ctx, t, broker, &script)
	values = append(values, "last")
	if len(sent) != len(values) {
		t.Fatalf("%d records sent, want %d", len(sent), len(values))
	}
	want := map[int64]string{} // by offset: value, or why it is skipped; the rest are markers
	for i, at := range sent {
		want[at.Offset] = values[i]
		if values[i] == "" {
			want[at.Offset] = skipAborted
		}
	}
	counts := checkLog(t, cluster, topic, want)
	if counts[""] != 10*each+1 || counts[skipAborted] != 10*each || counts[skipControl] != 20 {
		t.Errorf("offsets by kind: %v", counts)
	}
}

// checkLog reads partition 0 from its start and compares each offset with want;
// one that is not in it must be a marker. It returns the offsets of each kind.
func checkLog(t *testing.T, cluster Cluster, topic string, want map[int64]string) map[string]int64 {
	t.Helper()
	counts := map[string]int64{}
	for _, m := range readAll(t, realSource(t, cluster), pipeline.TopicPartition{Topic: topic}, 0) {
		counts[m.SkipReason] += m.Span
		for offset := m.Offset; offset < m.Offset+m.Span; offset++ {
			got := m.SkipReason
			if got == "" {
				got = string(m.Value)
			}
			due, ok := want[offset]
			if !ok {
				due = skipControl
			}
			if got != due {
				t.Fatalf("offset %d is %q, want %q", offset, got, due)
			}
		}
	}
	return counts
}

// testJavaPartitioner: a key goes where Java's clients send it, so that both may
// write to a topic and the order of a key holds.
func testJavaPartitioner(t *testing.T, broker *kafkatest.Broker) {
	const topic, partitions, keys = "partitioner", 7, 600
	_, ctx := realTopic(t, broker, topic, partitions, nil)
	var script kafkatest.Script
	script.Topic(topic)
	script.Open("none", "")
	for i := range keys {
		script.Send(fmt.Sprintf("kunde-%d-ü-客", i*i), "v")
	}
	all := make([]int, partitions)
	for p := range all {
		all[p] = p
	}
	ours := kafkago.Murmur2Balancer{}
	for i, at := range runScript(ctx, t, broker, &script) {
		key := fmt.Sprintf("kunde-%d-ü-客", i*i)
		if p := ours.Balance(kafkago.Message{Key: []byte(key)}, all...); int32(p) != at.Partition {
			t.Fatalf("key %s goes to partition %d, Java's to %d", key, p, at.Partition)
		}
	}
}

// testCompaction: the cleaner leaves an empty batch of each producer, several in
// a row, and holes. Every offset is read or skipped as compacted.
func testCompaction(t *testing.T, broker *kafkatest.Broker) {
	const topic, producers, keys = "compacted", 6, 20
	cluster, ctx := realTopic(t, broker, topic, 1, map[string]string{
		"cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.001", "segment.ms": "200", "min.compaction.lag.ms": "0",
	})
	var script kafkatest.Script
	script.Topic(topic)
	for p := range producers { // each overwrites what all before it wrote
		script.Open("lz4", "")
		for k := range keys {
			script.Send(fmt.Sprintf("key-%d", k), fmt.Sprintf("%d", p))
		}
		script.Flush()
	}
	sent := runScript(ctx, t, broker, &script)
	end, want := sent[len(sent)-1].Offset+1, map[int64]string{}
	for _, at := range sent {
		want[at.Offset] = skipCompacted
		if at.Offset >= end-keys {
			want[at.Offset] = fmt.Sprint(producers - 1)
		}
	}
	producer := NewProducer(Options{Cluster: cluster, Topic: topic})
	defer func() {
		if err := producer.Close(); err != nil {
			t.Error(err)
		}
	}()
	tp, source := pipeline.TopicPartition{Topic: topic}, realSource(t, cluster)
	for { // a segment is closed, and so cleaned, once a later message comes
		if err := producer.Send(ctx, []pipeline.OutMessage{{Key: []byte("roll"), Value: []byte("roll")}}); err != nil {
			t.Fatal(err)
		}
		chunk, err := source.Fetch(ctx, tp, 0)
		if err != nil {
			t.Fatal(err)
		}
		if first := chunk.Messages[0]; first.SkipReason == skipCompacted && first.Span >= (producers-1)*keys-1 {
			break
		}
		time.Sleep(300 * time.Millisecond)
	}
	if n := emptyBatches(ctx, t, source, tp); n < 2 {
		t.Errorf("the cleaner left %d empty batches in a row, want several for this test to mean something", n)
	}
	for start := int64(0); start < end; start += 7 { // from within every batch, empty or not
		for _, m := range readAll(t, source, tp, start) {
			for offset := m.Offset; offset < min(m.Offset+m.Span, end); offset++ {
				got := m.SkipReason
				if got == "" {
					got = string(m.Value)
				}
				if got != want[offset] {
					t.Fatalf("offset %d read from %d is %q, want %q", offset, start, got, want[offset])
				}
			}
		}
	}
}

// emptyBatches counts the batches without a record at the start of the log.
func emptyBatches(ctx context.Context, t *testing.T, source *Source, tp pipeline.TopicPartition) (n int) {
	t.Helper()
	answer, err := source.fetch(ctx, tp, 0)
	if err != nil {
		t.Fatal(err)
	}
	stream, ok := answer.RecordSet.Records.(*protocol.RecordStream)
	if !ok {
		return 0
	}
	for _, batch := range stream.Records {
		if _, err := batch.ReadRecord(); !errors.Is(err, io.EOF) {
			break
		}
		n++
	}
	return n
}

// testTruncation: what was deleted from the front of the log is out of range,
// never jumped over.
func testTruncation(t *testing.T, broker *kafkatest.Broker) {
	const topic = "truncated"
	cluster, ctx := realTopic(t, broker, topic, 1, nil)
	var script kafkatest.Script
	script.Topic(topic)
	script.Open("lz4", "")
	for i := range 1000 {
		script.Send("k", fmt.Sprint(i))
	}
	script.Flush()
	script.Truncate(0, 700)
	runScript(ctx, t, broker, &script)
	tp, source := pipeline.TopicPartition{Topic: topic}, realSource(t, cluster)
	if first, end, err := source.Bounds(ctx, tp); first != 700 || end != 1000 || err != nil {
		t.Errorf("bounds %d to %d, %v", first, end, err)
	}
	for _, offset := range []int64{0, 99, 699, 1001} {
		if _, err := source.Fetch(ctx, tp, offset); !errors.Is(err, pipeline.ErrOffsetOutOfRange) {
			t.Errorf("offset %d: %v", offset, err)
		}
	}
	if got := readAll(t, source, tp, 700); len(got) != 300 || string(got[0].Value) != "700" {
		t.Errorf("%d messages from 700 on", len(got))
	}
}
