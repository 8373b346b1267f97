package clickhouse

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
)

// breakPart empties the marks files that match, of the one active part, as a
// merge does that meets the end of the disk.
func breakPart(t *testing.T, w *Writer, pattern string) (part string) {
	t.Helper()
	ctx := context.Background()
	var dir string
	if err := w.conn.QueryRow(ctx, "SELECT name, path FROM system.parts WHERE database = currentDatabase() AND table = 'records' AND active").Scan(&part, &dir); err != nil {
		t.Fatal(err)
	}
	marks, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(marks) == 0 {
		t.Skipf("the server's files are not on this machine: %s, %v", dir, err)
	}
	for _, name := range marks {
		if err := os.Truncate(name, 0); err != nil {
			t.Fatal(err)
		}
	}
	for _, cache := range []string{"MARK CACHE", "INDEX MARK CACHE", "INDEX UNCOMPRESSED CACHE", "UNCOMPRESSED CACHE", "QUERY CONDITION CACHE"} {
		if err := w.conn.Exec(ctx, "SYSTEM DROP "+cache); err != nil {
			t.Fatal(err)
		}
	}
	return part
}

// Marks files of a part.
const (
	allMarks   = "*.?mrk*"
	indexMarks = "skp_idx_kafka_offsets.?mrk*"
)

// filled returns a writer whose table is one part, merged from four; a column
// of a wide one has marks of its own.
func filled(t *testing.T, wide bool) *Writer {
	t.Helper()
	w, conn := testWriter(t)
	ctx := context.Background()
	least := map[bool]string{true: "0", false: "1000000000"}[wide]
	if err := conn.Exec(ctx, "ALTER TABLE records MODIFY SETTING min_bytes_for_wide_part = "+least+", old_parts_lifetime = 480"); err != nil {
		t.Fatal(err)
	}
	for i := range int64(4) {
		if err := w.Write(ctx, batchOf(testTP, i*10, 10)); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Exec(ctx, "OPTIMIZE TABLE records FINAL"); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestRecoverMendsABrokenMerge(t *testing.T) {
	for _, c := range []struct {
		name, marks string
		wide        bool
	}{
		{"all marks of a wide part", allMarks, true},
		{"all marks of a compact part", allMarks, false},
		{"marks of the index of offsets", indexMarks, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := filled(t, c.wide)
			part := breakPart(t, w, c.marks)
			mustMend(t, w, part)
		})
	}
}

// mustMend has a worker's calls meet the broken part.
func mustMend(t *testing.T, w *Writer, part string) {
	t.Helper()
	ctx := context.Background()
	_, stored := w.Stored(ctx, []string{"id-2-3"})
	_, recovered := w.Recover(ctx, testTP)
	var mended *MendedError
	if !errors.As(recovered, &mended) { // no look-up has met the part before
		var exception *chgo.Exception
		if err := cmp.Or(stored, recovered); !errors.As(err, &exception) || exception.Code != codeCorruptedData {
			t.Fatalf("reading the broken part: %v", err)
		}
		_, recovered = w.Recover(ctx, testTP)
	}
	if !errors.As(recovered, &mended) || mended.Part != part {
		t.Fatalf("recover: %v, want to hear that %s was mended", recovered, part)
	}
	if standing, err := w.Recover(ctx, testTP); err != nil || standing.Next != 40 {
		t.Fatalf("next %d, %v", standing.Next, err)
	}
	if n := number(t, w.conn, "SELECT toInt64(count()) FROM records WHERE NOT ignore(*)"); n != 40 {
		t.Errorf("%d rows after mending, want 40", n)
	}
	if n := number(t, w.conn, "SELECT toInt64(count()) FROM system.parts WHERE database = currentDatabase() AND active AND name = '"+part+"'"); n != 0 {
		t.Error("the broken part is still in use")
	}
	if found, err := w.Stored(ctx, []string{"id-2-3"}); err != nil || len(found) != 1 {
		t.Errorf("id after mending: %v, %v", found, err)
	}
}

// A process that dies between taking the table out of use and back leaves it to
// the next recovery.
func TestRecoverAttachesTheTable(t *testing.T) {
	w := filled(t, true)
	ctx := context.Background()
	if err := w.conn.Exec(ctx, "DETACH TABLE records SYNC"); err != nil {
		t.Fatal(err)
	}
	tp := testTP
	for tries := 0; ; tries++ {
		standing, err := w.Recover(ctx, tp)
		if err == nil {
			if standing.Next != 40 {
				t.Errorf("next %d, want 40", standing.Next)
			}
			return
		}
		if tries == 3 {
			t.Fatal(err)
		}
	}
}

// A broken part that no merge made is not touched: nothing else has its rows.
func TestRecoverLeavesAPartThatHasNoSources(t *testing.T) {
	w, _ := testWriter(t)
	ctx := context.Background()
	if err := w.Write(ctx, batchOf(testTP, 0, 10)); err != nil {
		t.Fatal(err)
	}
	part := breakPart(t, w, allMarks)
	if _, err := w.Stored(ctx, []string{"id-2-3"}); err == nil {
		t.Fatal("the broken part was read")
	}
	_, err := w.Recover(ctx, testTP)
	var broken *BrokenPartError
	if !errors.As(err, &broken) || broken.Part != part {
		t.Errorf("recover: %v, want a BrokenPartError of %s", err, part)
	}
}

func TestSuspectFindsThePart(t *testing.T) {
	const dir = "/var/lib/clickhouse/store/6dc/6dc756ef-f9f4-4541-91e6-a6766c3a69c5/"
	for _, c := range []struct {
		name, message, want string
	}{
		{"column", "Empty marks file '" + dir + "202611_1_6_1/data.cmrk4': 0, must be: 10336: (while reading from part " + dir +
			"202611_1_6_1/ in table earshot.records (6dc756ef-f9f4-4541-91e6-a6766c3a69c5) located on disk default of type local): While reading part 202611_1_6_1", "202611_1_6_1"},
		{"index", "Empty marks file '" + dir + "202611_1_6_1/skp_idx_kafka_offsets.cmrk4': 0, must be: 72: While executing MergeTreeSelect", "202611_1_6_1"},
		{"projection", "Empty marks file '" + dir + "202611_1_69_4/ids.proj/data.cmrk4': 0, must be: 3800: (while reading from part " + dir +
			"202611_1_69_4/ids.proj/ in table earshot.records): While reading part ids", "202611_1_69_4"},
		{"mutated part", "Cannot read all marks of '" + dir + "202611_1_69_4_70/id.cmrk2'", "202611_1_69_4_70"},
		{"no part", "Checksum doesn't match: corrupted data in '" + dir + "format_version.txt'", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var m mender
			err := error(&chgo.Exception{Code: codeCorruptedData, Message: c.message})
			if got := m.suspect(err); got != err || m.broken != c.want {
				t.Errorf("suspects %q, %v, want %q", m.broken, got, c.want)
			}
		})
	}
	var m mender
	if _ = m.suspect(&chgo.Exception{Code: codeUnknownTable, Message: "/202611_1_6_1/"}); m.broken != "" {
		t.Errorf("another error made %q suspect", m.broken)
	}
}
