package clickhouse

import (
	"context"
	"errors"
	"testing"
	"time"

	"earshot/pipeline"
)

// TestArchive moves a partition's rows to another topic, with projections and
// ids, and leaves the others alone.
func TestArchive(t *testing.T) {
	url, conn := freshDatabase(t)
	ctx := context.Background()
	w, err := NewWriter(ctx, conn, nil)
	if err != nil {
		t.Fatal(err)
	}
	other := pipeline.TopicPartition{Topic: testTP.Topic, Partition: 5}
	for offset := range int64(3) {
		for _, tp := range []pipeline.TopicPartition{testTP, other} {
			if err := w.Write(ctx, batchOf(tp, 10*offset, 10)); err != nil {
				t.Fatal(err)
			}
		}
	}
	again := batchOf(other, 30, 1) // of an event that moves to the archive
	again.Records[0].Outcome, again.Records[0].First = pipeline.OutcomeDuplicate, pipeline.Position{TopicPartition: testTP, Offset: 7}
	if err := w.Write(ctx, again); err != nil {
		t.Fatal(err)
	}
	if err := w.Archive(ctx, []pipeline.TopicPartition{testTP}, "before", func(int64) {}); err != nil {
		t.Fatal(err)
	}
	if stand, err := w.Recover(ctx, testTP); err != nil || stand.Found {
		t.Errorf("%+v, %v", stand, err)
	}
	if stand, err := w.Recover(ctx, other); err != nil || stand.Next != 31 {
		t.Errorf("the other one: %+v, %v", stand, err)
	}
	archived := pipeline.TopicPartition{Topic: "before", Partition: testTP.Partition}
	if stand, err := w.Standing(ctx, archived); err != nil || stand.Next != 30 || !stand.Last.Equal(testDay) {
		t.Errorf("the archive: %+v, %v", stand, err)
	}
	if found, err := w.Stored(ctx, []string{"id-2-7"}); err != nil || found["id-2-7"] != (pipeline.Position{TopicPartition: archived, Offset: 7}) {
		t.Errorf("%v, %v", found, err)
	}
	var first string
	if err := conn.QueryRow(ctx, "SELECT concat(duplicate_topic, '/', toString(duplicate_offset)) FROM records WHERE outcome = 'duplicate'").Scan(&first); err != nil || first != "before/7" {
		t.Errorf("the duplicate names %s, %v", first, err)
	}
	if err := w.Write(ctx, batchOf(testTP, 0, 1)); err != nil {
		t.Errorf("the new log: %v", err)
	}
	audit, err := openReadOnly(t, url).Audit(ctx)
	if err != nil || len(audit) != 3 {
		t.Fatal(audit, err)
	}
	for _, p := range audit {
		if !p.OK() {
			t.Errorf("%+v", p)
		}
	}
}

// TestNoPositionWhileArchiving holds the rewriting up and looks what workers get.
func TestNoPositionWhileArchiving(t *testing.T) {
	w, conn := testWriter(t)
	ctx := context.Background()
	if err := w.Write(ctx, batchOf(testTP, 0, 10)); err != nil {
		t.Fatal(err)
	}
	if err := conn.Exec(ctx, "SYSTEM STOP MERGES records"); err != nil { // and mutations
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	left := int64(0)
	if err := w.Archive(short, []pipeline.TopicPartition{testTP}, "before", func(parts int64) { left = parts }); err == nil || left != 1 {
		t.Errorf("%v, %d parts left", err, left)
	}
	if _, err := w.Recover(ctx, testTP); !errors.Is(err, ErrArchiving) {
		t.Errorf("Recover: %v", err)
	}
	if err := w.Write(ctx, batchOf(testTP, 10, 10)); !errors.Is(err, ErrArchiving) {
		t.Errorf("Write: %v", err)
	}
	if err := conn.Exec(ctx, "SYSTEM START MERGES records"); err != nil {
		t.Fatal(err)
	}
	if err := w.Archive(ctx, nil, "before", func(int64) {}); err != nil { // waits for it
		t.Error(err)
	}
	if stand, err := w.Recover(ctx, testTP); err != nil || stand.Found {
		t.Errorf("%+v, %v", stand, err)
	}
}

func TestResetRefusesBesideAnInsert(t *testing.T) {
	w, _ := testWriter(t)
	ctx := context.Background()
	if err := w.Write(ctx, batchOf(testTP, 0, 10)); err != nil {
		t.Fatal(err)
	}
	under, err := w.begin(ctx, testTP)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Archive(ctx, []pipeline.TopicPartition{testTP}, "before", func(int64) {}); !errors.Is(err, ErrInsertRunning) {
		t.Errorf("Archive: %v", err)
	}
	if _, err := w.RecordLoss(ctx, testTP, 20, testDay); !errors.Is(err, ErrInsertRunning) {
		t.Errorf("RecordLoss: %v", err)
	}
	if err := under.Close(); err != nil {
		t.Fatal(err)
	}
	if lost, err := w.RecordLoss(ctx, testTP, 20, testDay); err != nil || lost != 10 {
		t.Errorf("after it: %d, %v", lost, err)
	}
	if lost, err := w.RecordLoss(ctx, testTP, 20, testDay); err != nil || lost != 0 {
		t.Errorf("again: %d, %v", lost, err)
	}
	if stand, err := w.Recover(ctx, testTP); err != nil || stand.Next != 20 {
		t.Errorf("%+v, %v", stand, err)
	}
}
