package soak

import (
	"context"
	"fmt"
	"strings"
	"time"
)

const (
	overloadFactor = 10     // messages fed for each offset that the worker writes
	overloadSlack  = 10     // percent that the worker's memory may move
	overloadAhead  = 20_000 // messages fed before it has written any
	overloadMost   = 40_000 // messages a second that are fed at the most
)

// overloadNarrow slows each connection to ClickHouse, by kilobytes a second: on a
// machine that runs everything, ten times a worker's full rate is more than there
// is to feed.
const overloadNarrow = `{"type":"bandwidth","stream":"upstream","attributes":{"rate":%d}}`

// overloadPatience is the worker's insert timeout: a full batch has to pass.
const overloadPatience = "EARSHOT_WORKER_INSERT_TIMEOUT=10m"

// Overload feeds a worker ten times what it can write, for some seconds, over
// connections of so many kilobytes a second to ClickHouse. Its memory must stay
// flat, and once it is fast again it must catch up; then everything is checked as
// after a soak.
func Overload(ctx context.Context, o Options, seconds, narrow int) error {
	o.Workers, o.Faults, o.Events = 1, 0, overloadMost*seconds+1_000_000
	o.again = fmt.Sprintf("make overload SECONDS=%d NARROW=%d SEED=%d BROKER=%s", seconds, narrow, o.Seed, o.Broker)
	o.workerEnv = []string{overloadPatience}
	s, err := newSoak(o)
	if err != nil {
		return err
	}
	defer s.close()
	s.backlog = 1 << 40
	if err := s.start(ctx); err != nil {
		return s.keep(err)
	}
	if err := s.workers[0].proxy.add(fmt.Sprintf(overloadNarrow, narrow)); err != nil {
		return s.keep(err)
	}
	stop := s.background(ctx)
	err = s.overload(ctx, time.Duration(seconds)*time.Second)
	stop()
	if err != nil {
		s.evidence()
		return s.keep(err)
	}
	if _, err := s.check(ctx); err != nil {
		return s.keep(err)
	}
	if !s.v.ok() {
		s.evidence()
		return s.keep(errBroken)
	}
	s.done = true
	s.say("Nothing lost, nothing doubled.")
	return nil
}

// overload feeds ten messages for each offset that the worker writes meanwhile.
func (s *soak) overload(ctx context.Context, d time.Duration) error {
	s.say("feeding %d messages for each offset the worker writes, for %v", overloadFactor, d)
	at, began, first := time.Now(), time.Since(s.began).Seconds(), s.monitor.now().stored()
	for time.Since(at) < d {
		due := overloadFactor*(s.monitor.now().stored()-first) + overloadAhead
		s.allowed.Store(first + min(due, int64(overloadMost*time.Since(at).Seconds())))
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	ended, took := time.Since(s.began).Seconds(), time.Since(at).Seconds()
	fed, _ := s.ledger.progress()
	wrote := s.monitor.now().stored() - first
	s.feed.Count = int(s.allowed.Load())
	s.say("%d messages fed in %.0f s, %.0f a second, and %d written, %.0f a second; now the worker may be fast",
		fed, took, float64(fed)/took, wrote, float64(wrote)/took)
	if wrote == 0 {
		return fmt.Errorf("the worker wrote nothing in %.0f s", took)
	}
	s.flat(s.samplers[0].all(), began, ended)
	if err := s.workers[0].proxy.heal(ctx); err != nil {
		return err
	}
	return s.catchUp(ctx)
}

// flat checks the samples between two moments, in seconds of the run; the first
// fifth is warm-up.
func (s *soak) flat(samples []sample, began, ended float64) {
	began += (ended - began) / 5
	var during []sample
	for _, m := range samples {
		if began <= m.At && m.At <= ended {
			during = append(during, m)
		}
	}
	if len(during) < 9 {
		s.v.violate("memory", "only %d samples: nothing to judge by", len(during))
		return
	}
	rss := func(m sample) int64 { return m.RSS }
	third := len(during) / 3
	first, last := median(during[:third], rss), median(during[len(during)-third:], rss)
	s.say("resident MiB after warm-up: %s", series(during))
	s.say("median of the first third %d MiB, of the last %d MiB", first>>20, last>>20)
	if change := 100 * (last - first) / first; change > overloadSlack || change < -overloadSlack {
		s.v.violate("memory", "resident memory moved by %d %% under overload", change)
	}
}

// series shows about thirty samples.
func series(samples []sample) string {
	var out []string
	for i := 0; i < len(samples); i += 1 + len(samples)/30 {
		out = append(out, fmt.Sprint(samples[i].RSS>>20))
	}
	return strings.Join(out, " ")
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
