package soak

import (
	"fmt"
	"sync"
)

// place is where a message lies.
type place struct {
	Partition int32
	Offset    int64
}

func (p place) String() string { return fmt.Sprintf("%d@%d", p.Partition, p.Offset) }

// ledger remembers what the broker acknowledged, by message index. It is safe
// for concurrent use.
type ledger struct {
	mu        sync.Mutex
	partition []int16 // -1: not acknowledged
	offset    []int64
	acked     int
	whole     int             // all messages before it are acknowledged
	ends      map[int32]int64 // one past the highest acknowledged offset
}

func newLedger(count int) *ledger {
	l := &ledger{partition: make([]int16, count), offset: make([]int64, count), ends: map[int32]int64{}}
	for i := range l.partition {
		l.partition[i] = -1
	}
	return l
}

// ack notes the place of message i. One that was sent again after a kill keeps
// its first place.
func (l *ledger) ack(i int, at place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ends[at.Partition] = max(l.ends[at.Partition], at.Offset+1)
	if l.partition[i] >= 0 {
		return
	}
	l.partition[i], l.offset[i] = int16(at.Partition), at.Offset
	l.acked++
	for l.whole < len(l.partition) && l.partition[l.whole] >= 0 {
		l.whole++
	}
}

func (l *ledger) at(i int) (place, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return place{int32(l.partition[i]), l.offset[i]}, l.partition[i] >= 0
}

func (l *ledger) progress() (acked, whole int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acked, l.whole
}

// backlog is how many acknowledged messages each partition has beyond the
// positions.
func (l *ledger) backlog(next map[int32]int64) map[int32]int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	behind := map[int32]int64{}
	for p, end := range l.ends {
		behind[p] = max(0, end-next[p])
	}
	return behind
}

// missing are the messages of [from, to) that are not acknowledged, as ranges.
func (l *ledger) missing(from, to int) (ranges []span) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := from; i < to; i++ {
		if l.partition[i] >= 0 {
			continue
		}
		if n := len(ranges); n > 0 && ranges[n-1].To == i {
			ranges[n-1].To = i + 1
		} else {
			ranges = append(ranges, span{i, i + 1})
		}
	}
	return ranges
}

// span is the messages From <= i < To.
type span struct{ From, To int }

// logTruth is what the broker holds: the message index at each offset.
type logTruth struct {
	partitions map[int32]*partitionLog
}

type partitionLog struct {
	start int64
	index []int32 // by offset - start
}

func (l *logTruth) at(p place) (index int, ok bool) {
	part := l.partitions[p.Partition]
	if part == nil || p.Offset < part.start || p.Offset >= part.start+int64(len(part.index)) {
		return 0, false
	}
	return int(part.index[p.Offset-part.start]), true
}

func (l *logTruth) offsets() (n int64) {
	for _, p := range l.partitions {
		n += int64(len(p.index))
	}
	return n
}
