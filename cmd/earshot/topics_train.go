package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"earshot/pipeline/insight"
	"earshot/pipeline/labelled"
	"earshot/sentiment/model"
	"earshot/sentiment/topic/learned"
	"earshot/sinks/export"
)

func (p *program) topicsTrainCommand() *cobra.Command {
	var out, licence string
	var seed uint64
	cmd := &cobra.Command{
		Use:   "train FILE…",
		Short: "Learn topics, and how a text speaks of them, from labelled feedback",
		Long: `Reads labelled feedback, one JSON object a line (also .gz): "text" and "topics":
[{"topic", "sentiment"}], an empty list where the text has none. The sentiment may be
positive, negative, neutral, conflict (good and bad at once) or left out. Rows without
the field topics, and texts seen before, are left out and counted.

Learns every topic with at least 10 examples and says how well it finds them, and
tells their sentiment, in texts held back. The same files give the same model. It is
used with ` + "`earshot analyze --topics-model FILE`" + ` and measured with
` + "`earshot topics test --topics-model FILE`" + `.`,
		Example: `  earshot topics train reviews.jsonl.gz --out reviews.topics
  earshot topics test held-back.jsonl --topics-model reviews.topics`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if out == "" {
				return usagef("--out FILE is missing: where to write the model")
			}
			if err := checkOutput("--out", out); err != nil {
				return err
			}
			examples, card, err := p.topicExamples(args, licence)
			if err != nil {
				return err
			}
			began := time.Now()
			m, held, err := learned.Train(cmd.Context(), examples, learned.Options{Seed: seed, Card: card, Progress: p.trainProgress(len(examples))})
			if errors.Is(err, learned.ErrTooFew) {
				return fmt.Errorf("%d labelled texts: training %w", len(examples), err)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "%d texts, %.1f s; on texts held back:\n%s", m.Examples, time.Since(began).Seconds(), topicsHeldBack(m, held))
			if err := export.File(out, m.Write); err != nil {
				return err
			}
			_, err = fmt.Fprintf(p.stdout, "%s: version %s, %s\n", out, m.Version, count(len(m.Topics), "topic"))
			return err
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&out, "out", "", "the model's `FILE`")
	flags.StringVar(&licence, "licence", "unknown", "licence of the examples; it stands in the model's card")
	flags.Uint64Var(&seed, "seed", 0, "order of the examples")
	return cmd
}

// topicExamples reads the rows of all files that tell topics.
func (p *program) topicExamples(paths []string, licence string) (examples []learned.Example, card learned.Card, err error) {
	seen := map[string]bool{}
	for _, path := range paths {
		rows, unlabelled, repeated := 0, 0, 0
		err := readLabelled(path, func(row labelled.Row) {
			key := strings.Join(strings.Fields(strings.ToLower(row.Text)), " ")
			switch {
			case row.Topics == nil:
				unlabelled++
			case seen[key]:
				repeated++
			default:
				seen[key] = true
				rows++
				examples = append(examples, topicExample(row))
			}
		})
		if err != nil {
			return nil, card, err
		}
		if unlabelled > 0 {
			fmt.Fprintf(p.stderr, "%s: %d rows without topics left out\n", path, unlabelled)
		}
		if repeated > 0 {
			fmt.Fprintf(p.stderr, "%s: %d repeated texts left out\n", path, repeated)
		}
		card.TrainedOn = append(card.TrainedOn, model.Origin{Name: setName(path), Rows: rows, Licence: licence})
	}
	return examples, card, nil
}

func topicExample(row labelled.Row) learned.Example {
	e := learned.Example{Text: row.Text}
	for _, t := range row.Topics {
		e.Topics = append(e.Topics, learned.Label{Topic: t.Topic, Polarity: t.Sentiment})
	}
	return e
}

func topicsHeldBack(m *learned.Model, h *learned.HeldBack) string {
	var b strings.Builder
	line := func(c learned.Count) {
		fmt.Fprintf(&b, "  %-32s F1 %.3f, %d of %d found, %d of them not there\n", c.Topic, c.F1(), c.Hits, c.Hits+c.Missed, c.False)
	}
	for _, c := range h.Topics {
		line(c)
	}
	micro := h.Micro()
	micro.Topic = "all (micro)"
	line(micro)
	if right, all := h.Right(); all > 0 {
		low, high := insight.Wilson(right, all)
		fmt.Fprintf(&b, "  sentiment of given topics (%s): accuracy %.3f (%.3f – %.3f)\n",
			strings.Join(m.Polarities, ", "), float64(right)/float64(all), low, high)
	}
	return b.String()
}

// readTopicsModel returns the model of a file, nil without a name.
func readTopicsModel(path string) (*learned.Model, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, usagef("topics model: %w", err)
	}
	m, err := learned.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; make one with `earshot topics train`", path, err)
	}
	return m, nil
}
