package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/pipeline/insight"
	"earshot/pipeline/labelled"
	"earshot/sentiment/model"
	"earshot/sinks/export"
)

func (p *program) modelCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "model",
		Short: "Train, adapt and choose sentiment models, and measure them",
	}
	cmd.AddCommand(p.modelTrainCommand(), p.modelShowCommand(), p.modelLiveCommand(), p.modelAdaptCommand(),
		p.modelHistoryCommand(), p.modelUseCommand(), p.modelRollbackCommand())
	return cmd
}

// trainFlags are the flags of model train.
type trainFlags struct {
	out, licence, base string
	seed               uint64
	force              bool
}

func (p *program) modelTrainCommand() *cobra.Command {
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "train FILE…",
		Short: "Train a sentiment model on labelled JSONL",
		Long: `Reads labelled feedback, one JSON object a line (also .gz): "text" and "label"
(positive, neutral or negative) or, without a label, "rating" (4-5 positive, 1-2
negative, between neutral). Rows with neither, and texts seen before, are left out and
counted.

Training goes on from the shipped model (--base none starts from nothing) and tells how
well both do on texts held back. If the new model is not better, none is written.
The same files give the same model. It is used with ` + "`earshot analyze --model FILE`" + `
or analysis.model and measured with ` + "`earshot eval --model FILE`" + `.`,
		Example: `  earshot model train reviews.jsonl.gz --out reviews.model
  earshot eval held-back.jsonl --model reviews.model`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.out == "" {
				return usagef("--out FILE is missing: where to write the model")
			}
			examples, card, err := p.examples(args, f.licence)
			if err != nil {
				return err
			}
			return p.train(cmd.Context(), examples, card, f)
		},
	}
	cmd.Flags().StringVar(&f.out, "out", "", "file to write the model to")
	cmd.Flags().StringVar(&f.licence, "licence", "unstated", "licence of the texts, kept in the model's card")
	cmd.Flags().StringVar(&f.base, "base", "base", "model to go on from: base (the shipped one), none or a `FILE` of earshot model train")
	cmd.Flags().BoolVar(&f.force, "force", false, "write the model even if it is no better than the one it goes on from")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "order in which the examples are seen")
	return cmd
}

// train learns from the examples, reports and writes the model.
func (p *program) train(ctx context.Context, examples []model.Example, card model.Card, f trainFlags) error {
	opts := model.Options{Seed: f.seed, Card: card, Progress: p.trainProgress(len(examples))}
	var err error
	if f.base != "none" {
		if opts.Base, err = readModel(f.base); err != nil {
			return err
		}
	}
	if opts.Vectors, err = model.WordVectors(); err != nil {
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
	if _, err := fmt.Fprintf(p.stdout, "%d texts, %.1f s; on texts held back:\n%s", m.Examples, time.Since(began).Seconds(), heldBack(held)); err != nil {
		return err
	}
	if held.KeepBase() && !f.force {
		return fmt.Errorf("not better than the model it goes on from, which stays the better choice; nothing written (--force writes it all the same)")
	}
	if err := export.File(f.out, m.Write); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s: version %s, %d examples\n", f.out, m.Version, m.Examples)
	return err
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

// examples reads the labelled rows of all files.
func (p *program) examples(paths []string, licence string) ([]model.Example, model.Card, error) {
	var examples []model.Example
	card := model.Card{Languages: []string{"en"}}
	seen := map[string]bool{}
	for i, path := range paths {
		rows, unlabelled, repeated := 0, 0, 0
		err := readLabelled(path, func(row labelled.Row) {
			class, ok := classOf(row)
			if !ok {
				unlabelled++
				return
			}
			if key := strings.Join(strings.Fields(strings.ToLower(row.Text)), " "); seen[key] {
				repeated++
				return
			} else {
				seen[key] = true
			}
			rows++
			examples = append(examples, model.Example{Text: row.Text, Class: class, Group: i})
		})
		if err != nil {
			return nil, card, err
		}
		if unlabelled > 0 {
			fmt.Fprintf(p.stderr, "%s: %d rows without label and rating left out\n", path, unlabelled)
		}
		if repeated > 0 {
			fmt.Fprintf(p.stderr, "%s: %d repeated texts left out\n", path, repeated)
		}
		card.TrainedOn = append(card.TrainedOn, model.Origin{Name: setName(path), Rows: rows, Licence: licence})
	}
	return examples, card, nil
}

func setName(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".gz"), ".jsonl")
}

// readLabelled passes every row of a file on and stops at the first bad one.
func readLabelled(path string, use func(labelled.Row)) error {
	f, err := os.Open(path)
	if err != nil {
		return usagef("%w", err)
	}
	defer f.Close()
	for row, err := range labelled.Read(f) {
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		use(row)
	}
	return nil
}

func classOf(row labelled.Row) (model.Class, bool) {
	label, ok := row.Truth()
	switch label {
	case pipeline.Positive:
		return model.Positive, ok
	case pipeline.Negative:
		return model.Negative, ok
	}
	return model.Neutral, ok
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

// readModel returns the model of that name: base is the shipped one, vader none,
// else it is a file.
func readModel(name string) (*model.Model, error) {
	switch name {
	case "base":
		return model.Base()
	case "vader":
		return nil, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, usagef("model: %w", err)
	}
	m, err := model.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; make one with `earshot model train`", name, err)
	}
	return m, nil
}

func (p *program) modelShowCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "show [FILE|VERSION|auto]",
		Short: "Show what a model, by default the shipped one, was trained on",
		Long: `Shows the card of a model: that of a file, of a version of ` + "`earshot model history`" + `
(or its beginning), of the version in place (auto) or of the shipped model.`,
		Example: `  earshot model show reviews.model
  earshot model show auto`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := p.config(cmd)
			if err != nil {
				return err
			}
			m, err := loadModel(cmd.Context(), cfg, append(args, "base")[0])
			if err != nil {
				return err
			}
			if m == nil {
				return usagef("vader is no learned model: it has no card")
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), m.Card)
			}
			return printCard(cmd.OutOrStdout(), m.Card)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printCard(w io.Writer, c model.Card) error {
	_, err := fmt.Fprintf(w, "version    %s\nlanguages  %s\nexamples   %d\n", c.Version, strings.Join(c.Languages, ", "), c.Examples)
	if c.Base != "" && err == nil {
		_, err = fmt.Fprintf(w, "goes on from %s\n", c.Base)
	}
	for _, o := range c.TrainedOn {
		if err == nil {
			_, err = fmt.Fprintf(w, "trained on %s: %d rows, licence %s\n", o.Name, o.Rows, o.Licence)
		}
	}
	return err
}
