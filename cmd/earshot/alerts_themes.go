package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/pipeline"
	"earshot/pipeline/discovery"
	"earshot/pipeline/insight"
	"earshot/sentiment/topic/phrase"
	"earshot/sinks/clickhouse"
)

const (
	themesRecent = 7 * day
	themesPeriod = 35 * day // the recent part and what it is compared with
	themesTexts  = 300_000  // of more a sample is read
	themesFew    = 100      // texts below which a look is repeated soon
	themesRetry  = 10 * time.Minute
	themesPulse  = 10 * time.Second // how soon a watcher that has begun to act looks
)

// themeWatcher looks for new themes beside the other rules, which must not wait
// for it: a look reads weeks of texts.
type themeWatcher struct {
	store *clickhouse.AlertLog
	log   *slog.Logger
	cfg   config.Config
	clock func() time.Time
	leads *atomic.Bool

	analyzer pipeline.Analyzer // made at the first look, as is the judge
	judge    *phrase.Judge
	troubled bool
	found    chan []newTheme // of the latest look that nobody has taken yet
}

// newTheme is what an alert tells, and the other wordings of it.
type newTheme struct {
	insight.Theme
	wordings []string
	growth   insight.Growth
	expected float64
}

func newThemeWatcher(w *alertWatcher, cfg config.Config) *themeWatcher {
	return &themeWatcher{store: w.store, log: w.log, cfg: cfg, clock: w.clock, leads: &w.leads, found: make(chan []newTheme, 1)}
}

// run looks every alerts.themes while this watcher acts, until ctx ends.
func (w *themeWatcher) run(ctx context.Context) error {
	every := w.cfg.Alerts.Themes
	if every == 0 {
		return nil
	}
	ticker := time.NewTicker(min(themesPulse, w.cfg.Alerts.Interval))
	defer ticker.Stop()
	var next time.Time
	for {
		if now := w.clock(); w.leads.Load() && !now.Before(next) {
			next = now.Add(every)
			if texts, err := w.look(ctx, now); err != nil || texts < themesFew {
				next = now.Add(min(every, themesRetry))
				w.tell(ctx, err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// tell logs trouble when it begins.
func (w *themeWatcher) tell(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil && !w.troubled {
		w.log.Warn("new themes are not looked for, trying on", "error", err)
	}
	w.troubled = err != nil
}

// look reads the texts of the last weeks and leaves the new themes to be taken.
func (w *themeWatcher) look(ctx context.Context, now time.Time) (texts int, err error) {
	if err := w.prepare(); err != nil {
		return 0, err
	}
	now = now.UTC()
	recent := now.Add(-themesRecent)
	miner := discovery.New(discovery.Options{Analyzer: w.analyzer, Judge: w.judge, Recent: recent, MinCount: 5})
	f := clickhouse.Filter{Since: now.Add(-themesPeriod), Until: now}
	oneIn, err := w.store.TextSample(ctx, f, themesTexts, miner.Add)
	if err != nil {
		return 0, fmt.Errorf("new themes: %w", err)
	}
	found, err := themesOf(miner)
	if err != nil {
		return 0, fmt.Errorf("new themes: %w", err)
	}
	var themes []newTheme
	for _, row := range found.rows {
		if row.New {
			themes = append(themes, asNewTheme(row, found, oneIn, recent, now))
		}
	}
	w.log.Debug("looked for new themes", "texts", found.Texts, "themes", len(found.rows), "new", len(themes), "took", w.clock().Sub(now))
	select {
	case <-w.found: // nobody has taken those of the look before
	default:
	}
	w.found <- themes
	return found.Texts, nil
}

// asNewTheme words a theme by estimates for all events where a sample was read.
func asNewTheme(row themeRow, found foundThemes, oneIn int, since, until time.Time) newTheme {
	share := float64(found.Recent) / float64(max(found.Texts-found.Recent, 1))
	t := newTheme{
		Theme:  insight.Theme{Name: row.Name, Count: row.Recent * oneIn, Since: since, Until: until, Negative: row.Negative},
		growth: row.Growth, expected: float64(row.Before*oneIn) * share,
	}
	if row.Last != nil {
		t.Until = *row.Last
	}
	for _, p := range row.Phrases {
		t.wordings = append(t.wordings, p.Text)
	}
	return t
}

// prepare makes the analyzer of the configured taxonomy and the judge.
func (w *themeWatcher) prepare() (err error) {
	if w.analyzer != nil {
		return nil
	}
	c := w.cfg.Analysis
	places, err := readPlaces(c)
	if err != nil {
		return err
	}
	opts := pipeline.AnalyzerOptions{Pack: c.Pack, PackDir: c.Packs, Lexicon: c.Lexicon, Places: places}
	name := c.Model
	if name == autoModel {
		name = "base" // which version is in place matters little for shares of negatives
	}
	var modelErr, topicsErr error
	opts.Model, modelErr = readModel(name)
	opts.Topics, topicsErr = readTopicsModel(c.TopicsModel)
	if err := errors.Join(modelErr, topicsErr); err != nil {
		return err
	}
	analyzer, err := pipeline.NewTextAnalyzer(opts)
	if err != nil {
		return err
	}
	if w.judge, err = newJudge(); err != nil {
		return err
	}
	w.analyzer = analyzer
	return nil
}

// themes are the signals of the latest look until they are stored. A theme that is
// known by another of its wordings keeps that name: it is the same alert.
func (w *alertWatcher) themes() []insight.Signal {
	select {
	case w.fresh = <-w.newThemes:
	default:
	}
	var signals []insight.Signal
	for _, t := range w.fresh {
		for _, wording := range t.wordings {
			if _, known := w.known[insight.ThemeSignal(insight.Theme{Name: wording}).Key()]; known {
				t.Name = wording
				break
			}
		}
		s := insight.ThemeSignal(t.Theme)
		s.P, s.Q, s.Expected = t.growth.P, t.growth.Q, t.expected
		signals = append(signals, s)
	}
	return signals
}
