package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"earshot/pipeline"
)

var (
	testTP  = pipeline.TopicPartition{Topic: "feedback.events", Partition: 2}
	testDay = time.Date(2026, 7, 3, 17, 30, 0, 0, time.UTC) // a Friday
)

func testWriter(t testing.TB) (*Writer, driver.Conn) {
	t.Helper()
	_, conn := freshDatabase(t)
	w, err := NewWriter(context.Background(), conn, nil)
	if err != nil {
		t.Fatal(err)
	}
	return w, conn
}

// eventAt is an event record at an offset, with an id of its own.
func eventAt(tp pipeline.TopicPartition, offset int64) pipeline.Record {
	rating := 2.0
	nps := 3
	return pipeline.Record{
		Message: pipeline.Message{Position: pipeline.Position{TopicPartition: tp, Offset: offset}, Span: 1, Time: testDay},
		Outcome: pipeline.OutcomeEvent,
		Event: &pipeline.Event{ID: fmt.Sprintf("id-%d-%d", tp.Partition, offset), Source: "review", OccurredAt: testDay.AddDate(0, -int(offset%12), 0),
			Text: "The service was painfully slow at lunch time.", Rating: &rating, Survey: &pipeline.Survey{NPS: &nps},
			Attributes: map[string]string{"table": "7"}},
		Analysis: pipeline.Analysis{Sentiment: pipeline.Sentiment{Label: pipeline.Negative, Score: -0.5, Confidence: 0.9}, Language: "en",
			Topics:   []pipeline.Mention{{Topic: "service.speed", Sentiment: pipeline.Negative, Score: -0.5, Start: 4, End: 30}},
			Contexts: []string{"peak_hours"}, Tags: []string{"slow service at peak hours"}, Model: "test"},
	}
}

// batchOf holds n events from offset on, spread over twelve months.
func batchOf(tp pipeline.TopicPartition, offset int64, n int) pipeline.Batch {
	b := pipeline.Batch{TopicPartition: tp, IngestedAt: testDay}
	for i := range n {
		b.Records = append(b.Records, eventAt(tp, offset+int64(i)))
	}
	return b
}

func TestColumnsAreTheTables(t *testing.T) {
	_, conn := freshDatabase(t)
	var names []string
	rows, err := conn.Query(context.Background(), "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'records' ORDER BY position")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	list := columns()
	if len(list) != len(names) {
		t.Fatalf("the table has %d columns, the list %d", len(names), len(list))
	}
	for i, c := range list {
		if c.name != names[i] {
			t.Errorf("column %d is %s in the table and %s in the list", i, names[i], c.name)
		}
	}
}

func TestIDHashIsTheServers(t *testing.T) {
	_, conn := freshDatabase(t)
	for _, id := range []string{"a", "id-1", "Grüße", "a long identifier of more than thirty-two bytes, to reach the main loop"} {
		var hash uint64
		if err := conn.QueryRow(context.Background(), "SELECT xxHash64(?)", id).Scan(&hash); err != nil {
			t.Fatal(err)
		}
		if hash != idHash(id) {
			t.Errorf("%q: server %d, here %d", id, hash, idHash(id))
		}
	}
}

func TestWriteEveryOutcome(t *testing.T) {
	w, conn := testWriter(t)
	ctx := context.Background()
	at := func(offset, span int64) pipeline.Message {
		return pipeline.Message{Position: pipeline.Position{TopicPartition: testTP, Offset: offset}, Span: span, Time: testDay}
	}
	dead := pipeline.Record{Message: at(11, 1), Outcome: pipeline.OutcomeDead, Reject: &pipeline.Reject{Reason: pipeline.BadJSON, Detail: "not \xff JSON"}}
	dead.Value, dead.Headers = []byte("{\xff\x00"), []pipeline.Header{{Key: "from", Value: []byte("\xfe")}}
	again := eventAt(testTP, 10)
	again.Offset, again.Outcome, again.First, again.Analysis = 12, pipeline.OutcomeDuplicate, again.Position, pipeline.Analysis{}
	again.First.Offset = 10
	gap := pipeline.Record{Message: at(13, 7), Outcome: pipeline.OutcomeSkipped}
	gap.SkipReason, gap.Time = "compacted", time.Time{}
	odd := eventAt(testTP, 20)
	odd.Time = time.Date(292278, 1, 1, 0, 0, 0, 0, time.UTC) // a producer's broken clock
	far := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	odd.Event.Contact = &pipeline.Contact{OpenedAt: &far}
	batch := pipeline.Batch{TopicPartition: testTP, IngestedAt: testDay, Records: []pipeline.Record{eventAt(testTP, 10), dead, again, gap, odd}}
	if err := w.Write(ctx, batch); err != nil {
		t.Fatal(err)
	}

	var got struct {
		Payload, Detail, From string
		Topics                []string
		NPS                   *uint8
		Hour                  uint8
	}
	if err := conn.QueryRow(ctx, "SELECT payload, detail, headers['from'] FROM dead_letters").Scan(&got.Payload, &got.Detail, &got.From); err != nil {
		t.Fatal(err)
	}
	if got.Payload != "{\xff\x00" || got.Detail != "not \xff JSON" || got.From != "\xfe" {
		t.Errorf("the dead letter changed: %q, %q, %q", got.Payload, got.Detail, got.From)
	}
	err := conn.QueryRow(ctx, "SELECT topics, nps, hour_of_week FROM feedback WHERE kafka_offset = 10").Scan(&got.Topics, &got.NPS, &got.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Topics) != 1 || got.Topics[0] != "service.speed" || got.NPS == nil || *got.NPS != 3 {
		t.Errorf("event: %+v", got)
	}
	for query, want := range map[string]int64{
		"SELECT count() FROM feedback":  2,
		"SELECT sum(span) FROM records": 11,
		"SELECT duplicate_offset FROM records WHERE outcome = 'duplicate' AND event_id = 'id-2-10'":   10,
		"SELECT count() FROM records WHERE outcome = 'skipped' AND reason = 'compacted' AND span = 7": 1,
		"SELECT count() FROM records WHERE kafka_offset = 20 AND toYear(kafka_time) = 2261":           1,
		"SELECT count() FROM records WHERE id_hash != 0 AND id_hash != xxHash64(event_id)":            0,
	} {
		if n := number(t, conn, query); n != want {
			t.Errorf("%s = %d, want %d", query, n, want)
		}
	}
	stand, err := w.Recover(ctx, testTP)
	if want := (pipeline.Standing{Next: 21, Found: true, Last: latest}); err != nil || stand != want {
		t.Errorf("Recover = %+v, %v, want %+v", stand, err, want)
	}
}

func TestOneBatchIsOnePart(t *testing.T) {
	w, conn := testWriter(t)
	ctx := context.Background()
	if err := conn.Exec(ctx, "SYSTEM STOP MERGES records"); err != nil {
		t.Fatal(err)
	}
	offset := int64(0)
	for i, rows := range []int{1, 5_000, 70_000} { // beyond max_block_size
		if err := w.Write(ctx, batchOf(testTP, offset, rows)); err != nil {
			t.Fatal(err)
		}
		offset += int64(rows)
		parts := number(t, conn, "SELECT count() FROM system.parts WHERE database = currentDatabase() AND table = 'records' AND active")
		if parts != int64(i+1) {
			t.Errorf("%d parts after %d batches", parts, i+1)
		}
	}
	if n := number(t, conn, "SELECT uniqExact(toYYYYMM(occurred_at)) FROM records"); n != 12 {
		t.Errorf("the events are of %d months", n)
	}
}

func TestStored(t *testing.T) {
	w, conn := testWriter(t)
	ctx := context.Background()
	batch := batchOf(testTP, 0, 3)
	batch.Records[2].Outcome = pipeline.OutcomeDuplicate // does not count as stored
	if err := w.Write(ctx, batch); err != nil {
		t.Fatal(err)
	}
	// A row with the hash of another id: the id decides.
	if err := conn.Exec(ctx, "INSERT INTO records (outcome, event_id, id_hash, kafka_topic) VALUES ('event', 'other', xxHash64('clash'), 'x')"); err != nil {
		t.Fatal(err)
	}
	found, err := w.Stored(ctx, []string{"id-2-0", "id-2-1", "id-2-2", "clash", "never"})
	if err != nil {
		t.Fatal(err)
	}
	want := pipeline.Position{TopicPartition: testTP, Offset: 1}
	if len(found) != 2 || found["id-2-1"] != want {
		t.Errorf("found %v", found)
	}
}

func TestQueriesUseTheProjections(t *testing.T) {
	w, _ := testWriter(t)
	if err := w.Write(context.Background(), batchOf(testTP, 0, 30_000)); err != nil {
		t.Fatal(err)
	}
	forced := chgo.Context(context.Background(), chgo.WithSettings(chgo.Settings{"force_optimize_projection": 1}))
	if _, _, err := w.position(forced, testTP); err != nil {
		t.Errorf("positions: %v", err)
	}
	if _, err := w.Stored(forced, []string{"id-2-7", "never"}); err != nil {
		t.Errorf("ids: %v", err)
	}
}

// needFence skips in the build that has none.
func needFence(t *testing.T) {
	t.Helper()
	if !Fenced {
		t.Skip("built without a fence")
	}
}

func TestRecoverFencesAnInsertUnderWay(t *testing.T) {
	needFence(t)
	w, conn := testWriter(t)
	ctx := context.Background()
	if err := w.Write(ctx, batchOf(testTP, 0, 10)); err != nil {
		t.Fatal(err)
	}
	w.silence = time.Second
	zombie, err := w.begin(ctx, testTP) // its client stays connected and silent
	if err != nil {
		t.Fatal(err)
	}
	b := batchOf(testTP, 10, 10)
	rows := make([]row, len(b.Records))
	for i := range b.Records {
		rows[i] = newRow(&b.Records[i], b.IngestedAt, nil)
	}
	for i, c := range w.columns {
		if err := zombie.Column(i).Append(c.fill(rows)); err != nil {
			t.Fatal(err)
		}
	}
	stand, err := w.Recover(ctx, testTP)
	if want := (pipeline.Standing{Next: 10, Found: true, Last: testDay}); err != nil || stand != want {
		t.Fatalf("Recover = %+v, %v, want %+v", stand, err, want)
	}
	if err := zombie.Send(); err == nil {
		t.Error("the fenced insert was accepted")
	}
	if n := number(t, conn, "SELECT count() FROM records"); n != 10 {
		t.Errorf("%d rows, want 10", n)
	}
}

func TestSecondWriterOfAPartitionCannotDouble(t *testing.T) {
	needFence(t)
	w, conn := testWriter(t)
	ctx := context.Background()
	other, err := NewWriter(ctx, conn, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(ctx, batchOf(testTP, 0, 10)); err != nil {
		t.Fatal(err)
	}
	var moved *PositionMovedError
	if err := other.Write(ctx, batchOf(testTP, 0, 10)); !errors.As(err, &moved) || moved.Next != 10 {
		t.Errorf("a stale batch: %v", err)
	}
	under, err := w.begin(ctx, testTP) // the first is in the middle of an insert
	if err != nil {
		t.Fatal(err)
	}
	var refused *chgo.Exception
	if err := other.Write(ctx, batchOf(testTP, 10, 10)); !errors.As(err, &refused) || refused.Code != codeQueryRunning {
		t.Errorf("an insert beside another: %v", err)
	}
	if err := under.Close(); err != nil {
		t.Fatal(err)
	}
	if err := other.Write(ctx, batchOf(testTP, 10, 10)); err != nil {
		t.Errorf("after it: %v", err)
	}
	if n := number(t, conn, "SELECT sum(span) FROM records"); n != 20 {
		t.Errorf("%d offsets, want 20", n)
	}
}
