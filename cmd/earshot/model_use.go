package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/pipeline/registry"
	"earshot/sentiment/model"
	"earshot/sinks/clickhouse"
)

func (p *program) modelUseCommand() *cobra.Command {
	var by, note string
	cmd := &cobra.Command{
		Use:   "use VERSION|FILE|base",
		Short: "Put a model in place for all workers with analysis.model auto",
		Long: `Records the model in the table models and puts it in place: workers with analysis.model
auto take it at their next look (analysis.model_poll), between two batches, without a
restart. VERSION is one of ` + "`earshot model history`" + ` or its beginning, FILE one of earshot
model train or adapt, base the shipped model. It is the model of English; those of other
languages are files of analysis.models.

What a person put in place is left alone by the automatic adapting until 150 rated
events have come in after it.`,
		Example: `  earshot model use ours.model --note "trained on the reviews of 2025"
  earshot model use base`,
		Args: cobra.ExactArgs(1),
	}
	addWho(cmd, &by, &note)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		by, err := operator(by, note)
		if err != nil {
			return err
		}
		if args[0] == "vader" || args[0] == autoModel {
			return usagef("%s is no learned model: set analysis.model to it", args[0])
		}
		return p.onModelLog(cmd, func(ctx context.Context, cfg config.Config, log *clickhouse.ModelLog) error {
			m, err := loadModel(ctx, cfg, args[0])
			if err != nil {
				return err
			}
			if !forEnglish(m) {
				return usagef("%s is a model for %s; the one in place is that of English: add the file to analysis.models", args[0], strings.Join(m.Languages, ", "))
			}
			places, err := log.ModelPlaces(ctx)
			if err != nil {
				return err
			}
			artefact, err := artefactOf(args[0], m)
			if err != nil {
				return err
			}
			e := entryOf(m, places, p.clock())
			e.Decision, e.Reason, e.By = registry.PutInPlace, note, by
			return place(ctx, cmd.OutOrStdout(), cfg, log, places, e, artefact)
		})
	}
	return cmd
}

func (p *program) modelRollbackCommand() *cobra.Command {
	var by, note string
	cmd := &cobra.Command{
		Use:   "rollback",
		Short: "Go back to the model that was in place before",
		Long: `Puts the version in place that was before the current one, for all workers with
analysis.model auto. Done again, it goes back further, to the shipped model in the end.
The automatic adapting leaves it alone until 150 rated events have come in after it.`,
		Example: `  earshot model rollback --note "calls irony praise"`,
		Args:    cobra.NoArgs,
	}
	addWho(cmd, &by, &note)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		by, err := operator(by, note)
		if err != nil {
			return err
		}
		return p.onModelLog(cmd, func(ctx context.Context, cfg config.Config, log *clickhouse.ModelLog) error {
			places, err := log.ModelPlaces(ctx)
			if err != nil {
				return err
			}
			m, err := before(ctx, log, places)
			if err != nil {
				return err
			}
			artefact, err := artefactOf(m.Version, m)
			if err != nil {
				return err
			}
			e := entryOf(m, places, p.clock())
			e.Decision, e.Reason, e.By = registry.RolledBack, note, by
			return place(ctx, cmd.OutOrStdout(), cfg, log, places, e, artefact)
		})
	}
	return cmd
}

func addWho(cmd *cobra.Command, by, note *string) {
	cmd.Flags().StringVar(by, "by", "", "who does it (default: the user of this machine)")
	cmd.Flags().StringVar(note, "note", "", "why")
}

// before is the model that a rollback goes to.
func before(ctx context.Context, store storedModels, places []registry.Entry) (*model.Model, error) {
	base, err := model.Base()
	if err != nil {
		return nil, err
	}
	stack := registry.Places(places)
	switch n := len(stack); {
	case n >= 2:
		return modelOf(ctx, store, stack[n-2].Version)
	case n == 1 && stack[0].Version != base.Version:
		return base, nil
	}
	return nil, fmt.Errorf("the shipped model %s is in place: there is none before it", base.Version)
}

// entryOf says of a model what is known of it.
func entryOf(m *model.Model, places []registry.Entry, now time.Time) registry.Entry {
	e := registry.Entry{Version: m.Version, Parent: m.Base, Kind: registry.Train, MadeAt: now, Rows: m.Examples}
	if len(m.Languages) == 1 {
		e.Language = m.Languages[0]
	}
	if base, err := model.Base(); err == nil && base.Version == m.Version {
		e.Kind = registry.Base
	}
	for _, known := range places {
		if known.Version == m.Version {
			e.Kind, e.MadeAt, e.From, e.To = known.Kind, known.MadeAt, known.From, known.To
		}
	}
	return e
}

// place records a choice and says what follows from it.
func place(ctx context.Context, w io.Writer, cfg config.Config, log *clickhouse.ModelLog, places []registry.Entry, e registry.Entry, artefact []byte) error {
	if last, ok := registry.LastChoice(places); ok && last.Version == e.Version {
		_, err := fmt.Fprintf(w, "model %s is in place already\n", e.Version)
		return err
	}
	if err := log.Append(ctx, e, artefact); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "model %s is in place; workers with analysis.model auto take it within %s\n", e.Version, cfg.Analysis.ModelPoll); err != nil {
		return err
	}
	if cfg.Analysis.Model == autoModel {
		return nil
	}
	_, err := fmt.Fprintf(w, "by this configuration analysis.model is %s: such workers keep that\n", cfg.Analysis.Model)
	return err
}

// artefactOf are the bytes of a model: those of its file, if name is one.
func artefactOf(name string, m *model.Model) ([]byte, error) {
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		return os.ReadFile(name)
	}
	var artefact bytes.Buffer
	err := m.Write(&artefact)
	return artefact.Bytes(), err
}
