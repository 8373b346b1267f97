package insight

import (
	"context"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// maxWorkers bounds the miners that work at the same time: each keeps counts of its
// own of what it has not explained yet.
const maxWorkers = 8

// each calls work for 0 to n-1, in this order and several at a time, each time with
// a miner that nobody else uses meanwhile. Their looks are added up.
func (m *miner) each(ctx context.Context, n int, work func(ctx context.Context, own *miner, i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	next := new(atomic.Int64)
	miners := make([]*miner, min(runtime.GOMAXPROCS(0), maxWorkers, n))
	for w := range miners {
		own := &miner{shared: m.shared, out: make([]bool, len(m.rows))}
		miners[w] = own
		g.Go(func() error {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := work(ctx, own, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := g.Wait()
	for _, own := range miners {
		for i, n := range own.looked {
			m.looked[i] += n
		}
	}
	return err
}

// firstLook are the candidates of each topic before anything is explained.
func (m *miner) firstLook(ctx context.Context) ([][]candidate, error) {
	first := make([][]candidate, len(m.topics.names))
	err := m.each(ctx, max(len(first)-1, 0), func(_ context.Context, own *miner, i int) error {
		topic := i + 1
		own.begin(uint32(topic))
		first[topic] = own.candidates()
		for c := range first[topic] {
			first[topic][c].settle()
		}
		return nil
	})
	return first, err
}

// peelAll peels topics, in order of their turns.
func (m *miner) peelAll(ctx context.Context, topics []uint32, control *control) ([]Finding, error) {
	turns := newTurns(len(topics), len(m.rows), len(m.values[Location].names))
	found := make([][]Finding, len(topics))
	err := m.each(ctx, len(topics), func(ctx context.Context, own *miner, i int) (err error) {
		own.begin(topics[i])
		found[i], err = own.peel(ctx, control, &turns[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	return append([]Finding{}, slices.Concat(found...)...), nil
}
