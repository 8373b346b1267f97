package clickhouse

import (
	"context"
	"testing"
)

// TestPlainWriterStoresTheSame checks that the yardstick does the work it is
// measured by.
func TestPlainWriterStoresTheSame(t *testing.T) {
	_, conn := freshDatabase(t)
	ctx := context.Background()
	w, err := NewPlainWriter(ctx, conn, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(ctx, batchOf(testTP, 5, 100)); err != nil {
		t.Fatal(err)
	}
	if stand, err := w.Recover(ctx, testTP); err != nil || stand.Next != 105 {
		t.Errorf("%+v, %v", stand, err)
	}
	for query, want := range map[string]int64{
		"SELECT count() FROM plain WHERE sentiment = 'negative' AND has(topics, 'service.speed')": 100,
		"SELECT count() FROM records": 0,
		"SELECT count() FROM system.columns WHERE database = currentDatabase() AND table = 'plain'": int64(len(columns()) - len(deliveryColumns())),
	} {
		if n := number(t, conn, query); n != want {
			t.Errorf("%s = %d, want %d", query, n, want)
		}
	}
}
