package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"earshot/pipeline/insight"
	"earshot/pipeline/rated"
	"earshot/sentiment/model"
	"earshot/sinks/clickhouse"
	"earshot/sinks/export"
)

// trainEvents is how many of the newest rated events are read from the store.
const trainEvents = 50_000

// trainFlags are the flags of model train.
type trainFlags struct {
	out, licence, base, language string
	seed                         uint64
	force, fromStore             bool
}

func (p *program) modelTrainCommand() *cobra.Command {
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "train FILE… | --from-clickhouse",
		Short: "Train a sentiment model on labelled or rated feedback, in any language",
		Long: `Reads labelled feedback, one JSON object a line (also .gz): "text" and "label"
(positive, neutral or negative) or, without a label, what the customer answered:
"rating" or else "csat" (4-5 positive, 1-2 negative, between neutral) or else "nps" (9-10
positive, 0-6 negative); csat and nps may stand in "survey", too. Rows with none of them,
and texts seen before, are left out and counted. With --from-clickhouse the stored
feedback is read instead, within the limits of earshot model adapt: no customer, text or
channel counts for too much.

The language is that of the rows ("lang", else as detected) or --language; rows that name
another one are left out. A model for English goes on from the shipped one (--base none
starts from nothing), one for another language starts from nothing. The command tells how
well both do on texts held back; if the new model is not better, none is written.
The same texts give the same model. It is used with ` + "`earshot analyze --model FILE`" + `
or analysis.model, for other languages than English with analysis.models, and measured
with ` + "`earshot eval --model FILE`" + `.`,
		Example: `  earshot model train reviews.jsonl.gz --out reviews.model
  earshot model train tweets.jsonl.gz --language es --out es.model
  earshot model train --from-clickhouse --since 90d --out ours.model`,
	}
	flags := cmd.Flags()
	span := addTimeRange(flags, "90d")
	flags.StringVar(&f.out, "out", "", "file to write the model to")
	flags.StringVar(&f.licence, "licence", "unstated", "licence of the texts, kept in the model's card")
	flags.StringVar(&f.base, "base", "", "model to go on from: base (the shipped one, the default for English), none or a `FILE` of earshot model train")
	flags.StringVar(&f.language, "language", "", "ISO 639-1 code of the language to learn, such as es (default that of the texts)")
	flags.BoolVar(&f.fromStore, "from-clickhouse", false, "learn from the stars, CSAT and NPS of the stored feedback")
	flags.BoolVar(&f.force, "force", false, "write the model even if it is no better than the one it goes on from")
	flags.Uint64Var(&f.seed, "seed", 0, "order in which the examples are seen")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := f.check(args); err != nil {
			return err
		}
		if err := checkOutput("--out", f.out); err != nil {
			return err
		}
		examples, card, err := p.trainingSet(cmd, span, args, f)
		if err != nil {
			return err
		}
		return p.train(cmd.Context(), examples, card, f)
	}
	return cmd
}

func (f *trainFlags) check(files []string) error {
	switch {
	case f.out == "":
		return usagef("--out FILE is missing: where to write the model")
	case f.fromStore && len(files) > 0:
		return usagef("learn from files or with --from-clickhouse, not both")
	case !f.fromStore && len(files) == 0:
		return usagef("no FILE to learn from; --from-clickhouse learns from the stored feedback")
	case f.language != "" && !languageCode(f.language):
		return usagef("--language %q: expected a code of ISO 639-1, such as es", f.language)
	}
	return nil
}

func (p *program) trainingSet(cmd *cobra.Command, span *timeRange, files []string, f trainFlags) ([]model.Example, model.Card, error) {
	if !f.fromStore {
		return p.examples(files, f)
	}
	var examples []model.Example
	card := model.Card{Languages: []string{f.language}}
	if f.language == "" {
		card.Languages[0] = "en"
	}
	err := p.onStore(cmd, span, func(ctx context.Context, reader *clickhouse.Reader, filter clickhouse.Filter) error {
		filter.Language = card.Languages[0]
		events, err := reader.Rated(ctx, filter, trainEvents)
		if err != nil {
			return err
		}
		var left rated.Dropped
		examples, left = rated.Examples(events)
		_, err = fmt.Fprintf(p.stderr, "%d rated events, %d learned from (left out: %d over the limit of a customer, %d repeated texts, %d over the share of a channel, %d without words)\n",
			len(events), len(examples), left.Customer, left.Text, left.Channel, left.Unrated)
		return err
	})
	card.TrainedOn = []model.Origin{{Name: storedFeedback, Rows: len(examples), Licence: f.licence}}
	return examples, card, err
}

// train learns from the examples, reports and writes the model.
func (p *program) train(ctx context.Context, examples []model.Example, card model.Card, f trainFlags) error {
	opts := model.Options{Seed: f.seed, Card: card, Progress: p.trainProgress(len(examples))}
	if err := startFrom(&opts, f.base); err != nil {
		return err
	}
	began := time.Now()
	m, held, err := model.Train(ctx, examples, opts)
	if errors.Is(err, model.ErrTooFew) {
		return fmt.Errorf("%d labelled texts: training %w", len(examples), err)
	}
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(p.stdout, "%d texts, %.1f s; on texts held back%s:\n%s", m.Examples, time.Since(began).Seconds(), byModelAlone(m.Languages), heldBack(held)); err != nil {
		return err
	}
	if held.KeepBase() && !f.force {
		return fmt.Errorf("not better than the model it goes on from, which stays the better choice; nothing written (--force writes it all the same)")
	}
	if err := export.File(f.out, m.Write); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s: version %s, %d examples, language %s\n", f.out, m.Version, m.Examples, strings.Join(m.Languages, ", "))
	return err
}

// startFrom sets what training builds on. The shipped model and the word vectors know
// English alone: other languages start from nothing unless a base is named.
func startFrom(opts *model.Options, base string) (err error) {
	english := slices.Contains(opts.Card.Languages, "en")
	if base == "" && english {
		base = "base"
	}
	if base != "" && base != "none" {
		if opts.Base, err = readModel(base); err != nil {
			return err
		}
	}
	if english {
		opts.Vectors, err = model.WordVectors()
	}
	return err
}

// byModelAlone says what a report does not count: production lets the lexicons' phrases
// speak beside a model of English.
func byModelAlone(languages []string) string {
	if !slices.Contains(languages, "en") {
		return ""
	}
	return ", by the model alone (`earshot eval --model` adds the phrases of the lexicons, as workers do)"
}

func heldBack(h *model.HeldBack) string {
	line := func(name string, c model.Confusion, ece string) string {
		right := 0
		for k := range c {
			right += c[k][k]
		}
		low, high := insight.Wilson(right, c.Total())
		return fmt.Sprintf("  %-10s accuracy %.3f (%.3f – %.3f), macro-F1 %.3f%s\n", name, c.Accuracy(), low, high, c.MacroF1(), ece)
	}
	out := line("this model", h.Confusion, fmt.Sprintf(", calibration error %.3f", h.Calibration.Error()))
	if h.Base.Total() > 0 {
		out += line("its base", h.Base, "")
	}
	return out
}

// trainProgress writes a line to the terminal, none elsewhere.
func (p *program) trainProgress(examples int) func(done, total int) {
	if _, ok := terminal(p.stderr); !ok {
		return nil
	}
	return func(done, total int) {
		fmt.Fprintf(p.stderr, "\rtraining on %d texts: %3d %%", examples, min(100, 100*done/total))
		if done >= total {
			fmt.Fprintln(p.stderr)
		}
	}
}
