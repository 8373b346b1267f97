package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/internal/telemetry"
	"earshot/pipeline/insight"
	"earshot/pipeline/rated"
	"earshot/pipeline/registry"
	"earshot/sentiment/model"
	"earshot/sinks/clickhouse"
)

const (
	adapterName = "earshot" // who adapts by itself, in the table models
	adaptSpan   = 90 * day  // feedback older than this says little of what comes
	roundSettle = time.Second
)

// modelAdapter makes rounds of adapting beside the workers: of all processes one
// makes each. What it needs lies in the store, so that it can be stopped at any time.
type modelAdapter struct {
	store *clickhouse.ModelLog
	every time.Duration
	name  string
	now   func() time.Time
	count func(telemetry.Round)
	log   *slog.Logger

	owed     bool // a round began and is not done
	troubled bool
}

func newModelAdapter(store *clickhouse.ModelLog, cfg config.Analysis, tel *telemetry.Telemetry, log *slog.Logger) *modelAdapter {
	return &modelAdapter{
		store: store, every: cfg.Adapt, now: time.Now, count: tel.CountRound, log: log,
		name: fmt.Sprintf("%s/%d/%d", hostname(), os.Getpid(), time.Now().UnixNano()),
	}
}

// run asks every now and then whether a round is due, until ctx ends. Trouble is
// logged when it begins and never ends more than the round.
func (a *modelAdapter) run(ctx context.Context, look time.Duration) {
	ticker := time.NewTicker(min(look, a.every))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := a.turn(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil && !a.troubled {
			a.count(telemetry.RoundFailed)
			a.log.Warn("the sentiment model is not adapted, trying on", "error", err)
		}
		a.troubled = err != nil
	}
}

// turn makes a round if one is due and this process is the one to make it.
func (a *modelAdapter) turn(ctx context.Context) error {
	if !a.owed {
		mine, err := a.store.BeginRound(ctx, a.name, a.every, min(roundSettle, a.every/4))
		if err != nil || !mine {
			return err
		}
	}
	a.owed = true
	var err error
	inBackground(func() { err = a.round(ctx) })
	a.owed = err != nil
	return err
}

// round adapts the model in place to what came in since it was made, and records
// what became of it. A panic costs the round alone.
func (a *modelAdapter) round(ctx context.Context) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	places, err := a.store.ModelPlaces(ctx)
	if err != nil {
		return err
	}
	plan := registry.NextPlan(places, adapterName)
	current, err := a.current(ctx, plan)
	if err != nil {
		return err
	}
	events, err := a.news(ctx, plan)
	if err != nil || len(events) == 0 {
		return err
	}
	m, result, err := adaptTo(ctx, events, current)
	if err != nil {
		return err
	}
	if len(result.Report.Tried) == 0 {
		a.log.Debug("too few rated events to adapt the sentiment model to", "events", len(events))
		return nil
	}
	e := result.entry(events, current)
	e.MadeAt = a.now()
	if e.Decision == registry.Refused {
		a.count(telemetry.RoundRefused)
		a.log.Info("sentiment model kept", "version", current.Version, "events", e.Rows, "reason", e.Reason)
		return a.store.Append(ctx, e, nil)
	}
	return a.adopt(ctx, e, m, plan)
}

func (a *modelAdapter) current(ctx context.Context, plan registry.Plan) (*model.Model, error) {
	if plan.Current == "" {
		return model.Base()
	}
	return modelOf(ctx, &a.store.Reader, plan.Current)
}

// news are the rated events to learn from; none if nothing came in since the last
// refusal, or too little since a person's choice.
func (a *modelAdapter) news(ctx context.Context, plan registry.Plan) ([]rated.Event, error) {
	latest, err := a.store.Models(ctx, 1)
	if err != nil {
		return nil, err
	}
	events, err := ratedEvents(ctx, &a.store.Reader, clickhouse.Filter{Since: a.now().Add(-adaptSpan)})
	if err != nil {
		return nil, err
	}
	events = rated.After(events, plan.After)
	if came := len(rated.After(events, plan.Held)); !plan.Held.IsZero() && came < registry.HeldEvents {
		a.log.Debug("a person chose the sentiment model: it is left alone for a while", "version", plan.Current, "events", came, "of", registry.HeldEvents)
		return nil, nil
	}
	if len(latest) == 1 && latest[0].Decision == registry.Refused && latest[0].To != nil && len(rated.After(events, *latest[0].To)) == 0 {
		return nil, nil
	}
	return events, nil
}

// adopt puts a candidate in place, unless somebody chose another model meanwhile.
func (a *modelAdapter) adopt(ctx context.Context, e registry.Entry, m *model.Model, plan registry.Plan) error {
	places, err := a.store.ModelPlaces(ctx)
	if err != nil {
		return err
	}
	if last, _ := registry.LastChoice(places); last.Version != plan.Current {
		return errors.New("another model was put in place during the round")
	}
	artefact, err := artefactOf("", m)
	if err != nil {
		return err
	}
	if err := a.store.Append(ctx, e, artefact); err != nil {
		return err
	}
	a.count(telemetry.RoundAdopted)
	a.log.Info("sentiment model adapted", "version", e.Version, "parent", e.Parent, "events", e.Rows, "reason", e.Reason)
	return nil
}

// entry is the line of the log that an adaptation makes.
func (a *adaptation) entry(events []rated.Event, current *model.Model) registry.Entry {
	from, to := events[0].At, events[len(events)-1].At
	r := a.Report
	last := r.Tried[len(r.Tried)-1]
	e := registry.Entry{
		Decision: registry.Refused, Parent: current.Version, Language: adaptLanguage,
		Rows: r.Examples, From: &from, To: &to, Judged: last.Judged,
		Current:   accuracyOf(r.Base.Accuracy(), r.Base.Total()),
		Candidate: accuracyOf(r.Base.Accuracy()+float64(last.Gain)/float64(max(1, last.Judged)), last.Judged),
		By:        adapterName, Reason: trialsText(r.Tried), Kind: kindOf(last.Method),
	}
	if r.Method != model.Kept {
		e.Decision, e.Version, e.Kind = registry.Adopted, a.Version, kindOf(r.Method)
		e.Judged, e.Candidate = r.Adapted.Total(), accuracyOf(r.Adapted.Accuracy(), r.Adapted.Total())
	}
	return e
}

func kindOf(m model.Method) registry.Kind {
	if m == model.Recalibrated {
		return registry.Recalibrate
	}
	return registry.Adapt
}

// accuracyOf is a share of n texts with its interval.
func accuracyOf(share float64, n int) registry.Accuracy {
	low, high := insight.Wilson(int(math.Round(share*float64(n))), n)
	return registry.Accuracy{Value: share, Low: low, High: high}
}

// trialsText says how the candidates did against the model in place.
func trialsText(tried []model.Trial) string {
	parts := make([]string, len(tried))
	for i, t := range tried {
		parts[i] = fmt.Sprintf("%s: %+d of %d later events right, likelihood better by %.1f standard errors", t.Method, t.Gain, t.Judged, t.Sigma)
	}
	return strings.Join(parts, "; ")
}
