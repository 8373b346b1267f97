package soak

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// errBroken is the answer to a run that found violations.
var errBroken = errors.New("the promise is broken, see the violations above")

// report is the file that a run leaves.
type report struct {
	Command    string       `json:"command"`
	Broker     string       `json:"broker"`
	Seed       uint64       `json:"seed"`
	Took       float64      `json:"took"` // seconds
	Throughput float64      `json:"offsets_per_second"`
	Checked    *checked     `json:"checked"`
	Resent     int          `json:"resent_after_producer_kills"`
	Restarts   int          `json:"ends_that_nobody_asked_for"`
	Recovery   []recoveries `json:"recovery"`
	Growth     []growth     `json:"growth"`
	Faults     []inflicted  `json:"faults"`
	Violations []string     `json:"violations"`
}

// conclude checks everything and tells the result.
func (s *soak) conclude(ctx context.Context, took time.Duration) error {
	c, err := s.check(ctx)
	if err != nil {
		return s.keep(err)
	}
	r := report{
		Command: s.command(), Broker: s.o.Broker, Seed: s.o.Seed, Took: took.Seconds(),
		Throughput: float64(c.Log.Offsets) / took.Seconds(), Checked: c, Resent: s.feeder.resent,
		Restarts: s.unasked(), Recovery: summarise(s.faults), Growth: s.checkGrowth(), Faults: s.faults, Violations: s.v.lines,
	}
	s.print(r)
	if err := writeReport(s.o.Report, r); err != nil {
		return err
	}
	if !s.v.ok() {
		s.evidence()
		return s.keep(errBroken)
	}
	s.done = true
	return nil
}

func (s *soak) command() string {
	if s.o.again != "" {
		return s.o.again
	}
	group := ""
	if s.o.Group {
		group = " GROUP=1"
	}
	return fmt.Sprintf("make soak FAULTS=%d EVENTS=%d SEED=%d BROKER=%s%s", s.o.Faults, s.o.Events, s.o.Seed, s.o.Broker, group)
}

func (s *soak) unasked() (n int) {
	for _, w := range s.workers {
		n += w.process.unasked()
	}
	for _, p := range s.feeder.producers {
		n += p.process.unasked()
	}
	return n + s.engine.process.unasked()
}

func (s *soak) print(r report) {
	c := r.Checked
	s.say("")
	s.say("%-34s %5s %8s %8s %8s", "moving again after, in seconds", "n", "median", "95 %", "most")
	for _, k := range r.Recovery {
		s.say("%-34s %5d %8.2f %8.2f %8.2f", k.Kind, k.N, k.P50, k.P95, k.Most)
	}
	s.say("")
	for _, g := range r.Growth {
		s.say("worker %d: resident %d -> %d MiB (most %d), goroutines %d -> %d (most %d), second and last quarter of %d samples",
			g.Worker, g.RSSBefore>>20, g.RSSAfter>>20, g.RSSMost>>20, g.GoBefore, g.GoAfter, g.Goroutines, g.Samples)
	}
	s.say("%d messages sent again after producers were killed; %d ends of processes that nobody asked for", r.Resent, r.Restarts)
	s.say("%d offsets in %.0f s, %.0f a second with all faults: %d events + %d duplicates + %d dead letters (by the broker's log: %d + %d + %d)",
		c.Log.Offsets, r.Took, r.Throughput, c.Table.Events, c.Table.Duplicates, c.Table.Dead, c.Log.Events, c.Log.Duplicates, c.Log.Dead)
	for _, line := range r.Violations {
		s.say("VIOLATION %s", line)
	}
	if s.v.ok() {
		s.say("0 lost, 0 doubled, every offset is what it must be. Repeat: %s", r.Command)
	} else {
		s.say("%v. Repeat: %s", s.v.counts, r.Command)
	}
}

// keep tells where the evidence lies.
func (s *soak) keep(err error) error {
	return fmt.Errorf("%w (logs and data: %s; repeat: %s)", err, s.dir, s.command())
}

// evidence shows what the processes said last.
func (s *soak) evidence() {
	for _, line := range s.v.lines {
		s.say("VIOLATION %s", line)
	}
	for _, w := range s.workers {
		s.say("--- %s\n%s", w.process.name, w.process.lastWords(8))
	}
	s.say("--- engine\n%s", s.engine.process.lastWords(8))
}

func writeReport(path string, v any) error {
	if path == "" {
		return nil
	}
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o600)
}

func readAll(body io.ReadCloser) (string, error) {
	defer body.Close()
	text, err := io.ReadAll(body)
	return string(text), err
}
