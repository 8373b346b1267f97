package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/pipeline/registry"
	"earshot/sentiment/model"
	"earshot/sinks/clickhouse"
)

// autoModel is the name of the version in place by the table models.
const autoModel = "auto"

// storedModels are the models in the store.
type storedModels interface {
	ModelPlaces(ctx context.Context) ([]registry.Entry, error)
	ModelArtefact(ctx context.Context, beginning string) (version string, artefact []byte, err error)
}

// onStore asks the store for what lies between the bounds of span.
func (p *program) onStore(cmd *cobra.Command, span *timeRange, ask func(context.Context, *clickhouse.Reader, clickhouse.Filter) error) error {
	var f clickhouse.Filter
	var err error
	if f.Since, f.Until, err = span.bounds(p.clock()); err != nil {
		return err
	}
	reader, err := p.reader(cmd)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }() // it only reads
	return readError(ask(cmd.Context(), reader, f))
}

// onModelLog opens the log of models to write to it.
func (p *program) onModelLog(cmd *cobra.Command, do func(context.Context, config.Config, *clickhouse.ModelLog) error) error {
	cfg, err := p.config(cmd)
	if err != nil {
		return err
	}
	if err := cfg.RequireClickHouse(); err != nil {
		return err
	}
	log, err := clickhouse.OpenModelLog(cfg.ClickHouse.Server(), cfg.Serve.QueryTimeout)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // what is stored is stored
	return readError(do(cmd.Context(), cfg, log))
}

var versionLike = regexp.MustCompile(`^[0-9a-f]{4,12}$`)

// loadModel is readModel that also takes auto and versions of the table models, for
// which it asks the store.
func loadModel(ctx context.Context, cfg config.Config, name string) (*model.Model, error) {
	_, missing := os.Stat(name)
	if name != autoModel && (missing == nil || !versionLike.MatchString(name)) {
		return readModel(name)
	}
	if m, err := model.Base(); err != nil || m.Version == name {
		return m, err
	}
	reader, err := openReader(cfg, cfg.Serve.QueryTimeout)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	defer func() { _ = reader.Close() }() // it only reads
	if name != autoModel {
		return modelOf(ctx, reader, name)
	}
	places, err := reader.ModelPlaces(ctx)
	if err != nil {
		return nil, readError(err)
	}
	if e, ok := registry.LastChoice(places); ok {
		return modelOf(ctx, reader, e.Version)
	}
	return model.Base()
}

// modelOf loads the version that begins like that.
func modelOf(ctx context.Context, store storedModels, beginning string) (*model.Model, error) {
	base, err := model.Base()
	if err != nil || base.Version == beginning {
		return base, err
	}
	version, data, err := store.ModelArtefact(ctx, beginning)
	if errors.Is(err, clickhouse.ErrNoArtefact) {
		return nil, fmt.Errorf("model %w; see `earshot model history`, or take --model base if another release shipped it", err)
	}
	if err != nil {
		return nil, fmt.Errorf("model %w", err)
	}
	m, err := model.Read(data)
	if err != nil {
		return nil, fmt.Errorf("model %s of the table models: %w", version, err)
	}
	if m.Version != version {
		return nil, fmt.Errorf("model %s of the table models: %w: its card says %.40q", version, model.ErrFormat, m.Version)
	}
	return m, nil
}

// operator is who does something: by or, if that is empty, the user of this machine.
func operator(by, note string) (string, error) {
	if by == "" {
		if me, err := user.Current(); err == nil {
			by = me.Username
		}
	}
	if by = strings.TrimSpace(by); by == "" || len(by) > 200 || len(note) > 2000 {
		return "", usagef("--by names who takes it, in 200 bytes; --note has 2000 at the most")
	}
	return by, nil
}
