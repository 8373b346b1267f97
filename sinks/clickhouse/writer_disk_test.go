package clickhouse

import (
	"context"
	"strconv"
	"testing"
)

// Each insert asks the server to refuse it when the disk is nearly full: see
// leastFreeDisk.
func TestInsertAsksForFreeDisk(t *testing.T) {
	w, conn := testWriter(t)
	ctx := context.Background()
	insert, err := w.begin(ctx, testTP)
	if err != nil {
		t.Fatal(err)
	}
	defer insert.Abort()
	var asked string
	err = conn.QueryRow(ctx, "SELECT Settings['min_free_disk_bytes_to_perform_insert'] FROM system.processes WHERE startsWith(query_id, 'earshot-') AND query_kind = 'Insert' AND current_database = currentDatabase()").Scan(&asked)
	if err != nil || asked != strconv.Itoa(leastFreeDisk) {
		t.Errorf("the insert asks for %q bytes, %v", asked, err)
	}
}
