package main

import (
	"testing"

	"earshot/cmd/earshot/config"
)

func TestMemoryLimit(t *testing.T) {
	for _, c := range []struct {
		name       string
		batchBytes int
		filter     int
		shared     int
		limit      int64
	}{
		{"defaults", config.Default().Worker.BatchBytes, config.Default().Worker.IDFilterBytes, 48 << 20, 320 << 20},
		{"no filter", 1 << 20, 0, 48 << 20, 256 << 20},
		{"a batch larger than the common room", 256 << 20, 64 << 20, 256 << 20, 1152 << 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := config.Worker{BatchBytes: c.batchBytes, IDFilterBytes: c.filter}
			if got := sharedBytes(w); got != c.shared {
				t.Errorf("batches share %d", got)
			}
			if got := memoryLimit(w); got != c.limit {
				t.Errorf("limit %d", got)
			}
		})
	}
}
