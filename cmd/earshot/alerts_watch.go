package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"earshot/cmd/earshot/config"
	"earshot/pipeline/insight"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
	"earshot/sinks/notify"
)

const (
	trendsEvery  = 15 * time.Minute
	seasonsEvery = 10 * time.Minute // and anew before a crisis is raised
	knownEvery   = time.Minute
	knownLimit   = 10_000
)

func (p *program) alertsWatchCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "watch",
		Short: "Look for alerts and tell everybody, until Ctrl-C",
		Long: `Asks ClickHouse every few seconds (alerts.interval) for public negatives, every quarter
of an hour for trends, every alerts.themes for new themes that no topic covers, and
tells Kafka, webhook and e-mail of what has changed. It keeps
nothing in memory that matters: it can be stopped and started at any time. Several may
run; one acts, and another takes over 20 s after it fell silent. ` + "`earshot up`" + ` runs one
unless alerts.watch is false.`,
		Example: `  earshot alerts watch
  EARSHOT_ALERTS_WEBHOOK_URL=https://hooks.example.com/earshot earshot alerts watch`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.config(cmd)
			if err != nil {
				return err
			}
			ctx, log := cmd.Context(), newLogger(cfg.Log, p.stderr)
			if len(cfg.Kafka.Brokers) > 0 {
				if err := kafka.EnsureTopics(ctx, cfg.Kafka.Cluster(), topicSpecs(cfg)); err != nil {
					return err
				}
			} else {
				log.Warn("no Kafka is configured: alerts are not sent to " + alertsTopic)
			}
			return p.watchAlerts(ctx, cfg, log)
		},
	}
}

// watchAlerts runs a watcher and its couriers until ctx ends.
func (p *program) watchAlerts(ctx context.Context, cfg config.Config, log *slog.Logger) error {
	store, err := openAlertLog(cfg)
	if err != nil {
		return clickhouseError(err)
	}
	defer func() { _ = store.Close() }() // nothing is buffered
	targets, closer := alertTargets(cfg, p.clock)
	defer func() { _ = closer.Close() }() // every message was waited for
	names, err := complaintNames(cfg)
	if err != nil {
		return err
	}
	w := &alertWatcher{
		names: names,
		store: store, log: log, cfg: cfg.Alerts, clock: p.clock,
		name: fmt.Sprintf("%s/%d/%d", hostname(), os.Getpid(), time.Now().UnixNano()), started: time.Now(),
	}
	var source *kafka.Source
	if len(cfg.Kafka.Brokers) > 0 {
		source = kafka.NewSource(kafka.Options{Cluster: cfg.Kafka.Cluster()})
		defer source.Close()
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, target := range targets {
		c := &courier{watcher: w, target: target, source: source, quiet: cfg.Alerts.Quiet(), patience: notify.DefaultPatience(), rest: courierRest}
		group.Go(func() error { return c.run(ctx) })
	}
	themes := newThemeWatcher(w, cfg)
	w.newThemes = themes.found
	group.Go(func() error { return themes.run(ctx) })
	group.Go(func() error { return w.run(ctx) })
	return group.Wait()
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

// alertWatcher looks for alerts. Its state can be lost at any time: the alerts
// are in the store.
type alertWatcher struct {
	store   *clickhouse.AlertLog
	log     *slog.Logger
	cfg     config.Alerts
	clock   func() time.Time
	name    string
	started time.Time
	names   map[string]string // of complaints by topic

	leads     atomic.Bool // this watcher is the one that acts
	ledFrom   atomic.Int64
	troubled  bool
	known     map[string]insight.Alert // latest of each key
	knownAt   time.Time
	seasons   []insight.Season
	seasonsAt time.Time
	trendsAt  time.Time
	newThemes <-chan []newTheme // nil: nobody looks for them
	fresh     []newTheme        // of the latest look, not stored yet
}

// run looks every interval until ctx ends; trouble is logged when it begins and
// when it ends.
func (w *alertWatcher) run(ctx context.Context) error {
	ticker := time.NewTicker(w.cfg.Interval)
	defer ticker.Stop()
	for {
		err := w.look(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !w.troubled {
			w.log.Warn("alerts are not looked for, trying on", "error", err)
		} else if err == nil && w.troubled {
			w.log.Info("alerts are looked for again")
		}
		w.troubled = err != nil
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// look is one round: whose turn it is, what stands out, what has changed.
func (w *alertWatcher) look(ctx context.Context) error {
	leads, err := w.store.Lead(ctx, w.name, w.started)
	if err != nil || !leads {
		w.leads.Store(false)
		return err
	}
	now := w.clock().UTC().Truncate(time.Millisecond)
	if !w.leads.Swap(true) {
		w.known = nil
		w.ledFrom.Store(now.UnixMilli())
		w.log.Debug("this watcher acts", "watcher", w.name)
	}
	if err := w.learn(ctx, now); err != nil {
		return err
	}
	signals, err := w.crisis(ctx, now)
	if err != nil {
		return err
	}
	if now.Sub(w.trendsAt) >= trendsEvery {
		trends, err := w.trends(ctx, now)
		if err != nil {
			return err
		}
		signals, w.trendsAt = append(signals, trends...), now
	}
	signals = append(signals, w.themes()...)
	changes := insight.Advance(w.known, signals, insight.AlertPolicy{Cooldown: w.cfg.Cooldown}, now)
	if err := w.store.Append(ctx, changes, now); err != nil {
		w.known = nil // nobody knows what was stored
		return err
	}
	w.fresh = nil
	for _, c := range changes {
		if c.What != insight.ChangeUpdated {
			w.log.Info("alert", "change", c.What, "id", c.Alert.ID, "alert", c.Alert.Sentence)
		}
	}
	return nil
}

// learn reads the alerts that signals may continue.
func (w *alertWatcher) learn(ctx context.Context, now time.Time) error {
	if w.known != nil && now.Sub(w.knownAt) < knownEvery {
		return nil
	}
	back := max(w.cfg.Cooldown, 48*time.Hour)
	alerts, err := w.store.Alerts(ctx, clickhouse.AlertFilter{Since: now.Add(-back)}, knownLimit)
	if err != nil {
		return err
	}
	w.known, w.knownAt = map[string]insight.Alert{}, now
	for _, a := range alerts {
		if latest, ok := w.known[a.Key]; !ok || a.RaisedAt.After(latest.RaisedAt) {
			w.known[a.Key] = a
		}
	}
	return nil
}

// crisis asks for public negatives. What looks like a burst is compared with
// what is usual once more, by what is stored now: history may just have come in.
func (w *alertWatcher) crisis(ctx context.Context, now time.Time) ([]insight.Signal, error) {
	beats, err := w.store.PublicBeats(ctx, now)
	if err != nil {
		return nil, err
	}
	if len(beats) == 0 {
		return nil, nil
	}
	if now.Sub(w.seasonsAt) >= seasonsEvery {
		if err := w.season(ctx, now); err != nil {
			return nil, err
		}
	}
	signals := insight.Crisis(beats, w.seasons)
	if len(signals) == 0 || w.seasonsAt.Equal(now) {
		return signals, nil
	}
	if err := w.season(ctx, now); err != nil {
		return nil, err
	}
	return insight.Crisis(beats, w.seasons), nil
}

func (w *alertWatcher) season(ctx context.Context, now time.Time) (err error) {
	w.seasons, err = w.store.PublicSeasons(ctx, now)
	w.seasonsAt = now
	return err
}

// trends compares the last day and the last week with those before. What a spike told
// of is not told again as part of its week.
func (w *alertWatcher) trends(ctx context.Context, now time.Time) ([]insight.Signal, error) {
	const week = 7 * day
	cells, err := w.store.TrendCells(ctx, now, day)
	if err != nil {
		return nil, err
	}
	spikes := insight.Trends(insight.KindSpike, cells, now.Add(-day), now)
	if cells, err = w.store.TrendCells(ctx, now, week); err != nil {
		return nil, err
	}
	rising := insight.Trends(insight.KindRising, cells, now.Add(-week), now)
	told, err := w.store.Alerts(ctx, clickhouse.AlertFilter{Since: now.Add(-week), Kind: string(insight.KindSpike)}, knownLimit)
	if err != nil {
		return nil, err
	}
	var bursts []insight.Burst
	for _, a := range told {
		bursts = append(bursts, insight.Burst{Cell: a.Cell, Complaints: a.Count})
	}
	for _, s := range spikes {
		bursts = append(bursts, insight.Burst{Cell: s.Cell, Complaints: s.Observed})
	}
	signals := append(spikes, insight.BeyondBursts(rising, bursts)...)
	for i := range signals {
		signals[i].Name = w.names[signals[i].Cell.Topic]
	}
	return signals, nil
}
