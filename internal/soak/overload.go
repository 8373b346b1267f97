package soak

import (
	"context"
	"fmt"
	"strings"
	"time"
)

const (
	overloadFactor  = 10 // produced for each offset the worker can write
	overloadSlack   = 10 // percent that the worker's memory may move
	overloadMeasure = 15 * time.Second
	overloadAhead   = 20_000 // messages ahead of the worker while its rate is measured
	overloadMost    = 40_000 // messages a second that are fed at the most
)

// overloadNarrow slows the way to ClickHouse: on a machine that runs
// everything, ten times a worker's full rate is more than there is to feed.
const overloadNarrow = `{"type":"bandwidth","stream":"upstream","attributes":{"rate":400}}` // kilobytes a second

// Overload feeds a worker ten times what it can write, for some seconds. Its
// memory must stay flat, and once it is fast again it must catch up; then
// everything is checked as after a soak.
func Overload(ctx context.Context, o Options, seconds int) error {
	o.Workers, o.Faults, o.Events = 1, 0, overloadMost*seconds+1_000_000
	o.again = fmt.Sprintf("make overload SECONDS=%d SEED=%d BROKER=%s", seconds, o.Seed, o.Broker)
	s, err := newSoak(o)
	if err != nil {
		return err
	}
	defer s.close()
	s.backlog = 1 << 40
	if err := s.start(ctx); err != nil {
		return s.keep(err)
	}
	if err := s.workers[0].proxy.add(overloadNarrow); err != nil {
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

func (s *soak) overload(ctx context.Context, d time.Duration) error {
	rate, err := s.measureRate(ctx)
	if err != nil {
		return err
	}
	fed := min(overloadFactor*rate, overloadMost)
	s.say("the worker writes %.0f offsets a second; feeding %.0f a second for %v", rate, fed, d)
	began, start := time.Since(s.began).Seconds(), float64(s.allowed.Load())
	for at := time.Now(); time.Since(at) < d; {
		s.allowed.Store(int64(start + fed*time.Since(at).Seconds()))
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	ended := time.Since(s.began).Seconds()
	s.feed.Count = int(s.allowed.Load())
	behind := sum(s.ledger.backlog(s.monitor.now().next))
	s.say("%d messages fed, %d of them not yet stored; now the worker may be fast", s.feed.Count, behind)
	s.flat(s.samplers[0].all(), began, ended)
	if err := s.workers[0].proxy.heal(ctx); err != nil {
		return err
	}
	return s.catchUp(ctx)
}

// measureRate is how many offsets a second the worker writes when there is
// always something to write.
func (s *soak) measureRate(ctx context.Context) (float64, error) {
	var from look
	for at := time.Now(); time.Since(at) < overloadMeasure; {
		now := s.monitor.now()
		if time.Since(at) > overloadMeasure/3 && from.next == nil {
			from = now
		}
		s.allowed.Store(now.stored() + overloadAhead)
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return 0, err
		}
	}
	to := s.monitor.now()
	rate := float64(to.stored()-from.stored()) / to.at.Sub(from.at).Seconds()
	if !(rate > 0) {
		return 0, fmt.Errorf("the worker wrote nothing in %v", overloadMeasure)
	}
	return rate, nil
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
