package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/kafka"
	"earshot/pipeline/simulate"
)

// demoFile remembers which chain was streamed into a data directory and how
// far, so that the next `up --demo` goes on with the same one.
const demoFile = "demo.json"

const demoBatch = 1000

// demoState is that file. Sent counts acknowledged messages; after a kill it
// lags, and what is sent again carries the same ids.
type demoState struct {
	Seed   uint64    `json:"seed"`
	Days   int       `json:"days"`
	Events int       `json:"events"`
	Start  time.Time `json:"start"`
	Sent   int       `json:"sent"`
}

func (d demoState) done() bool { return d.Sent >= d.Events }

// startDemo streams the chain into Kafka like any other producer.
func (s *stack) startDemo() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.runDemo(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("the demo stopped", "error", err)
		}
	}()
	s.onStop("demo", func(context.Context) {
		cancel()
		<-done
	})
}

func (s *stack) runDemo(ctx context.Context) error {
	path := filepath.Join(s.cfg.Data, demoFile)
	state, err := loadDemo(path)
	if errors.Is(err, fs.ErrNotExist) {
		state = demoState{Seed: 1, Days: simulate.DefaultDays, Events: s.o.demoEvents}
		state.Start = s.p.clock().UTC().AddDate(0, 0, -state.Days).Truncate(time.Hour)
		err = state.save(path)
	}
	if err != nil {
		return err
	}
	if state.done() {
		s.log.Info("the demo is in already", "events", state.Events, "start", state.Start, "to stream another one", "give another --data")
		return nil
	}
	chain, err := simulate.New(simulate.Options{Seed: state.Seed, Days: state.Days, Events: state.Events, Start: state.Start})
	if err != nil {
		return err
	}
	producer := kafka.NewProducer(kafka.Options{Cluster: s.cfg.Kafka.Cluster(), Topic: s.cfg.Kafka.EventsTopic})
	defer producer.Close()
	d := demo{state: state, path: path, send: producer.Send, progress: newDemoProgress(s.p.stderr, state)}
	defer d.progress.end()
	return d.stream(ctx, chain)
}

// demo is one run of the stream.
type demo struct {
	state    demoState
	path     string
	send     func(context.Context, []pipeline.OutMessage) error
	progress *demoProgress
}

func (d *demo) stream(ctx context.Context, chain *simulate.Chain) error {
	batch := make([]pipeline.OutMessage, 0, demoBatch)
	skip := d.state.Sent
	for event := range chain.Events {
		if skip > 0 {
			skip--
			continue
		}
		value, err := json.Marshal(event)
		if err != nil {
			return err
		}
		batch = append(batch, pipeline.OutMessage{Key: []byte(event.ID), Value: value})
		if len(batch) == demoBatch {
			if err := d.flush(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if err := d.flush(ctx, batch); err != nil {
		return err
	}
	d.state.Sent = d.state.Events // whatever the chain's own count was: this is all of it
	return d.state.save(d.path)
}

// flush sends a batch until it is acknowledged; a repetition is harmless, for
// the ids are the same.
func (d *demo) flush(ctx context.Context, batch []pipeline.OutMessage) error {
	if len(batch) == 0 {
		return ctx.Err()
	}
	for {
		err := d.send(ctx, batch)
		if err == nil {
			break
		}
		d.progress.note(err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	d.state.Sent += len(batch)
	d.progress.show(d.state.Sent)
	return d.state.save(d.path)
}

func loadDemo(path string) (demoState, error) {
	var d demoState
	text, err := os.ReadFile(path)
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(text, &d); err != nil {
		return d, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

// save replaces the file as a whole: a kill leaves the old one or the new one.
func (d demoState) save(path string) error {
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
