package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/sentiment/topic/phrase"
)

// explanation is what `explain --json` prints.
type explanation struct {
	pipeline.Explanation
	Uncovered []uncoveredPhrase  `json:"uncovered"`        // phrases that no topic covers
	Stored    *storedExplanation `json:"stored,omitempty"` // of a stored event
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
	var text, at, id string
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

The text is the argument, --text, or standard input. With --event it is that of a stored
event, explained by the version of the model that scored it, and the result is compared
with what is stored: if it is not the same, bit for bit, the exit code is 4. A version that
is no longer at hand, such as one that another release shipped, ends with exit code 1;
--model auto compares with the version in place, and the exit code is then 0.`,
		Example: `  earshot explain "service was painfully slow at lunch time"
  earshot explain --pack general --json "still waiting for my refund"
  earshot explain --at 2026-07-03T19:30:00+02:00 "we waited an hour"
  earshot explain --event 7f3a2c`,
	}
	flags := cmd.Flags()
	flags.StringVar(&text, "text", "", "the text, instead of the argument")
	flags.StringVar(&id, "event", "", "`ID` of a stored event to explain")
	flags.StringVar(&at, "at", "", "when it was said (RFC 3339): contexts such as peak_hours look at the hour")
	flags.StringVar(&event.Source, "source", "", "the channel, such as review or chatbot")
	flags.StringVar(&event.Language, "language", "", "its language (BCP 47), instead of detecting it")
	rating.add(flags)
	flags.BoolVar(&asJSON, "json", false, "as JSON")
	tools.add(flags)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		explain := func() (x explanation, err error) {
			if event.Source != "" && !slices.Contains(pipeline.Channels, event.Source) {
				return x, usagef("--source %q: expected one of %s", event.Source, strings.Join(pipeline.Channels, ", "))
			}
			if event.Text, err = p.textToExplain(args, text, flags.Changed("text")); err != nil {
				return x, err
			}
			if err := rating.apply(flags, &event); err != nil {
				return x, err
			}
			return p.explainText(cmd, event, at, tools)
		}
		if flags.Changed("event") {
			if len(args) > 0 || slices.ContainsFunc([]string{"text", "at", "source", "language", "rating", "csat", "nps"}, flags.Changed) {
				return usagef("--event explains what is stored: leave the text and what came with it away")
			}
			explain = func() (explanation, error) { return p.explainEvent(cmd, id, tools) }
		}
		x, err := explain()
		if err != nil {
			return err
		}
		if x.Uncovered, err = uncovered(x.Explanation); err != nil {
			return err
		}
		if asJSON {
			err = printJSON(cmd.OutOrStdout(), x)
		} else {
			_, err = io.WriteString(cmd.OutOrStdout(), explainText(x))
		}
		if err != nil || tools.model != "" {
			return err // another model was asked for: it need not say the same
		}
		return x.Stored.differs()
	}
	return cmd
}

// explainText explains the text of an event that was said at a time as it was given.
func (p *program) explainText(cmd *cobra.Command, event pipeline.Event, at string, tools analysisFlags) (explanation, error) {
	analyzer, places, err := p.analyzer(cmd, tools)
	if err != nil {
		return explanation{}, err
	}
	if at != "" {
		event.OccurredAt = timeOfDay(appendJSON(nil, at), event.OccurredAt, places.ZoneOf(event.Location))
		if event.OccurredAt.IsZero() {
			return explanation{}, usagef("--at %q: expected a time such as 2026-07-03T19:30:00+02:00", at)
		}
	}
	return explanation{Explanation: analyzer.Explain(&event)}, nil
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
