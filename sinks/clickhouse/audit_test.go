package clickhouse

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/go-cmp/cmp"

	"earshot/pipeline"
)

// covering is a row's offsets: from is the first, span how many.
type covering struct{ from, span int64 }

// insertCovering stores the rows of several partitions.
func insertCovering(t *testing.T, conn driver.Conn, partitions ...[]covering) {
	t.Helper()
	batch, err := conn.PrepareBatch(context.Background(), "INSERT INTO records (outcome, span, kafka_topic, kafka_partition, kafka_offset)")
	if err != nil {
		t.Fatal(err)
	}
	for number, rows := range partitions {
		for _, r := range rows {
			outcome := pipeline.OutcomeEvent
			if r.span > 1 {
				outcome = pipeline.OutcomeSkipped
			}
			if err := batch.Append(string(outcome), uint64(r.span), "feedback.events", int32(number), r.from); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
}

// referenceProblems counts how often each offset is covered.
func referenceProblems(rows []covering) []OffsetRange {
	times := map[int64]int{}
	first, last := rows[0].from, rows[0].from
	for _, r := range rows {
		first, last = min(first, r.from), max(last, r.from+r.span-1)
		for o := r.from; o < r.from+r.span; o++ {
			times[o]++
		}
	}
	var ranges []OffsetRange
	for o := first; o <= last; o++ {
		switch {
		case times[o] == 0:
			ranges = append(ranges, OffsetRange{Gap, o, o})
		case times[o] > 1:
			ranges = append(ranges, OffsetRange{Double, o, o})
		}
	}
	return mergeRanges(ranges)
}

// randomCovering is a partition's rows in any order, most of them with a gap,
// a double or an overlap somewhere.
func randomCovering(rng *rand.Rand) []covering {
	var rows []covering
	next := rng.Int64N(1000)
	for range rng.IntN(12) + 1 {
		span := oneOf[int64](rng, 1, 1, 1, 2, 5)
		rows = append(rows, covering{next, span})
		next = max(next+span+oneOf[int64](rng, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -2, -6, 1, 3), 0)
	}
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

// TestAuditIsExact compares the audit with counting each offset.
func TestAuditIsExact(t *testing.T) {
	url, conn := freshDatabase(t)
	partitions := make([][]covering, 150)
	rng, sound := newRand(11), 0
	for i := range partitions {
		partitions[i] = randomCovering(rng)
	}
	insertCovering(t, conn, partitions...)
	got, err := openReadOnly(t, url).Audit(context.Background())
	if err != nil || len(got) != len(partitions) {
		t.Fatal(len(got), err)
	}
	for i, p := range got {
		if diff := cmp.Diff(referenceProblems(partitions[i]), p.Problems); diff != "" {
			t.Errorf("%v (-want +got):\n%s", partitions[i], diff)
		}
		if p.OK() {
			sound++
		}
	}
	if sound < 30 || sound > 120 {
		t.Errorf("%d of %d partitions are sound: the test says little", sound, len(got))
	}
}

// TestAuditSeesWhatCancelsOut covers a double and a gap of the same size: sum
// and number of offsets are as they should be.
func TestAuditSeesWhatCancelsOut(t *testing.T) {
	url, conn := freshDatabase(t)
	insertCovering(t, conn, []covering{{0, 3}, {1, 1}, {4, 1}})
	got, err := openReadOnly(t, url).Audit(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := []OffsetRange{{Double, 1, 1}, {Gap, 3, 3}}
	if p := got[0]; p.OK() || !slices.Equal(p.Problems, want) || p.Offsets != 5 || p.First != 0 || p.Last != 4 || p.Skipped != 3 || p.Events != 2 {
		t.Errorf("%+v", p)
	}
}

func TestAuditCountsOutcomes(t *testing.T) {
	records := randomRecords(newRand(3), 200)
	got, err := storedFeedback(t, records).Audit(context.Background())
	if err != nil || len(got) != 2 {
		t.Fatal(got, err)
	}
	for _, p := range got {
		if !p.OK() || p.Topic != "feedback.events" || p.First != 0 || p.Last != 99 || p.Rows != 100 || p.Offsets != 100 ||
			p.Events+p.Duplicates+p.Dead+p.Skipped != 100 {
			t.Errorf("%+v", p)
		}
	}
	if odd := got[1]; odd.Dead != 10 || odd.Duplicates != 10 || odd.Events != 80 {
		t.Errorf("%+v", odd)
	}
}

func TestAuditOfNothing(t *testing.T) {
	if got, err := storedFeedback(t, nil).Audit(context.Background()); err != nil || len(got) != 0 {
		t.Error(got, err)
	}
}

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		name        string
		rows        uint64
		first, last int64 // in the table
		from, end   int64 // in Kafka
		lag         int64
		want        string
	}{
		{"level", 5, 0, 4, 0, 5, 0, "[]"},
		{"behind", 5, 0, 4, 0, 9, 4, "[]"},
		{"retention took stored offsets", 5, 0, 4, 3, 9, 4, "[]"},
		{"retention took offsets before they were stored", 5, 0, 4, 7, 9, 2, "[{gap 5 6}]"},
		{"retention took all, nothing lost", 5, 0, 4, 5, 5, 0, "[]"},
		{"began too late", 5, 3, 7, 1, 8, 0, "[{gap 1 2}]"},
		{"the topic was made anew", 5, 0, 4, 0, 2, 0, "[{beyond 2 4}]"},
		{"the topic was made anew, and the table began later", 5, 10, 14, 0, 2, 0, "[{gap 0 1} {beyond 10 14}]"},
		{"nothing stored yet", 0, 0, 0, 2, 9, 7, "[]"},
		{"nothing there", 0, 0, 0, 0, 0, 0, "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := PartitionAudit{Rows: c.rows, First: c.first, Last: c.last, Problems: []OffsetRange{}}
			p.Compare(c.from, c.end)
			if fmt.Sprint(p.Problems) != c.want || *p.Lag != c.lag || *p.KafkaFirst != c.from || *p.KafkaEnd != c.end {
				t.Errorf("problems %v, lag %d; want %s, lag %d", p.Problems, *p.Lag, c.want, c.lag)
			}
		})
	}
}

func TestMergeRanges(t *testing.T) {
	got := mergeRanges([]OffsetRange{{Double, 1, 4}, {Double, 2, 3}, {Double, 5, 5}, {Gap, 6, 7}, {Gap, 9, 9}})
	want := []OffsetRange{{Double, 1, 5}, {Gap, 6, 7}, {Gap, 9, 9}}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestDeadLetters(t *testing.T) {
	records := randomRecords(newRand(4), 100)
	reader := storedFeedback(t, records)
	ctx := context.Background()
	all, err := reader.DeadLetters(ctx, DeadLetterFilter{}, 100)
	if err != nil || len(all) != 5 {
		t.Fatal(all, err)
	}
	for _, f := range []DeadLetterFilter{{Reason: "bad_json"}, {Since: fixtureStart().AddDate(1, 0, 0)}, {Until: fixtureStart()}} {
		if none, err := reader.DeadLetters(ctx, f, 100); err != nil || len(none) != 0 {
			t.Errorf("%+v: %v, %v", f, none, err)
		}
	}
	if two, err := reader.DeadLetters(ctx, DeadLetterFilter{Reason: "bad_time", Since: fixtureStart()}, 2); err != nil || len(two) != 2 {
		t.Error(two, err)
	}
	at := pipeline.Position{TopicPartition: pipeline.TopicPartition{Topic: all[0].Topic, Partition: all[0].Partition}, Offset: all[0].Offset}
	one, err := reader.DeadLetter(ctx, at)
	if err != nil || one == nil || string(one.Payload) != "\xff\x00{" || one.Reason != "bad_time" || one.Detail != "d" || one.Bytes != 3 {
		t.Errorf("%+v, %v", one, err)
	}
	at.Offset = 1 << 40
	if none, err := reader.DeadLetter(ctx, at); err != nil || none != nil {
		t.Errorf("%+v, %v", none, err)
	}
}
