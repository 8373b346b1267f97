package pipeline

import (
	"context"
	"sync"
)

// Claims keep two partitions of one process from storing the same event id at
// the same time: whoever holds an id may look it up and write it, everyone else
// waits. An insert left behind by an earlier process may hold any id until its
// partition is recovered, so nobody gets an id before all partitions are. They
// serve one share of the partitions: the next share gets new ones. It is safe
// for concurrent use.
type Claims struct {
	mu      sync.Mutex
	doubt   map[TopicPartition]struct{} // not recovered yet
	held    map[string]struct{}
	changed chan struct{} // closed at the next release
}

// NewClaims returns claims for a process that works on these partitions.
func NewClaims(tps []TopicPartition) *Claims {
	c := &Claims{doubt: map[TopicPartition]struct{}{}, held: map[string]struct{}{}, changed: make(chan struct{})}
	for _, tp := range tps {
		c.doubt[tp] = struct{}{}
	}
	return c
}

// Acquire waits until none of the ids is held and takes all of them at once,
// so that no two callers can wait for each other. The ids must be distinct.
func (c *Claims) Acquire(ctx context.Context, ids []string) error {
	for {
		changed, ok := c.try(ids)
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

func (c *Claims) try(ids []string) (changed <-chan struct{}, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.doubt) > 0 {
		return c.changed, false
	}
	for _, id := range ids {
		if _, taken := c.held[id]; taken {
			return c.changed, false
		}
	}
	for _, id := range ids {
		c.held[id] = struct{}{}
	}
	return nil, true
}

// Release gives ids back that were acquired together.
func (c *Claims) Release(ids []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.release(ids)
}

// Recovered gives back the ids of a batch in doubt: the partition's sink has
// either stored it or never will.
func (c *Claims) Recovered(tp TopicPartition, ids []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.doubt, tp)
	c.release(ids)
}

func (c *Claims) release(ids []string) {
	for _, id := range ids {
		delete(c.held, id)
	}
	close(c.changed)
	c.changed = make(chan struct{})
}
