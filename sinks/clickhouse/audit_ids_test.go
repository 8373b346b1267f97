package clickhouse

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAuditNamesRepeatedIDs(t *testing.T) {
	url, conn := freshDatabase(t)
	ctx := context.Background()
	// 20,000 ids, three of them again, one as a duplicate only; two ids share a hash.
	for _, insert := range []string{
		"SELECT 'event', concat('id-', toString(number)) AS id, xxHash64(id), 'feedback.events', 0, number FROM numbers(20000)",
		"SELECT 'event', concat('id-', toString(number * 7000)) AS id, xxHash64(id), 'feedback.events', 1, number FROM numbers(3)",
		"SELECT 'event', 'id-7000', xxHash64('id-7000'), 'old', 2, 5",
		"SELECT 'duplicate', 'id-5', xxHash64('id-5'), 'feedback.events', 1, 3",
		"SELECT 'event', 'other', xxHash64('id-6'), 'feedback.events', 1, 4",
	} {
		if err := conn.Exec(ctx, "INSERT INTO records (outcome, event_id, id_hash, kafka_topic, kafka_partition, kafka_offset) "+insert); err != nil {
			t.Fatal(err)
		}
	}
	want := IDAudit{Checked: 20005, Repeated: []RepeatedID{
		{"id-0", []IDOffset{{"feedback.events", 0, 0}, {"feedback.events", 1, 0}}},
		{"id-14000", []IDOffset{{"feedback.events", 0, 14000}, {"feedback.events", 1, 2}}},
		{"id-7000", []IDOffset{{"feedback.events", 0, 7000}, {"feedback.events", 1, 1}, {"old", 2, 5}}},
	}}
	reader := openReadOnly(t, url)
	got, err := reader.AuditIDs(ctx, 20005)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	inSlices, err := reader.AuditIDs(ctx, 5*idSliceRows) // as if there were many more: 8 slices
	if err != nil || inSlices.Checked != want.Checked || len(inSlices.Repeated) != len(want.Repeated) {
		t.Errorf("%v %+v", err, inSlices)
	}
	if got, want := got.Repeated[0].String(), `id "id-0" is an event more than once, at feedback.events/0/0 feedback.events/1/0`; got != want {
		t.Errorf("%s", got)
	}
}

// TestRepeatedIDIsMended runs what the operations page says, twice.
func TestRepeatedIDIsMended(t *testing.T) {
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, found := strings.Cut(string(page), "```sql name=one_event\n")
	block, _, closed := strings.Cut(block, "```")
	if !found || !closed {
		t.Fatal("docs/operations.md has no block one_event")
	}
	url, conn := freshDatabase(t)
	ctx := context.Background()
	statements := append([]string{
		"INSERT INTO records (outcome, event_id, id_hash, ingested_at, kafka_topic, kafka_partition, kafka_offset) " +
			"SELECT 'event', 'id-' || toString(number) AS id, xxHash64(id), now64(), 'feedback.events', 0, number FROM numbers(42)",
		"INSERT INTO records (outcome, event_id, id_hash, ingested_at, kafka_topic, kafka_partition, kafka_offset) " +
			"SELECT 'event', 'id-' || toString(100 - (number = 57) * 59 + number * (number != 57)) AS id, xxHash64(id), now64(), 'feedback.events', 2, number FROM numbers(58)",
	}, strings.Split(block, ";")...)
	statements = append(statements, strings.Split(block, ";")...)
	for i, statement := range statements {
		if err := conn.Exec(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		if i != 1 && i != len(statements)-1 {
			continue
		}
		ids, err := openReadOnly(t, url).AuditIDs(ctx, 100)
		if err != nil || (len(ids.Repeated) == 1) != (i == 1) {
			t.Errorf("after statement %d: %v %+v", i, err, ids)
		}
	}
	audit, err := openReadOnly(t, url).Audit(ctx)
	if err != nil || len(audit) != 2 || !audit[0].OK() || !audit[1].OK() {
		t.Errorf("%v %+v", err, audit)
	}
	if n := number(t, conn, "SELECT count() FROM records WHERE outcome = 'duplicate' AND duplicate_topic = 'feedback.events' AND duplicate_offset = 41"); n != 1 {
		t.Errorf("%d duplicates", n)
	}
}

func TestAuditNamesSomeOfManyRepeatedIDs(t *testing.T) {
	url, conn := freshDatabase(t)
	err := conn.Exec(context.Background(), "INSERT INTO records (outcome, event_id, id_hash, kafka_offset) "+
		"SELECT 'event', concat('id-', toString(number % 1500)) AS id, xxHash64(id), number FROM numbers(60000)")
	if err != nil {
		t.Fatal(err)
	}
	got, err := openReadOnly(t, url).AuditIDs(context.Background(), 5*idSliceRows)
	if err != nil || len(got.Repeated) != maxRepeated || !got.Incomplete || len(got.Repeated[0].At) != 20 {
		t.Errorf("%v: %d, %v, %d", err, len(got.Repeated), got.Incomplete, len(got.Repeated[0].At))
	}
}

// TestAuditSlicesCoverAllHashes checks the arithmetic of the slices.
func TestAuditSlicesCoverAllHashes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slices, width := hashSlices(rapid.Uint64Range(0, 1<<40).Draw(t, "events"))
		next := uint64(0)
		for i := range slices {
			first, last := i*width, i*width+(width-1)
			if first != next || last < first {
				t.Fatalf("slice %d of %d: %d to %d, after %d", i, slices, first, last, next)
			}
			if next = last + 1; next == 0 && i < slices-1 {
				t.Fatalf("slice %d of %d is the last", i, slices)
			}
		}
		if next != 0 {
			t.Fatalf("%d slices end at %d, not at %d", slices, next-1, uint64(math.MaxUint64))
		}
	})
}

func TestIntHashIsTheServers(t *testing.T) {
	_, conn := freshDatabase(t)
	for _, offset := range []int64{0, 1, 2, 77, 1 << 40, math.MaxInt64} {
		if n := number(t, conn, fmt.Sprintf("SELECT intHash64(toInt64(%d))", offset)); n != int64(intHash(offset)) {
			t.Errorf("%d: server %d, here %d", offset, n, int64(intHash(offset)))
		}
	}
}

func TestAuditComparesTheRollup(t *testing.T) {
	row := func(outcome string, first, next int64, rows uint64) auditRow {
		return auditRow{Topic: "t", Outcome: outcome, First: first, Next: next, Rows: rows, Offsets: rows}
	}
	for _, c := range []struct {
		name                 string
		before, table, after []auditRow
		wrong                bool
	}{
		{"equal", []auditRow{row("event", 0, 9, 9)}, []auditRow{row("event", 0, 9, 9)}, []auditRow{row("event", 0, 9, 9)}, false},
		{"workers write meanwhile", []auditRow{row("event", 0, 9, 9)}, []auditRow{row("event", 0, 12, 12)}, []auditRow{row("event", 0, 20, 20), row("dead", 20, 21, 1)}, false},
		{"began meanwhile", nil, []auditRow{row("event", 0, 3, 3)}, []auditRow{row("event", 0, 9, 9)}, false},
		{"rows are missing in the rollup", []auditRow{row("event", 0, 8, 8)}, []auditRow{row("event", 0, 9, 9)}, []auditRow{row("event", 0, 8, 8)}, true},
		{"rows are missing in the table", []auditRow{row("event", 0, 9, 9)}, []auditRow{row("event", 0, 9, 8)}, []auditRow{row("event", 0, 9, 9)}, true},
		{"an outcome is missing in the table", []auditRow{row("dead", 0, 9, 9)}, nil, []auditRow{row("dead", 0, 9, 9)}, true},
		{"the rollup begins elsewhere", []auditRow{row("event", 1, 9, 9)}, []auditRow{row("event", 0, 9, 9)}, []auditRow{row("event", 1, 9, 9)}, true},
	} {
		if got := rollupProblems(c.before, c.table, c.after)[partitionKey{topic: "t"}]; got != c.wrong {
			t.Errorf("%s: wrong %v", c.name, got)
		}
	}
}
