package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/sentiment/topic/phrase"
)

// explanation is what `explain --json` prints.
type explanation struct {
	pipeline.Explanation
	Uncovered []uncoveredPhrase `json:"uncovered"` // phrases that no topic covers
}

// uncoveredPhrase is a noun or verb phrase outside of every mention.
type uncoveredPhrase struct {
	Kind  string `json:"kind"` // noun or verb
	Text  string `json:"text"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

func (p *program) explainCommand() *cobra.Command {
	var tools analysisFlags
	var text, at string
	var rating ratingFlags
	var event pipeline.Event
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain [TEXT]",
		Short: "Show why a text is scored and tagged as it is",
		Long: `Analyses one text as the workers do and shows what the result is made of: the words
with their valence, VADER's figures, the clauses, each topic with the rule that found
it (pack/topic/phrase), contexts, tags and intents with their reasons, the version of
everything that scored it, and the noun and verb phrases that no topic covers.

The text is the argument, --text, or standard input.`,
		Example: `  earshot explain "service was painfully slow at lunch time"
  earshot explain --pack general --json "still waiting for my refund"
  earshot explain --at 2026-07-03T19:30:00+02:00 "we waited an hour"`,
	}
	flags := cmd.Flags()
	flags.StringVar(&text, "text", "", "the text, instead of the argument")
	flags.StringVar(&at, "at", "", "when it was said (RFC 3339): contexts such as peak_hours look at the hour")
	flags.StringVar(&event.Source, "source", "", "the channel, such as review or chatbot")
	flags.StringVar(&event.Language, "language", "", "its language (BCP 47), instead of detecting it")
	rating.add(flags)
	flags.BoolVar(&asJSON, "json", false, "as JSON")
	tools.add(flags)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var err error
		if event.Text, err = p.textToExplain(args, text, flags.Changed("text")); err != nil {
			return err
		}
		if err = rating.apply(flags, &event); err != nil {
			return err
		}
		analyzer, loc, err := p.analyzer(cmd, tools)
		if err != nil {
			return err
		}
		if at != "" {
			event.OccurredAt = lineAnalyzer{loc: loc}.when(appendJSON(nil, at), event.OccurredAt)
			if event.OccurredAt.IsZero() {
				return usagef("--at %q: expected a time such as 2026-07-03T19:30:00+02:00", at)
			}
		}
		x := explanation{Explanation: analyzer.Explain(&event)}
		if x.Uncovered, err = uncovered(x.Explanation); err != nil {
			return err
		}
		if asJSON {
			return printJSON(cmd.OutOrStdout(), x)
		}
		_, err = io.WriteString(cmd.OutOrStdout(), explainText(x))
		return err
	}
	return cmd
}

// textToExplain takes the text from the arguments, --text or standard input.
func (p *program) textToExplain(args []string, flag string, given bool) (string, error) {
	text := strings.Join(args, " ")
	switch {
	case given && len(args) > 0:
		return "", usagef("give the text as an argument or as --text, not both")
	case given:
		text = flag
	case len(args) == 0:
		in, err := io.ReadAll(io.LimitReader(p.stdin, pipeline.MaxMessageBytes))
		if err != nil {
			return "", fmt.Errorf("standard input: %w", err)
		}
		text = strings.TrimRight(string(in), "\r\n")
	}
	if strings.TrimSpace(text) == "" {
		return "", usagef("no text: give it as an argument, as --text or on standard input")
	}
	return strings.ToValidUTF8(text, "\ufffd"), nil
}

// uncovered finds the phrases of an English text that overlap no mention.
func uncovered(x pipeline.Explanation) ([]uncoveredPhrase, error) {
	out := []uncoveredPhrase{}
	if len(x.Clauses) == 0 { // not scored, or no English
		return out, nil
	}
	finder, err := phrase.New()
	if err != nil {
		return nil, err
	}
	found, err := finder.Find(x.Text)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if !mentioned(x.Topics, f) {
			out = append(out, uncoveredPhrase{Kind: f.Kind, Text: x.Text[f.Start:f.End], Start: f.Start, End: f.End})
		}
	}
	return out, nil
}

func mentioned(mentions []pipeline.Mention, f phrase.Phrase) bool {
	for _, m := range mentions {
		if m.Start < f.End && f.Start < m.End {
			return true
		}
	}
	return false
}
