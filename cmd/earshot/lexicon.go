package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"earshot/pipeline"
	"earshot/sentiment/lexicon"
	"earshot/sentiment/topic"
)

func (p *program) lexiconCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lexicon",
		Short: "Check, try and show the lexicons that correct the sentiment",
		Long: `A lexicon (YAML) says what words and phrases of customer feedback are worth where
VADER has it wrong or has no word for it: "no complaints", "waited 40 minutes".
Lexicons of your own are a file or a folder, --lexicon or analysis.lexicon; their
phrases replace the same ones of the built-in lexicons. A file:

  lexicon: ours
  packs: [restaurant]        # only with these taxonomies; left out: with all
  classes: {long: [minute*, hour*]}
  entries:
    - phrases: [wait* *3 <long>, on hold]
      valence: -1.6          # -4 to 4; 0 takes VADER's own value away
      effort: 0.4            # 0 to 1: how hard it was for the customer
      negation: turns        # or fixed: "not" before it changes nothing
      scope: phrase          # or clause: nothing else in the clause counts
      match: [we waited 40 minutes]
      no_match: [the waiter came]
  examples:
    - {text: We waited 40 minutes., sentiment: negative}`,
	}
	cmd.AddCommand(p.lexiconLintCommand(), p.lexiconTestCommand(), p.lexiconShowCommand())
	return cmd
}

// lexiconFlags pick the lexicons in force.
type lexiconFlags struct {
	packFlags
	lexicon string
}

func (f *lexiconFlags) add(flags *pflag.FlagSet) {
	f.packFlags.add(flags)
	flags.StringVar(&f.lexicon, "lexicon", "", "file or folder of further lexicons (default from the configuration)")
}

// overlay compiles the lexicons in force.
func (p *program) overlay(cmd *cobra.Command, f lexiconFlags) (*lexicon.Overlay, error) {
	tagger, err := p.tagger(cmd, f.packFlags)
	if err != nil {
		return nil, err
	}
	path := f.lexicon
	if path == "" {
		cfg, err := p.config(cmd)
		if err != nil {
			return nil, err
		}
		path = cfg.Analysis.Lexicon
	}
	own, err := pipeline.ReadLexicons(path)
	if err != nil {
		return nil, usagef("%w", err)
	}
	overlay, err := lexicon.Load(tagger.Packs(), own)
	if err != nil {
		return nil, usagef("%w", err)
	}
	return overlay, nil
}

func (p *program) lexiconLintCommand() *cobra.Command {
	var f packFlags
	cmd := &cobra.Command{
		Use:   "lint FILE…",
		Short: "Check lexicon files: every mistake with its file and line",
		Example: `  earshot lexicon lint ours.yaml
  earshot lexicon lint ours.yaml --packs my-packs`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, own, err := p.resolve(cmd, f)
			if err != nil {
				return err
			}
			packs, err := topic.PackNames(own)
			if err != nil {
				return usagef("%w", err)
			}
			var problems []error
			phrases := 0
			for _, path := range args {
				overlay, err := lintLexicon(path, packs)
				if err != nil {
					problems = append(problems, err)
					continue
				}
				phrases += len(overlay.Lines())
			}
			if err := errors.Join(problems...); err != nil {
				return &exitError{code: exitCheckFailed, err: err}
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "phrases: %d, no mistake\n", phrases)
			return err
		},
	}
	cmd.Flags().StringVar(&f.packs, "packs", "", "folder of further taxonomy files that lexicons may name (default from the configuration)")
	return cmd
}

// lintLexicon reads a file or folder; packs are those that a lexicon may name.
func lintLexicon(path string, packs []string) (*lexicon.Overlay, error) {
	files, err := pipeline.ReadLexicons(path)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		err = errors.Join(err, f.CheckPacks(packs))
	}
	if err != nil {
		return nil, err
	}
	return lexicon.Compile(files)
}

func (p *program) lexiconTestCommand() *cobra.Command {
	var f lexiconFlags
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Run the examples of the lexicons in force",
		Example: `  earshot lexicon test
  earshot lexicon test --lexicon ours.yaml --pack restaurant`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			overlay, err := p.overlay(cmd, f)
			if err != nil {
				return err
			}
			tested := overlay.Test()
			if len(tested.Failures) > 0 {
				return &exitError{code: exitCheckFailed, err: fmt.Errorf("%w\n%d of %d examples fail", errors.Join(tested.Failures...), len(tested.Failures), tested.Texts)}
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d examples hold\n", tested.Texts)
			return err
		},
	}
	f.add(cmd.Flags())
	return cmd
}

func (p *program) lexiconShowCommand() *cobra.Command {
	var f lexiconFlags
	cmd := &cobra.Command{
		Use:   "show [WORD]",
		Short: "List the phrases in force, or those that hold a word",
		Example: `  earshot lexicon show wait
  earshot lexicon show --pack airline --format csv`,
		Args: cobra.MaximumNArgs(1),
	}
	format := addFormat(cmd.Flags())
	f.add(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		overlay, err := p.overlay(cmd, f)
		if err != nil {
			return err
		}
		lines := []lexicon.Line{}
		for _, l := range overlay.Lines() {
			if len(args) == 0 || strings.Contains(l.Phrase, strings.ToLower(args[0])) {
				lines = append(lines, l)
			}
		}
		return printListing(cmd.OutOrStdout(), as, lexiconColumns(), lines)
	}
	return cmd
}

func lexiconColumns() []column[lexicon.Line] {
	return []column[lexicon.Line]{
		{name: "phrase", flex: true, value: func(l lexicon.Line) string { return l.Phrase }},
		{name: "valence", right: true, value: func(l lexicon.Line) string { return strconv.FormatFloat(l.Valence, 'f', -1, 64) }},
		{name: "effort", right: true, value: func(l lexicon.Line) string { return strconv.FormatFloat(l.Effort, 'f', -1, 64) }},
		{name: "negation", value: func(l lexicon.Line) string { return l.Negation }},
		{name: "scope", value: func(l lexicon.Line) string { return l.Scope }},
		{name: "lexicon", value: func(l lexicon.Line) string { return l.Lexicon }},
		{name: "line", right: true, value: func(l lexicon.Line) string { return strconv.Itoa(l.Line) }},
	}
}
