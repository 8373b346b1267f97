package soak

import (
	"context"
	"errors"
	"fmt"
)

// controlEvents and controlKills bound the negative control.
const (
	controlEvents = 300_000
	controlKills  = 15
)

// Control is the negative control of the soak: a worker that was built without
// the fence (build tag nofence) is killed and started at once, and the same
// checks must find offsets more than once. It is an error if they do not.
func Control(ctx context.Context, o Options) error {
	o.Events, o.Faults, o.Workers = controlEvents, controlKills, 1
	o.again = fmt.Sprintf("make soak-control SEED=%d", o.Seed)
	s, err := newSoak(o)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.start(ctx); err != nil {
		return s.keep(err)
	}
	s.allowed.Store(int64(s.feed.Count))
	stop := s.background(ctx)
	err = s.untilDoubled(ctx, plan(o.Seed, o.Faults, conditions{workers: 1, onlyKills: true}))
	stop()
	if err != nil {
		s.evidence()
		return s.keep(err)
	}
	s.done = true
	return nil
}

// untilDoubled kills until the table holds an offset twice.
func (s *soak) untilDoubled(ctx context.Context, kills []fault) error {
	if err := await(ctx, patience, "events", func() bool { return s.monitor.now().stored() > 0 }); err != nil {
		return err
	}
	for i, f := range kills {
		if err := s.inflictNow(ctx, i, []fault{f}); err != nil {
			return err
		}
		sums, err := s.store.row(ctx, sumsQuery)
		if err != nil {
			return err
		}
		if sums["row_count"] > sums["places"] {
			s.say("caught after %d kills: %d rows for %d offsets", i+1, sums["row_count"], sums["places"])
			return nil
		}
	}
	return errors.New("the fence is off and nothing was doubled: the soak would not notice a worker that doubles")
}
