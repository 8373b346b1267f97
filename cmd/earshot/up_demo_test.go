package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/simulate"
)

// sentIDs collects the ids that a demo sends.
type sentIDs struct{ ids []string }

func (s *sentIDs) send(ctx context.Context, msgs []pipeline.OutMessage) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, m := range msgs {
		var e pipeline.Event
		if err := json.Unmarshal(m.Value, &e); err != nil {
			return err
		}
		if e.ID == "" || string(m.Key) != e.ID {
			return errors.New("key is not the id")
		}
		s.ids = append(s.ids, e.ID)
	}
	return nil
}

func demoChain(t *testing.T, state demoState) *simulate.Chain {
	t.Helper()
	chain, err := simulate.New(simulate.Options{Seed: state.Seed, Days: state.Days, Events: state.Events, Start: state.Start})
	if err != nil {
		t.Fatal(err)
	}
	return chain
}

func TestDemoGoesOnWhereItWasCut(t *testing.T) {
	path := filepath.Join(t.TempDir(), demoFile)
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	state := demoState{Seed: 1, Days: 30, Events: 5500, Start: start}
	if err := state.save(path); err != nil {
		t.Fatal(err)
	}
	var want []string
	for e := range demoChain(t, state).Events {
		want = append(want, e.ID)
	}

	all := &sentIDs{}
	ctx, cancel := context.WithCancel(t.Context())
	cutting := func(ctx context.Context, msgs []pipeline.OutMessage) error {
		if len(all.ids) >= 2000 {
			cancel()
			return errors.New("the broker is gone")
		}
		return all.send(ctx, msgs)
	}
	first := demo{state: state, path: path, send: cutting, progress: newDemoProgress(io.Discard, state)}
	if err := first.stream(ctx, demoChain(t, state)); !errors.Is(err, context.Canceled) {
		t.Fatalf("cut: %v", err)
	}

	state, err := loadDemo(path)
	if err != nil {
		t.Fatal(err)
	}
	if state.Sent != 2000 || state.done() || !state.Start.Equal(start) {
		t.Fatalf("after the cut: %+v", state)
	}
	second := demo{state: state, path: path, send: all.send, progress: newDemoProgress(io.Discard, state)}
	if err := second.stream(t.Context(), demoChain(t, state)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(all.ids, want) {
		t.Errorf("sent %d messages, the chain has %d", len(all.ids), len(want))
	}
	if state, err = loadDemo(path); err != nil || !state.done() {
		t.Errorf("at the end: %+v, %v", state, err)
	}
}

func TestDemoTriesABatchAgain(t *testing.T) {
	state := demoState{Seed: 1, Days: 30, Events: 1000, Start: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	all, failures := &sentIDs{}, 1
	d := demo{
		state: state, path: filepath.Join(t.TempDir(), demoFile), progress: newDemoProgress(io.Discard, state),
		send: func(ctx context.Context, msgs []pipeline.OutMessage) error {
			if failures--; failures >= 0 {
				return errors.New("an answer was lost")
			}
			return all.send(ctx, msgs)
		},
	}
	if err := d.stream(t.Context(), demoChain(t, state)); err != nil {
		t.Fatal(err)
	}
	if len(all.ids) != 1000 {
		t.Errorf("%d messages", len(all.ids))
	}
}
