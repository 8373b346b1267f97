package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/pipeline/insight"
	"earshot/sinks/clickhouse"
	"earshot/sinks/notify"
)

// receiver answers as it is told, and keeps what it took.
type receiver struct {
	mu     sync.Mutex
	answer func(m notify.Message) error
	took   []string
}

func (*receiver) Name() string { return "webhook" }

func (r *receiver) Send(_ context.Context, m notify.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.answer(m)
	if err == nil {
		r.took = append(r.took, m.Alert.ID)
	}
	return err
}

// A target that is away longer than patience lasts is told when it is back; what it cannot
// take holds nothing else up, and what it refuses is given up.
func TestAlertsWaitForTheirTarget(t *testing.T) {
	a := newAnswers(t)
	store, err := clickhouse.OpenAlertLog(clickhouse.At(a.url), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }() // nothing is buffered
	now := time.Now().UTC().Truncate(time.Millisecond)
	var ids []string
	for i, age := range []time.Duration{24*time.Hour - 10*time.Minute, 3 * time.Hour, 2 * time.Hour, time.Hour} {
		at := now.Add(-age)
		changes := insight.Advance(map[string]insight.Alert{}, []insight.Signal{{Kind: insight.KindCrisis, Cell: insight.Cell{Location: string(rune('a' + i))},
			Since: at, Until: at, Observed: 30, P: 1e-9}}, insight.AlertPolicy{Cooldown: time.Hour}, at)
		if err := store.Append(t.Context(), changes, at); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, changes[0].Alert.ID)
	}
	w := &alertWatcher{store: store, log: slog.New(slog.DiscardHandler), clock: time.Now, cfg: config.Alerts{}}
	w.leads.Store(true)
	down := errors.New("connection refused")
	hook := &receiver{answer: func(notify.Message) error { return down }}
	c := &courier{watcher: w, target: hook, patience: notify.Patience{Attempts: 2, Timeout: time.Second}, noted: map[string]bool{}, waiting: map[string]bool{}}
	if err := c.empty(t.Context()); !errors.Is(err, down) {
		t.Errorf("away: %v", err)
	}
	a.outcomes(store, ids, "failed", "waiting", "waiting", "") // the first is too old to wait; two in a row are enough
	hook.answer = func(m notify.Message) error {
		switch m.Alert.ID {
		case ids[1]:
			return down
		case ids[2]:
			return &notify.PermanentError{Err: errors.New("no")}
		}
		return nil
	}
	if err := c.empty(t.Context()); !errors.Is(err, down) {
		t.Errorf("one cannot be told: %v", err)
	}
	a.outcomes(store, ids, "failed", "waiting", "failed", "sent")
	hook.answer = func(notify.Message) error { return nil }
	for range 2 {
		if err := c.empty(t.Context()); err != nil {
			t.Error(err)
		}
	}
	a.outcomes(store, ids, "failed", "sent", "failed", "sent")
	if want := []string{ids[3], ids[1]}; !slices.Equal(hook.took, want) {
		t.Errorf("told %q, want %q", hook.took, want)
	}
}

// outcomes compares how telling of the alerts stands; empty: nobody tried.
func (a *answers) outcomes(store *clickhouse.AlertLog, ids []string, want ...string) {
	a.t.Helper()
	for i, id := range ids {
		_, deliveries, err := store.AlertHistory(a.t.Context(), id)
		if err != nil {
			a.t.Fatal(err)
		}
		var got []string
		for _, d := range deliveries {
			got = append(got, d.Outcome)
		}
		if want[i] == "" && len(got) > 0 || want[i] != "" && !slices.Equal(got, []string{want[i]}) {
			a.t.Errorf("alert %d: %q, want %q", i, got, want[i])
		}
	}
}
