package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"earshot/pipeline/labelled"
	"earshot/sentiment/topic"
)

func (p *program) topicsLintCommand() *cobra.Command {
	var f packFlags
	var strict, asJSON bool
	cmd := &cobra.Command{
		Use:   "lint",
		Short: "Find rules that never count, contradict or repeat themselves",
		Long: `Examines the files of a pack and of those it extends. An error is a rule that
cannot do what it says; a warning is untidy, or a phrase that two topics share.
Errors end with exit code 4, warnings do with --strict.`,
		Example: `  earshot topics lint --pack restaurant
  earshot topics lint --packs my-packs --pack coffee --strict`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			name, own, err := p.resolve(cmd, f)
			if err != nil {
				return err
			}
			problems, err := topic.LintChain(name, own)
			if unknown := new(topic.UnknownPackError); errors.As(err, &unknown) {
				return usagef("%w", err)
			}
			if err != nil {
				return &exitError{code: exitCheckFailed, err: err}
			}
			return reportLint(cmd.OutOrStdout(), name, problems, strict, asJSON)
		},
	}
	f.add(cmd.Flags())
	cmd.Flags().BoolVar(&strict, "strict", false, "fail on warnings, too")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func reportLint(w io.Writer, name string, problems []topic.Problem, strict, asJSON bool) error {
	grave := 0
	for _, problem := range problems {
		if problem.Error {
			grave++
		}
		if !asJSON {
			fmt.Fprintln(w, problem)
		}
	}
	if asJSON {
		if err := printJSON(w, append([]topic.Problem{}, problems...)); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(w, "%s: %s, %s\n", name, count(grave, "error"), count(len(problems)-grave, "warning"))
	}
	if grave > 0 || strict && len(problems) > 0 {
		return checkFailedf("the pack %s needs mending, see above", name)
	}
	return nil
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (p *program) topicsTestCommand() *cobra.Command {
	var f packFlags
	var mapping []string
	var modelPath string
	cmd := &cobra.Command{
		Use:   "test [FILE…]",
		Short: "Run a pack's examples, and measure it on labelled feedback",
		Long: `Runs the match and no_match texts of every rule. With FILE, labelled JSONL as
` + "`earshot model train`" + ` reads it, whose rows have "topics": [{"topic": …}], it also counts
precision, recall and F1 per topic with 95 % intervals. A label covers the topics
below it (food covers food.taste); --map gives a label the topics that stand for
it. A row without the field topics is left out. Where labels name a sentiment, standard
error says how often that of the mentions found is right. With --topics-model it measures
the model instead: its topics, and the sentiment towards the topics that the rows give.

A pack may promise figures: gates: {food: {precision: 0.85, recall: 0.7}}. A
failed example or a missed gate ends with exit code 4.`,
		Example: `  earshot topics test
  earshot topics test held-back.jsonl --topics-model reviews.topics
  earshot topics test reviews.jsonl --map ambience=ambience,seating --map price=price`,
		Args: cobra.ArbitraryArgs,
	}
	format := addFormat(cmd.Flags())
	f.add(cmd.Flags())
	cmd.Flags().StringArrayVar(&mapping, "map", nil, "`LABEL=TOPIC,…`: the topics that stand for a label of the data; repeat it")
	cmd.Flags().StringVar(&modelPath, "topics-model", "", "measure this `FILE` of earshot topics train instead of the pack")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		if modelPath != "" && len(mapping) > 0 {
			return usagef("--map is for a pack; a topics model has the labels that it was trained on")
		}
		if modelPath != "" {
			return p.measureTopicsModel(modelPath, args, as)
		}
		tagger, err := p.tagger(cmd, f)
		if err != nil {
			return err
		}
		labels, err := parseLabelMap(mapping, tagger.Topics())
		if err != nil {
			return err
		}
		failed := p.runExamples(tagger)
		missed := 0
		if len(args) > 0 {
			if missed, err = p.measurePack(tagger, labels, args, as); err != nil {
				return err
			}
		}
		if failed > 0 || missed > 0 {
			return checkFailedf("%s failed and %s missed", count(failed, "example"), count(missed, "gate"))
		}
		return nil
	}
	return cmd
}

// runExamples runs a pack's examples and tells of those that fail.
func (p *program) runExamples(tagger *topic.Tagger) (failed int) {
	run, failures := tagger.RunExamples()
	for _, x := range failures {
		fmt.Fprintf(p.stderr, "%s %s: %q: match should be %t, found %v\n", x.Kind, x.Rule, x.Text, x.Match, x.Found)
	}
	fmt.Fprintf(p.stderr, "%s: %d examples, %d failed\n", tagger.Version(), run, len(failures))
	return len(failures)
}

// measurePack prints how well a pack does on labelled files.
func (p *program) measurePack(tagger *topic.Tagger, labels map[string][]string, files []string, format string) (missed int, err error) {
	scores := newTopicScores(tagger, labels)
	for _, use := range []func(labelled.Row){scores.learn, scores.add} {
		for _, path := range files {
			if err := readLabelled(path, use); err != nil {
				return 0, err
			}
		}
	}
	rows := scores.rows()
	if err := printListing(p.stdout, format, topicScoreColumns(), rows); err != nil {
		return 0, err
	}
	p.tellSentiment("found", scores.right, scores.asked)
	return len(slices.DeleteFunc(rows, func(s topicScore) bool { return s.Gate != gateMissed })), nil
}
