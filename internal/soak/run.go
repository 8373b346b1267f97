package soak

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// A fault waits for the events of the one before it, but no longer.
	patience = 90 * time.Second
	// A partition that does not move for so long after a fault has stalled.
	stallLimit = 60 * time.Second
	// The table must have everything so long after the last fault; a backlog of
	// an overload takes a while.
	catchUpLimit = time.Hour
)

// inflicted is a fault as it happened.
type inflicted struct {
	N         int      `json:"n"`
	At        float64  `json:"at"` // seconds since the run began
	Fault     string   `json:"fault"`
	Kind      string   `json:"kind"`
	Hold      float64  `json:"hold"`     // seconds
	Recovery  *float64 `json:"recovery"` // seconds until all affected partitions moved; null: not measured
	Overlap   bool     `json:"overlap,omitempty"`
	heal      func() error
	plan      fault
	completed time.Time
}

// soak is a run under way.
type soak struct {
	*rig
	monitor  *monitor
	samplers []*sampler
	began    time.Time
	backlog  int64        // messages that the producers may be ahead
	perFault int          // messages
	allowed  atomic.Int64 // messages that may be fed by now: the last fault needs some, too
	faults   []inflicted
	v        verdict
}

// Run is the soak. The report is written, and the error says that the promise
// is broken or could not be checked.
func Run(ctx context.Context, o Options) error {
	s, err := newSoak(o)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.start(ctx); err != nil {
		return s.keep(err)
	}
	stop := s.background(ctx)
	err = s.inflictAll(ctx, plan(o.Seed, o.Faults, s.conditions()))
	if err == nil {
		err = s.catchUp(ctx)
	}
	took := time.Since(s.began)
	stop()
	if err != nil {
		s.evidence()
		return s.keep(err)
	}
	return s.conclude(ctx, took)
}

func newSoak(o Options) (*soak, error) {
	s := &soak{perFault: o.Events / max(1, o.Faults)}
	s.backlog = int64(max(2*s.perFault, 10_000))
	f := &feed{Seed: o.Seed, Count: o.Events, Distance: int(10 * s.backlog), Began: time.Now()}
	var err error
	if s.rig, err = newRig(o, f); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *soak) conditions() conditions {
	return conditions{
		workers: s.o.Workers, survivor: s.o.Workers - 1, togetherly: 20,
		can: map[need]bool{needsKafkaProxy: true, needsSmallDisk: s.engine.small, needsGroup: s.o.Group, needsVictim: true},
	}
}

// background feeds, looks, samples and supervises until the result is called.
func (s *soak) background(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	s.began = time.Now()
	s.monitor = &monitor{store: s.store}
	var all sync.WaitGroup
	all.Go(func() { s.monitor.run(ctx) })
	all.Go(func() { s.supervise(ctx) })
	all.Go(func() { s.feedAlong(ctx) })
	for _, w := range s.workers {
		sampler := &sampler{addr: w.metrics, began: s.began}
		s.samplers = append(s.samplers, sampler)
		all.Go(func() { sampler.run(ctx, time.Second) })
	}
	return func() {
		cancel()
		all.Wait()
	}
}

// feedAlong keeps the producers ahead of the table by the backlog.
func (s *soak) feedAlong(ctx context.Context) {
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		_, whole := s.ledger.progress()
		ahead := s.backlog - sum(s.ledger.backlog(s.monitor.now().next))
		// Messages are acknowledged out of order; reimports rely on all before
		// the limit being stored.
		s.feeder.advance(min(int(s.allowed.Load()), whole+int(max(0, ahead))))
	}
}

func sum(m map[int32]int64) (n int64) {
	for _, v := range m {
		n += v
	}
	return n
}

// inflictAll goes through the plan, spread over the events.
func (s *soak) inflictAll(ctx context.Context, faults []fault) error {
	s.say("%d faults, %d events, seed %d, %s broker, %d workers%s; logs in %s", len(faults), s.feed.Count, s.feed.Seed, s.o.Broker,
		s.o.Workers, map[bool]string{true: " in a group"}[s.o.Group], s.dir)
	for i := 0; i < len(faults); {
		n := 1
		if i+1 < len(faults) && faults[i+1].With {
			n = 2
		}
		s.allowed.Store(int64(min(s.feed.Count, (i+n+2)*s.perFault)))
		// One fault's worth of events before it, and two left after the last.
		due := int64(i*(s.feed.Count-2*s.perFault)/len(faults) + s.perFault/2)
		_ = await(ctx, patience, "events", func() bool { return s.monitor.now().stored() >= due }) // late is no violation
		if err := s.inflictNow(ctx, i, faults[i:i+n]); err != nil {
			return err
		}
		i += n
	}
	return ctx.Err()
}

// inflictNow does one fault, or two that overlap, and waits for the recovery.
func (s *soak) inflictNow(ctx context.Context, n int, faults []fault) error {
	now := make([]inflicted, 0, len(faults))
	for i, f := range faults {
		in := inflicted{N: n + i + 1, At: time.Since(s.began).Seconds(), Fault: f.String(), Kind: string(f.Kind),
			Hold: f.Hold.Seconds(), Overlap: len(faults) > 1, plan: f}
		heal, err := s.inflict(ctx, f)
		if err != nil {
			if heal != nil {
				_ = heal() // the first error is the one to tell
			}
			return fmt.Errorf("fault %d, %v: %w", in.N, f, err)
		}
		in.heal = heal
		now = append(now, in)
	}
	hold := faults[0].Hold
	for _, f := range faults {
		hold = max(hold, f.Hold)
	}
	select {
	case <-ctx.Done():
	case <-time.After(hold):
	}
	for i := range now {
		if err := now[i].heal(); err != nil {
			return fmt.Errorf("end of fault %d, %v: %w", now[i].N, now[i].plan, err)
		}
		now[i].completed = time.Now()
	}
	s.recover(ctx, now)
	for _, in := range now {
		s.faults = append(s.faults, in)
		s.tell(in)
	}
	return ctx.Err()
}

// recover waits until every affected partition with a backlog has moved.
func (s *soak) recover(ctx context.Context, now []inflicted) {
	healed := now[len(now)-1].completed
	before := s.monitor.now().next
	behind := s.ledger.backlog(before)
	waiting := map[int32]bool{}
	for _, in := range now {
		if in.plan.Kind.target() == "producer" {
			continue
		}
		for p := range s.affected(in.plan, behind) {
			if behind[p] > 0 {
				waiting[p] = true
			}
		}
	}
	if len(waiting) == 0 {
		return
	}
	err := await(ctx, stallLimit, "recovery", func() bool {
		next := s.monitor.now().next
		for p := range waiting {
			if next[p] > before[p] {
				delete(waiting, p)
			}
		}
		return len(waiting) == 0
	})
	took := time.Since(healed).Seconds()
	if err != nil && ctx.Err() == nil {
		s.v.violate("stall", "%v after fault %d (%s) partitions %v have not moved", stallLimit, now[0].N, now[0].Fault, keys(waiting))
		return
	}
	if len(now) == 1 {
		now[0].Recovery = &took
	}
}

func keys(m map[int32]bool) (out []int32) {
	for k := range m {
		out = append(out, k)
	}
	return out
}

func (s *soak) tell(in inflicted) {
	acked, _ := s.ledger.progress()
	recovery := ""
	if in.Recovery != nil {
		recovery = fmt.Sprintf("moving again after %.2f s", *in.Recovery)
	}
	s.say("%6.1f s  %3d/%d  %-52s %-28s fed %d, stored %d", time.Since(s.began).Seconds(), in.N, s.o.Faults, in.Fault, recovery,
		acked, s.monitor.now().stored())
}

// catchUp waits until everything is fed and stored.
func (s *soak) catchUp(ctx context.Context) error {
	s.allowed.Store(int64(s.feed.Count))
	began := time.Now()
	last, moved := int64(0), began
	err := await(ctx, catchUpLimit, "everything is fed and stored", func() bool {
		acked, _ := s.ledger.progress()
		now := s.monitor.now()
		if n := now.stored() + int64(acked); n != last {
			last, moved = n, time.Now()
		}
		return acked == s.feed.Count && sum(s.ledger.backlog(now.next)) == 0 || time.Since(moved) > stallLimit
	})
	acked, _ := s.ledger.progress()
	behind := s.ledger.backlog(s.monitor.now().next)
	if err == nil && (acked < s.feed.Count || sum(behind) > 0) {
		err = fmt.Errorf("nothing moves for %v", stallLimit)
	}
	if err != nil {
		return fmt.Errorf("%w: %d of %d messages fed, backlog by partition %v", err, acked, s.feed.Count, behind)
	}
	s.say("%6.1f s  caught up %.1f s after the last fault", time.Since(s.began).Seconds(), time.Since(began).Seconds())
	return nil
}
