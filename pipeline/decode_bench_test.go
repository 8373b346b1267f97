package pipeline

import (
	"testing"
	"time"
)

// benchmarkEvent is 350 bytes of ordinary event.
const benchmarkEvent = `{"id":"evt-2026-0003481","source":"review","platform":"google","occurred_at":"2026-07-03T19:30:00+02:00",` +
	`"text":"Great pizza, but the service was painfully slow at lunch time and nobody said sorry. We will not be back soon.","rating":2,` +
	`"customer":{"id":"c-10234","segment":"regular"},"location":"store-012","product":"margherita","attributes":{"table":"14"}}`

func BenchmarkDecode(b *testing.B) {
	m := Message{Value: []byte(benchmarkEvent)}
	now := time.Date(2026, 7, 4, 0, 0, 0, 0, time.UTC)
	b.SetBytes(int64(len(m.Value)))
	b.ReportAllocs()
	for b.Loop() {
		if _, reject := Decode(m, now); reject != nil {
			b.Fatal(reject)
		}
	}
}
