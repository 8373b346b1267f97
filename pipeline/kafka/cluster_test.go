package kafka

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.uber.org/goleak"

	"earshot/pipeline"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testTopic = "feedback.events"

// testCluster is a broker in this process with the test topic.
func testCluster(t testing.TB, partitions int) []string {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.Ports(0))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	brokers := cluster.ListenAddrs()
	spec := TopicSpec{Name: testTopic, Partitions: partitions, Config: map[string]string{"max.message.bytes": "10485760"}}
	for range 2 { // the second time it exists
		if err := EnsureTopics(context.Background(), Cluster{Brokers: brokers}, []TopicSpec{spec}); err != nil {
			t.Fatal(err)
		}
	}
	return brokers
}

func testSource(t testing.TB, brokers []string) *Source {
	source := NewSource(Options{Cluster: Cluster{Brokers: brokers}, Group: "earshot", MaxWait: 20 * time.Millisecond})
	t.Cleanup(source.Close)
	return source
}

func testProducer(t testing.TB, brokers []string) *Producer {
	producer := NewProducer(Options{Cluster: Cluster{Brokers: brokers}, Topic: testTopic})
	t.Cleanup(func() {
		if err := producer.Close(); err != nil {
			t.Error(err)
		}
	})
	return producer
}

// readAll reads a partition from offset to its end.
func readAll(t *testing.T, source *Source, tp pipeline.TopicPartition, offset int64) []pipeline.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	_, end, err := source.Bounds(ctx, tp)
	if err != nil {
		t.Fatal(err)
	}
	var all []pipeline.Message
	for offset < end {
		chunk, err := source.Fetch(ctx, tp, offset)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range chunk.Messages {
			if m.Offset != offset {
				t.Fatalf("offset %d came, %d was due", m.Offset, offset)
			}
			offset += m.Span
		}
		all = append(all, chunk.Messages...)
	}
	return all
}

func TestProduceAndRead(t *testing.T) {
	brokers := testCluster(t, 3)
	source, producer := testSource(t, brokers), testProducer(t, brokers)
	ctx := context.Background()
	partitions, err := source.Partitions(ctx, testTopic)
	if err != nil || fmt.Sprint(partitions) != "[0 1 2]" {
		t.Fatalf("partitions %v, %v", partitions, err)
	}
	long := bytes.Repeat([]byte("0123456789abcdef"), 3<<16) // 3 MiB, travels alone
	var msgs []pipeline.OutMessage
	for i := range 2000 {
		msgs = append(msgs, pipeline.OutMessage{Key: fmt.Appendf(nil, "key-%d", i%50), Value: fmt.Appendf(nil, "value %d \xff", i),
			Headers: []pipeline.Header{{Key: "n", Value: fmt.Append(nil, i)}}, Time: time.UnixMilli(1_780_000_000_000)})
	}
	msgs[1000].Value = long
	if err := producer.Send(ctx, msgs); err != nil {
		t.Fatal(err)
	}
	seen, lastOfKey := 0, map[string]int{}
	for _, p := range partitions {
		for _, m := range readAll(t, source, pipeline.TopicPartition{Topic: testTopic, Partition: p}, 0) {
			var n int
			if _, err := fmt.Sscan(string(m.Headers[0].Value), &n); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(m.Value, msgs[n].Value) || !bytes.Equal(m.Key, msgs[n].Key) || !m.Time.Equal(msgs[n].Time) {
				t.Fatalf("message %d changed on the way", n)
			}
			if last, ok := lastOfKey[string(m.Key)]; ok && last >= n {
				t.Fatalf("message %d came after %d of the same key", n, last)
			}
			lastOfKey[string(m.Key)] = n
			seen++
		}
	}
	if seen != len(msgs) {
		t.Errorf("%d messages read, %d sent", seen, len(msgs))
	}
}

func TestSendTooLarge(t *testing.T) {
	producer := testProducer(t, testCluster(t, 1))
	msgs := []pipeline.OutMessage{{Value: []byte("a")}, {Value: make([]byte, maxMessageBytes+1)}, {Value: []byte("c")}}
	var tooLarge *pipeline.TooLargeError
	if err := producer.Send(context.Background(), msgs); !errors.As(err, &tooLarge) || tooLarge.Index != 1 {
		t.Errorf("longer than the producer sends: %v", err)
	}
	noise := make([]byte, 11<<20) // does not compress below the topic's limit
	for i, x := 0, uint64(1); i < len(noise); i++ {
		x = x*6364136223846793005 + 1442695040888963407
		noise[i] = byte(x >> 56)
	}
	msgs[1].Value = noise
	if err := producer.Send(context.Background(), msgs); !errors.As(err, &tooLarge) || tooLarge.Index != 1 || len(err.Error()) > 300 {
		t.Errorf("longer than the topic takes: %.300v", err)
	}
}

func TestOffsetOutOfRangeAndCommit(t *testing.T) {
	brokers := testCluster(t, 1)
	source := testSource(t, brokers)
	ctx := context.Background()
	tp := pipeline.TopicPartition{Topic: testTopic}
	if err := testProducer(t, brokers).Send(ctx, []pipeline.OutMessage{{Value: []byte("a")}, {Value: []byte("b")}}); err != nil {
		t.Fatal(err)
	}
	if _, err := source.Fetch(ctx, tp, 3); !errors.Is(err, pipeline.ErrOffsetOutOfRange) {
		t.Errorf("beyond the end: %v", err)
	}
	chunk, err := source.Fetch(ctx, tp, 2)
	if err != nil || len(chunk.Messages) != 0 || chunk.End != 2 {
		t.Errorf("at the end: %+v, %v", chunk, err)
	}
	if err := source.Commit(ctx, tp, 2); err != nil {
		t.Error(err)
	}
	if _, err := source.Fetch(ctx, pipeline.TopicPartition{Topic: "nowhere"}, 0); err == nil {
		t.Error("an unknown topic was read")
	}
}

func TestUnreachable(t *testing.T) {
	brokers := []string{"127.0.0.1:1"}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	var unreachable *UnreachableError
	if err := EnsureTopics(ctx, Cluster{Brokers: brokers}, []TopicSpec{{Name: "t", Partitions: 1}}); !errors.As(err, &unreachable) {
		t.Errorf("EnsureTopics: %v", err)
	}
	producer := NewProducer(Options{Cluster: Cluster{Brokers: brokers}, Topic: "t"})
	if err := producer.Send(ctx, []pipeline.OutMessage{{Value: []byte("a")}}); !errors.As(err, &unreachable) {
		t.Errorf("Send: %v", err)
	}
	if err := producer.Close(); err != nil {
		t.Error(err)
	}
}

// TestTransactions: what was committed are records; what was aborted, and every
// marker, is skipped with its reason.
func TestTransactions(t *testing.T) {
	brokers := testCluster(t, 1)
	client, err := kgo.NewClient(kgo.SeedBrokers(brokers...), kgo.DefaultProduceTopic(testTopic), kgo.TransactionalID("t"))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx := context.Background()
	for round, end := range []kgo.TransactionEndTry{kgo.TryCommit, kgo.TryAbort, kgo.TryAbort, kgo.TryCommit} {
		if err := client.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			if err := client.ProduceSync(ctx, kgo.StringRecord(fmt.Sprintf("%d-%d", round, i))).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
		if err := client.EndTransaction(ctx, end); err != nil {
			t.Fatal(err)
		}
	}
	got := ""
	for _, m := range readAll(t, testSource(t, brokers), pipeline.TopicPartition{Topic: testTopic}, 0) {
		if m.SkipReason != "" {
			got += fmt.Sprintf("%s*%d ", m.SkipReason, m.Span)
		} else {
			got += string(m.Value) + " "
		}
	}
	want := "0-0 0-1 0-2 control*1 aborted*3 control*1 aborted*3 control*1 3-0 3-1 3-2 control*1 "
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
