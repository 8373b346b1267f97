package clickhouse

import (
	"context"
	"testing"

	"earshot/pipeline"
)

// BenchmarkWrite writes batches of 20,000 events; one operation is one row.
func BenchmarkWrite(b *testing.B) {
	w, _ := testWriter(b)
	const rows = 20_000
	offset := int64(0)
	b.ReportAllocs()
	for done := 0; done < b.N; done += rows {
		b.StopTimer()
		batch := batchOf(testTP, offset, min(rows, b.N-done))
		b.StartTimer()
		if err := w.Write(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
		offset += int64(len(batch.Records))
	}
}

// BenchmarkColumns is the client's share of that: rows into column slices.
func BenchmarkColumns(b *testing.B) {
	batch := batchOf(pipeline.TopicPartition{Topic: "t"}, 0, 20_000)
	list := columns()
	b.ReportAllocs()
	for done := 0; done < b.N; done += len(batch.Records) {
		rows := make([]row, len(batch.Records))
		for i := range rows {
			rows[i] = newRow(&batch.Records[i], testDay, nil)
		}
		for _, c := range list {
			c.fill(rows)
		}
	}
}
