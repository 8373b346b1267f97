package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"
)

// Worker carries messages from a Source through an Analyzer into a Sink, so that
// every offset of its partitions becomes exactly one row. The Sink keeps the
// position; after any doubt the worker asks it where to go on.
//
// Each partition has one goroutine that reads ahead, one that batches and
// writes, and shares a pool that analyses on all cores with the order kept.
type Worker struct {
	Source      Source
	Sink        Sink
	Analyzer    Analyzer
	Exchange    *Exchange   // in place of Analyzer, which may then change; nil: Analyzer for good
	DeadLetters DeadLetters // nil: dead letters are rows only
	Observer    Observer
	Tracer      Tracer       // nil: batches are not traced
	Claims      *Claims      // of all partitions of the process; nil: this worker is alone in it, each share gets its own
	Assignment  Assignment   // nil: those of Config, for good
	Classifiers []Classifier // judge the errors of the ports
	Config      WorkerConfig
	Log         *slog.Logger
	Now         func() time.Time // the clock of what is stored; waiting goes by the real one
}

// WorkerConfig tunes a Worker.
type WorkerConfig struct {
	Topic      string
	Partitions []int32 // of the topic
	Index, Of  int     // this worker takes the partitions p with p % Of == Index

	BatchRows  int
	BatchBytes int // of messages
	BatchDelay time.Duration

	// SharedBytes bounds what the batches of all partitions hold together, in
	// bytes of messages, so that memory does not grow with the number of
	// partitions; 0: no bound beside BatchBytes.
	SharedBytes int

	CallTimeout  time.Duration // for one call of the Sink or of DeadLetters
	DrainTimeout time.Duration // how long a batch under way may take once Run is stopped
	Backoff      Backoff

	// AcceptLoss goes on where retention removed offsets before they were read.
	// They become one skipped row with the reason "lost". Otherwise the worker stops.
	AcceptLoss bool
}

// Run works until ctx ends, which is not an error, or a partition cannot go on.
// All its goroutines have ended when it returns.
func (w *Worker) Run(ctx context.Context) error {
	tps, err := w.Assigned()
	if err != nil {
		return err
	}
	assignment := w.Assignment
	if assignment == nil {
		assignment = fixed(tps)
	}
	pool := startPool(runtime.GOMAXPROCS(0))
	defer pool.stop()
	return assignment.Run(ctx, func(ctx context.Context, share []TopicPartition) error {
		return w.carry(ctx, share, pool)
	})
}

// carry works on a share of the partitions until ctx ends.
func (w *Worker) carry(ctx context.Context, share []TopicPartition, pool *pool) error {
	claims := w.Claims
	if claims == nil {
		claims = NewClaims(share)
	}
	w.Observer.Assigned(share)
	defer w.Observer.Released(share)
	if len(share) == 0 {
		w.Log.Warn("no partition for this worker", "topic", w.Config.Topic, "partitions", len(w.Config.Partitions))
	}
	group, stop := errgroup.WithContext(ctx)
	work, cancel := w.drainContext(stop)
	defer cancel()
	for _, tp := range share {
		p := &partition{Worker: w, tp: tp, claims: claims, pool: pool, unsure: true, batchBytes: w.Config.bytesEach(len(share)), log: w.Log.With("topic", tp.Topic, "partition", tp.Partition)}
		group.Go(func() error { return p.run(stop, work) })
	}
	group.Go(func() error { // a worker without partitions waits, too
		<-stop.Done()
		return nil
	})
	return group.Wait()
}

// bytesEach is how many bytes of messages a batch of one of n partitions may hold.
func (c WorkerConfig) bytesEach(n int) int {
	if c.SharedBytes <= 0 {
		return c.BatchBytes
	}
	return max(1, min(c.BatchBytes, c.SharedBytes/max(1, n)))
}

// Assigned returns the partitions that this worker takes, or what is wrong with
// its configuration.
func (w *Worker) Assigned() ([]TopicPartition, error) {
	c := w.Config
	if c.Of < 1 || c.Index < 0 || c.Index >= c.Of {
		return nil, fmt.Errorf("worker %d of %d: the index must lie in 0..%d", c.Index, c.Of, c.Of-1)
	}
	if c.BatchRows < 1 || c.BatchBytes < 1 || c.CallTimeout <= 0 {
		return nil, errors.New("worker: batch rows, batch bytes and call timeout must be positive")
	}
	var tps []TopicPartition
	for _, p := range c.Partitions {
		if int(p)%c.Of == c.Index {
			tps = append(tps, TopicPartition{Topic: c.Topic, Partition: p})
		}
	}
	return tps, nil
}

// drainContext outlives stop by DrainTimeout, so that a batch under way can
// still be written.
func (w *Worker) drainContext(stop context.Context) (context.Context, context.CancelFunc) {
	work, cancel := context.WithCancel(context.WithoutCancel(stop))
	unhook := context.AfterFunc(stop, func() {
		timer := time.NewTimer(w.Config.DrainTimeout)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-work.Done():
		}
	})
	return work, func() { unhook(); cancel() }
}
