package main

import (
	"os"
	"runtime/debug"

	"earshot/cmd/earshot/config"
)

// What a worker process may hold, in bytes. The heap of a busy worker is 50 to
// 150 MB by how full its partitions' batches happen to be, and the collector lets
// it grow in proportion: the resident memory would follow whichever batches met.
// So the limit decides, not the proportion, and memory is flat however long the
// backlog lasts.
const (
	// batchMemory is shared by the batches of all partitions, in bytes of messages.
	batchMemory = 48 << 20
	// batchFactor is what a byte of a message costs by the time its batch is
	// written: the event, what the analysis found, and the insert's columns.
	batchFactor = 4
	// baseMemory is the rest: models and taxonomy, connections, fetched chunks.
	baseMemory = 64 << 20
	// collectAt is by how many percent the heap may grow before it is collected,
	// below the limit.
	collectAt = 200
)

// sharedBytes is the part of the batches of all partitions: a single batch may
// have what the configuration says.
func sharedBytes(c config.Worker) int { return max(batchMemory, c.BatchBytes) }

// memoryLimit is the soft limit of a worker process.
func memoryLimit(c config.Worker) int64 {
	return baseMemory + int64(c.IDFilterBytes) + batchFactor*int64(sharedBytes(c))
}

// boundMemory sets the limit and how the collector goes by it; GOMEMLIMIT and
// GOGC override it.
func boundMemory(c config.Worker) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit(c))
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
}
