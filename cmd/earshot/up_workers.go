package main

import (
	"context"
	"time"
)

const (
	workersBackoffMin = time.Second
	workersBackoffMax = 30 * time.Second
	workersSteady     = time.Minute // workers that ran this long start the back-off anew
)

// startWorkers runs the workers until they are stopped, and starts them anew
// when they give up.
func (s *stack) startWorkers() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.superviseWorkers(ctx)
	}()
	s.onStop("workers", func(force context.Context) {
		cancel()
		select {
		case <-done: // what they had read is written
		case <-force.Done():
		}
	})
}

func (s *stack) superviseWorkers(ctx context.Context) {
	const part = "workers"
	backoff := workersBackoffMin
	for {
		began := time.Now()
		s.tel.SetReady(part, true, "")
		err := runWorkers(ctx, s.cfg, s.o.workers, s.tel, s.log)
		if ctx.Err() != nil {
			return
		}
		reason := "ended"
		if err != nil {
			reason = err.Error()
		}
		if time.Since(began) > workersSteady {
			backoff = workersBackoffMin
		}
		s.tel.SetReady(part, false, reason)
		s.log.Error("workers gave up, starting them anew", "error", reason, "in", backoff)
		select {
		case <-ctx.Done():
			return
		case <-time.After(backoff):
		}
		backoff = min(2*backoff, workersBackoffMax)
	}
}

// startAlerts looks for alerts until it is stopped.
func (s *stack) startAlerts() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.p.watchAlerts(ctx, s.cfg, s.log); err != nil && ctx.Err() == nil {
			s.log.Error("alerts are not looked for", "error", err)
		}
	}()
	s.onStop("alerts", func(force context.Context) {
		cancel()
		select {
		case <-done:
		case <-force.Done():
		}
	})
}
