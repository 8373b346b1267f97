package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/pipeline/labelled"
	"earshot/sentiment/model"
	"earshot/sinks/export"
)

func (p *program) modelCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "model",
		Short: "Train a sentiment model on labelled feedback, or show one",
	}
	cmd.AddCommand(p.modelTrainCommand(), p.modelShowCommand())
	return cmd
}

func (p *program) modelTrainCommand() *cobra.Command {
	var out, licence string
	var seed uint64
	cmd := &cobra.Command{
		Use:   "train FILE…",
		Short: "Train a sentiment model on labelled JSONL",
		Long: `Reads labelled feedback, one JSON object a line (also .gz): "text" and "label"
(positive, neutral or negative) or, without a label, "rating" (4-5 positive, 1-2
negative, between neutral). Rows with neither are left out and counted.

The same files give the same model. It is used with ` + "`earshot analyze --model FILE`" + `
and measured with ` + "`earshot eval --model FILE`" + `.`,
		Example: `  earshot model train reviews.jsonl.gz --out reviews.model
  earshot eval held-back.jsonl --model reviews.model`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usagef("--out FILE is missing: where to write the model")
			}
			examples, card, err := p.examples(args, licence)
			if err != nil {
				return err
			}
			began := time.Now()
			m, err := model.Train(cmd.Context(), examples, model.Options{Seed: seed, Card: card, Progress: p.trainProgress(len(examples))})
			if errors.Is(err, model.ErrTooFew) {
				return fmt.Errorf("%d labelled rows: training %w", len(examples), err)
			}
			if err != nil {
				return err
			}
			if err := export.File(out, m.Write); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: version %s, %d examples, %.1f s\n", out, m.Version, m.Examples, time.Since(began).Seconds())
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file to write the model to")
	cmd.Flags().StringVar(&licence, "licence", "unstated", "licence of the texts, kept in the model's card")
	cmd.Flags().Uint64Var(&seed, "seed", 0, "order in which the examples are seen")
	return cmd
}

// examples reads the labelled rows of all files.
func (p *program) examples(paths []string, licence string) ([]model.Example, model.Card, error) {
	var examples []model.Example
	card := model.Card{Languages: []string{"en"}}
	for _, path := range paths {
		rows, unlabelled := 0, 0
		err := readLabelled(path, func(row labelled.Row) {
			class, ok := classOf(row)
			if !ok {
				unlabelled++
				return
			}
			rows++
			examples = append(examples, model.Example{Text: row.Text, Class: class})
		})
		if err != nil {
			return nil, card, err
		}
		if unlabelled > 0 {
			fmt.Fprintf(p.stderr, "%s: %d rows without label and rating left out\n", path, unlabelled)
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

func readModel(path string) (*model.Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, usagef("%w", err)
	}
	m, err := model.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; make one with `earshot model train`", path, err)
	}
	return m, nil
}

func (p *program) modelShowCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "show FILE",
		Short:   "Show what a model was trained on",
		Example: "  earshot model show reviews.model",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := readModel(args[0])
			if err != nil {
				return err
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
	for _, o := range c.TrainedOn {
		if err == nil {
			_, err = fmt.Fprintf(w, "trained on %s: %d rows, licence %s\n", o.Name, o.Rows, o.Licence)
		}
	}
	return err
}
