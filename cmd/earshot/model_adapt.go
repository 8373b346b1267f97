package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"earshot/pipeline/rated"
	"earshot/sentiment/model"
	"earshot/sinks/clickhouse"
	"earshot/sinks/export"
)

// adaptEvents is how many of the newest rated events a model adapts to: as many as
// take half a minute.
const adaptEvents = 20_000

func (p *program) modelAdaptCommand() *cobra.Command {
	var out, from string
	var fromStore, dryRun, asJSON bool
	cmd := &cobra.Command{
		Use:   "adapt --from-clickhouse",
		Short: "Adapt the sentiment model to the stars, CSAT and NPS of the stored feedback",
		Long: `Learns from stored English feedback that came with stars, CSAT or NPS, oldest first: with
30 events and more the shipped model is recalibrated, with 200 and more it is trained on.
What it becomes is judged on events later than those it learned from, and is taken only if it
does better than the model it started from; else nothing is written.

No one can move it alone: of a customer the 3 newest events count, of a text 2, and a channel
with more than 200 events has half of the weight at the most.`,
		Example: `  earshot model adapt --from-clickhouse --dry-run
  earshot model adapt --from-clickhouse --since 90d --out ours.model`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	span := addTimeRange(flags, "90d")
	flags.BoolVar(&fromStore, "from-clickhouse", false, "learn from the stored feedback")
	flags.StringVar(&from, "base", "base", "model to start from: base (the shipped one), a `FILE` of earshot model train, a version of earshot model history or auto (the one in place)")
	flags.StringVar(&out, "out", "", "file to write the model to")
	flags.BoolVar(&dryRun, "dry-run", false, "tell what would come out, write nothing")
	flags.BoolVar(&asJSON, "json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if !fromStore {
			return usagef("--from-clickhouse is missing: say where the ratings come from")
		}
		if out == "" && !dryRun {
			return usagef("--out FILE is missing: where to write the model (or --dry-run)")
		}
		if err := checkOutput("--out", out); err != nil {
			return err
		}
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		base, err := loadModel(cmd.Context(), cfg, from)
		if err != nil {
			return err
		}
		if base == nil {
			return usagef("--base %s: adapting starts from a learned model", from)
		}
		return p.onStore(cmd, span, func(ctx context.Context, reader *clickhouse.Reader, f clickhouse.Filter) error {
			events, err := ratedEvents(ctx, reader, f)
			if err != nil {
				return err
			}
			m, result, err := adaptTo(ctx, events, base)
			if err != nil {
				return err
			}
			if m != base && !dryRun {
				if err := export.File(out, m.Write); err != nil {
					return err
				}
				result.File = out
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), result)
			}
			return printAdaptation(cmd.OutOrStdout(), result)
		})
	}
	return cmd
}

// adaptation is what came of adapting to the store.
type adaptation struct {
	Base    string             `json:"base"`
	Version string             `json:"version"` // equals Base where that is kept
	Events  int                `json:"events"`  // rated ones that were read
	Dropped rated.Dropped      `json:"dropped"`
	Report  *model.AdaptReport `json:"report"`
	Seconds float64            `json:"seconds"`
	File    string             `json:"file,omitempty"`
}

// adaptLanguage is the language of the events that models adapt to: the one that the
// shipped model knows.
const adaptLanguage = "en"

// ratedEvents reads what a model adapts to.
func ratedEvents(ctx context.Context, reader *clickhouse.Reader, f clickhouse.Filter) ([]rated.Event, error) {
	f.Language = adaptLanguage
	return reader.Rated(ctx, f, adaptEvents)
}

// adaptTo adapts base to rated events, oldest first; the base comes back where
// nothing does better.
func adaptTo(ctx context.Context, events []rated.Event, base *model.Model) (*model.Model, *adaptation, error) {
	began := time.Now()
	vectors, err := model.WordVectors()
	if err != nil {
		return nil, nil, err
	}
	examples, dropped := rated.Examples(events)
	m, report, err := model.Adapt(ctx, base, vectors, examples)
	if err != nil {
		return nil, nil, err
	}
	if m != base {
		m.TrainedOn = withStored(m.TrainedOn, report.Examples)
	}
	return m, &adaptation{Base: base.Version, Version: m.Version, Events: len(events), Dropped: dropped, Report: report,
		Seconds: time.Since(began).Seconds()}, nil
}

// storedFeedback names the rated events of the store in a model's card.
const storedFeedback = "stored feedback with ratings"

// withStored adds rows of the store to what a model was trained on.
func withStored(origins []model.Origin, rows int) []model.Origin {
	out := slices.Clone(origins)
	if i := slices.IndexFunc(out, func(o model.Origin) bool { return o.Name == storedFeedback }); i >= 0 {
		out[i].Rows += rows
		return out
	}
	return append(out, model.Origin{Name: storedFeedback, Rows: rows, Licence: "unstated"})
}

func printAdaptation(w io.Writer, a *adaptation) error {
	r, d := a.Report, a.Dropped
	_, err := fmt.Fprintf(w, "%d rated events, %d learned from (left out: %d over the limit of a customer, %d repeated texts, %d over the share of a channel, %d without words), %.1f s\n",
		a.Events, r.Examples, d.Customer, d.Text, d.Channel, d.Unrated, a.Seconds)
	if err != nil {
		return err
	}
	if n := r.Base.Total(); n > 0 {
		if _, err := fmt.Fprintf(w, "on %d later events, by the models alone (workers add the phrases of the lexicons): accuracy %.3f, macro-F1 %.3f; model %s: %.3f, %.3f\n",
			n, r.Adapted.Accuracy(), r.Adapted.MacroF1(), a.Base, r.Base.Accuracy(), r.Base.MacroF1()); err != nil {
			return err
		}
	}
	switch {
	case r.Method == model.Kept:
		_, err = fmt.Fprintf(w, "kept %s: nothing did better on later events; nothing written\n", a.Base)
	case a.File == "":
		_, err = fmt.Fprintf(w, "%s would be version %s\n", r.Method, a.Version)
	default:
		_, err = fmt.Fprintf(w, "%s: %s version %s; put it in place with earshot model use, or name it in analysis.model\n", a.File, r.Method, a.Version)
	}
	return err
}
