package clickhouse

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
)

// breakPart empties the marks of the one active part, as a merge does that meets
// the end of the disk.
func breakPart(t *testing.T, w *Writer) (part string) {
	t.Helper()
	ctx := context.Background()
	var dir string
	if err := w.conn.QueryRow(ctx, "SELECT name, path FROM system.parts WHERE database = currentDatabase() AND table = 'records' AND active").Scan(&part, &dir); err != nil {
		t.Fatal(err)
	}
	marks, err := filepath.Glob(filepath.Join(dir, "*.?mrk*"))
	if err != nil || len(marks) == 0 {
		t.Skipf("the server's files are not on this machine: %s, %v", dir, err)
	}
	for _, name := range marks {
		if err := os.Truncate(name, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.conn.Exec(ctx, "SYSTEM DROP MARK CACHE"); err != nil {
		t.Fatal(err)
	}
	return part
}

// filled returns a writer whose table is one part, merged from four.
func filled(t *testing.T) *Writer {
	t.Helper()
	w, conn := testWriter(t)
	ctx := context.Background()
	if err := conn.Exec(ctx, "ALTER TABLE records MODIFY SETTING min_bytes_for_wide_part = 0, old_parts_lifetime = 480"); err != nil {
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
	w := filled(t)
	ctx := context.Background()
	part := breakPart(t, w)
	_, err := w.Stored(ctx, []string{"id-2-3"})
	var exception *chgo.Exception
	if !errors.As(err, &exception) || exception.Code != codeCorruptedData {
		t.Fatalf("reading the broken part: %v", err)
	}
	var mended *MendedError
	if _, err := w.Recover(ctx, testTP); !errors.As(err, &mended) || mended.Part != part {
		t.Fatalf("recover: %v, want to hear that %s was mended", err, part)
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
	w := filled(t)
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

// Without the parts it was merged from, a broken part is not touched.
func TestRecoverLeavesAPartThatHasNoSources(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the server to clean up")
	}
	w := filled(t)
	ctx := context.Background()
	if err := w.conn.Exec(ctx, "ALTER TABLE records MODIFY SETTING old_parts_lifetime = 0"); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(2 * time.Minute); number(t, w.conn, "SELECT toInt64(count()) FROM system.parts WHERE database = currentDatabase() AND NOT active") > 0; {
		if time.Now().After(deadline) {
			t.Skip("the server keeps the old parts")
		}
		time.Sleep(200 * time.Millisecond)
	}
	part := breakPart(t, w)
	if _, err := w.Stored(ctx, []string{"id-2-3"}); err == nil {
		t.Fatal("the broken part was read")
	}
	_, err := w.Recover(ctx, testTP)
	var broken *BrokenPartError
	if !errors.As(err, &broken) || broken.Part != part {
		t.Errorf("recover: %v, want a BrokenPartError of %s", err, part)
	}
}
