package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/registry"
	"earshot/sentiment/model"
	"earshot/sinks/clickhouse"
)

// modelQueries bounds a question about models: they can wait.
const modelQueries = 2 * time.Minute

// startModels returns the analyzers of the workers and, with analysis.model auto,
// keeps them at the version in place until stop is called.
func (w *workerParts) startModels(ctx context.Context, places *pipeline.Places) (analyzers *pipeline.Exchange, stop func(), err error) {
	topics, err := readTopicsModel(w.cfg.Analysis.TopicsModel)
	if err != nil {
		return nil, nil, fmt.Errorf("analysis.topics_model: %w", err)
	}
	build := func(m *model.Model) (pipeline.Analyzer, error) {
		opts := pipeline.AnalyzerOptions{
			Pack: w.cfg.Analysis.Pack, PackDir: w.cfg.Analysis.Packs, Lexicon: w.cfg.Analysis.Lexicon, Places: places, Model: m, Topics: topics,
		}
		if err := otherLanguages(&opts, w.cfg.Analysis.Models); err != nil {
			return nil, fmt.Errorf("analysis.models: %w", err)
		}
		return pipeline.NewTextAnalyzer(opts)
	}
	if w.cfg.Analysis.Model == autoModel {
		return w.keepModels(ctx, build)
	}
	m, err := readModel(w.cfg.Analysis.Model)
	if err != nil {
		return nil, nil, fmt.Errorf("analysis.model: %w", err)
	}
	analyzer, err := build(m)
	if err != nil {
		return nil, nil, err
	}
	version := w.cfg.Analysis.Model
	if m != nil {
		version = m.Version
	}
	w.tel.SetModel(version, false)
	return pipeline.NewExchange(analyzer), func() {}, nil
}

// keepModels starts with the version in place and looks for others beside the
// workers, and adapts the model now and then.
func (w *workerParts) keepModels(ctx context.Context, build func(*model.Model) (pipeline.Analyzer, error)) (*pipeline.Exchange, func(), error) {
	store, err := clickhouse.OpenModelLog(w.cfg.ClickHouse.Server(), modelQueries)
	if err != nil {
		return nil, nil, err
	}
	k := &modelKeeper{store: store, build: build, tell: w.tel.SetModel, log: w.log}
	if err := k.start(ctx); err != nil {
		_ = store.Close() // nothing was written
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { k.run(ctx, w.cfg.Analysis.ModelPoll) })
	if w.cfg.Analysis.Adapt > 0 {
		a := newModelAdapter(store, w.cfg.Analysis, w.tel, w.log)
		running.Go(func() { a.run(ctx, w.cfg.Analysis.ModelPoll) })
	}
	return k.analyzers, func() {
		cancel()
		running.Wait()
		_ = store.Close() // nothing is buffered
	}, nil
}

// modelKeeper keeps the workers' analyzer at the version in place.
type modelKeeper struct {
	store     storedModels
	build     func(*model.Model) (pipeline.Analyzer, error)
	tell      func(version string, behind bool)
	log       *slog.Logger
	analyzers *pipeline.Exchange

	version  string // that scores
	refused  string // version in place that cannot be used
	troubled bool   // the store did not answer
}

// start takes the version in place. Where that cannot be used it takes the one
// before, which a worker that runs already goes on with; the shipped model is the
// last resort.
func (k *modelKeeper) start(ctx context.Context) error {
	places, err := k.store.ModelPlaces(ctx)
	if err != nil {
		return fmt.Errorf("analysis.model auto: %w", err)
	}
	stack := registry.Places(places)
	for i := len(stack) - 1; i >= 0; i-- {
		err := k.take(ctx, stack[i].Version)
		if err == nil {
			k.log.Info("sentiment model", "version", k.version, "decision", stack[i].Decision, "by", stack[i].By)
			return nil
		}
		if !badModel(err) {
			return fmt.Errorf("analysis.model auto: %w", err)
		}
		k.refuse(stack[i].Version, err)
	}
	base, err := model.Base()
	if err != nil {
		return err
	}
	if len(stack) == 0 {
		k.log.Info("no model is in place by the table models: the shipped one scores", "version", base.Version)
	}
	return k.use(base)
}

// run looks every interval until ctx ends.
func (k *modelKeeper) run(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := k.look(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil && !k.troubled {
			k.log.Warn("no look for another sentiment model, trying on", "version", k.version, "error", err)
		}
		k.troubled = err != nil
	}
}

// look takes another version if one is in place. What cannot be used is said once
// and leaves all as it is.
func (k *modelKeeper) look(ctx context.Context) error {
	places, err := k.store.ModelPlaces(ctx)
	if err != nil {
		return err
	}
	last, ok := registry.LastChoice(places)
	switch {
	case !ok || last.Version == k.refused:
		return nil
	case last.Version == k.version:
		if k.refused != "" { // somebody went back to it
			k.refused = ""
			k.tell(k.version, false)
		}
		return nil
	}
	before := k.version
	if err := k.take(ctx, last.Version); err != nil {
		if !badModel(err) {
			return err
		}
		k.refused = ""
		k.refuse(last.Version, err)
		k.tell(k.version, true)
		return nil
	}
	k.refused = ""
	k.tell(k.version, false)
	k.log.Info("sentiment model changed", "version", k.version, "before", before, "decision", last.Decision, "by", last.By)
	return nil
}

// badModel tells a model that no try will make one from a store that does not answer.
func badModel(err error) bool {
	return errors.Is(err, model.ErrFormat) || errors.Is(err, clickhouse.ErrNoArtefact)
}

// refuse says once that a version cannot be used; the newest one is remembered.
func (k *modelKeeper) refuse(version string, err error) {
	if k.refused == "" {
		k.refused = version
	}
	k.log.Error("a model of the table models cannot be used, the one before it scores", "version", version, "error", err)
}

// take loads a version and makes it the one that scores.
func (k *modelKeeper) take(ctx context.Context, version string) error {
	m, err := modelOf(ctx, k.store, version)
	if err != nil {
		return err
	}
	return k.use(m)
}

func (k *modelKeeper) use(m *model.Model) error {
	analyzer, err := k.build(m)
	if err != nil {
		return err
	}
	if k.analyzers == nil {
		k.analyzers = pipeline.NewExchange(analyzer)
	} else {
		k.analyzers.Put(analyzer)
	}
	k.version = m.Version
	k.tell(k.version, k.refused != "")
	return nil
}
