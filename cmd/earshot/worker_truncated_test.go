package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"earshot/internal/telemetry"
	"earshot/pipeline"
)

// deleteRecords has the broker forget all that the events topic holds, as
// retention does.
func (r *workerRig) deleteRecords() {
	r.t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(r.cfg.Kafka.Brokers...))
	if err != nil {
		r.t.Fatal(err)
	}
	defer client.Close()
	topic := kmsg.NewDeleteRecordsRequestTopic()
	topic.Topic = r.cfg.Kafka.EventsTopic
	for partition := range int32(4) {
		p := kmsg.NewDeleteRecordsRequestTopicPartition()
		p.Partition, p.Offset = partition, -1 // up to the end
		topic.Partitions = append(topic.Partitions, p)
	}
	request := kmsg.NewDeleteRecordsRequest()
	request.TimeoutMillis, request.Topics = 10_000, append(request.Topics, topic)
	ctx, cancel := context.WithTimeout(r.t.Context(), time.Minute)
	defer cancel()
	answer, err := request.RequestWith(ctx, client)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, p := range answer.Topics[0].Partitions {
		if p.ErrorCode != 0 {
			r.t.Fatalf("partition %d: error %d", p.Partition, p.ErrorCode)
		}
	}
}

// TestOffsetsRemovedUnread: retention runs ahead of the table. The worker stops
// and says so; reset, or --accept-loss, records the gap, and the audit closes.
func TestOffsetsRemovedUnread(t *testing.T) {
	rig := newWorkerRig(t)
	rig.produce(testEvents(0, 200)...)
	stop := rig.start(rig.cfg, telemetry.New())
	rig.await("SELECT sum(span) FROM records", 200)
	stop()

	rig.produce(testEvents(200, 100)...) // 25 a partition, or about
	rig.deleteRecords()
	err := rig.fails()
	var behind *pipeline.PositionError
	if !errors.As(err, &behind) || behind.First <= behind.Next || !strings.Contains(err.Error(), "--accept-loss") {
		t.Fatalf("the worker says: %v", err)
	}
	if n := rig.number("SELECT sum(span) FROM records"); n != 200 {
		t.Errorf("%d offsets after it", n)
	}
	if code, out, _ := rig.run("position", "reset", "--accept-loss", "--dry-run"); code != exitDone || strings.Count(out, "as lost") != 4 {
		t.Errorf("dry run: %d %s", code, out)
	}
	if code, out, errs := rig.run("position", "reset", "--accept-loss", "--yes"); code != exitDone {
		t.Fatalf("reset: %d\n%s%s", code, out, errs)
	}
	rig.checkExact(300)

	rig.produce(testEvents(300, 100)...)
	rig.deleteRecords()
	rig.produce(testEvents(400, 100)...)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		parts := &workerParts{cfg: rig.cfg, tel: telemetry.New(), log: slog.New(slog.DiscardHandler), acceptLoss: true}
		done <- parts.run(ctx, 1)
	}()
	rig.await("SELECT sum(span) FROM records", 500)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	rig.checkExact(500)
	if n := rig.number("SELECT sum(span) FROM records WHERE outcome = 'skipped' AND reason = 'lost'"); n != 200 {
		t.Errorf("%d offsets are recorded as lost, want 200", n)
	}
	if code, out, errs := rig.run("audit"); code != exitDone {
		t.Errorf("audit: %d\n%s%s", code, out, errs)
	}
}
