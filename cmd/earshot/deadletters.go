package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

func (p *program) deadlettersCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "deadletters",
		Short: "Look at messages that were refused, and send them again",
		Long: `A message that is no valid event becomes a dead letter: it is kept as it came, with
the reason and its Kafka position, and the partition goes on. The reasons are
described in docs/events.md. Nothing is tried again by itself: once the cause is
mended, replay sends the messages again.`,
	}
	cmd.AddCommand(p.deadlettersListCommand(), p.deadlettersShowCommand(), p.deadlettersReplayCommand())
	return cmd
}

func (p *program) deadlettersListCommand() *cobra.Command {
	var reason string
	var limit int
	var open, replayed bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List refused messages, newest first, and what became of replays",
		Example: `  earshot deadletters list --since 1d
  earshot deadletters list --reason bad_time --open --json`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	format := addFormat(flags)
	span := addTimeRange(flags, "")
	flags.StringVar(&reason, "reason", "", "only those refused for this reason, such as bad_json")
	flags.BoolVar(&open, "open", false, "only those that were not replayed")
	flags.BoolVar(&replayed, "replayed", false, "only those that were replayed")
	cmd.MarkFlagsMutuallyExclusive("open", "replayed")
	flags.IntVar(&limit, "limit", 50, "at most this many")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		if err := checkLimit(limit); err != nil {
			return err
		}
		filter := clickhouse.DeadLetterFilter{Reason: reason}
		switch {
		case open:
			filter.State = clickhouse.StateOpen
		case replayed:
			filter.State = clickhouse.StateReplayed
		}
		if filter.Since, filter.Until, err = span.bounds(p.clock()); err != nil {
			return err
		}
		reader, err := p.reader(cmd)
		if err != nil {
			return err
		}
		defer func() { _ = reader.Close() }() // it only reads
		letters, err := reader.DeadLetters(cmd.Context(), filter, limit)
		if err != nil {
			return readError(err)
		}
		return printDeadLetters(cmd.OutOrStdout(), as, letters, limit)
	}
	return cmd
}

func printDeadLetters(w io.Writer, format string, letters []clickhouse.DeadLetter, limit int) error {
	if format == formatTable && len(letters) == 0 {
		_, err := fmt.Fprintln(w, "No dead letters.")
		return err
	}
	type letter = clickhouse.DeadLetter
	columns := []column[letter]{
		{name: "stored at", value: func(l letter) string { return l.IngestedAt.UTC().Format(time.RFC3339) }},
		{name: "position", value: func(l letter) string { return fmt.Sprintf("%s/%d/%d", l.Topic, l.Partition, l.Offset) }},
		{name: "reason", value: func(l letter) string { return l.Reason }},
		{name: "bytes", right: true, value: func(l letter) string { return strconv.FormatUint(l.Bytes, 10) }},
		{name: "replayed", value: replayedWords},
		{name: "detail", flex: true, value: func(l letter) string { return l.Detail }},
	}
	if err := printListing(w, format, columns, letters); err != nil || format != formatTable {
		return err
	}
	if len(letters) == limit {
		fmt.Fprintf(w, "\nThe newest %d; --limit shows more.", limit)
	}
	_, err := fmt.Fprintln(w, "\n`earshot deadletters show POSITION` prints a message, `earshot deadletters replay` sends them again.")
	return err
}

// replayedWords says what became of a replay, "" if there was none.
func replayedWords(l clickhouse.DeadLetter) string {
	if l.Replays == 0 {
		return ""
	}
	words := l.ReplayOutcome
	if words == string(pipeline.OutcomeDead) {
		words = "dead again, " + l.ReplayReason
	}
	return words + " at " + l.ReplayedAs
}

func (p *program) deadlettersShowCommand() *cobra.Command {
	var raw, asJSON bool
	cmd := &cobra.Command{
		Use:   "show TOPIC/PARTITION/OFFSET",
		Short: "Print one refused message",
		Long: `Prints why a message was refused, and the message. On a terminal its control
characters are escaped; --raw writes the original bytes and nothing else.`,
		Example: `  earshot deadletters show feedback.events/2/10441
  earshot deadletters show feedback.events/2/10441 --raw > message.json`,
		Args: cobra.ExactArgs(1),
	}
	cmd.Flags().BoolVar(&raw, "raw", false, "the original bytes, nothing else")
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON, the message in base64")
	cmd.MarkFlagsMutuallyExclusive("raw", "json")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		at, err := parsePosition(args[0])
		if err != nil {
			return err
		}
		reader, err := p.reader(cmd)
		if err != nil {
			return err
		}
		defer func() { _ = reader.Close() }() // it only reads
		letter, err := reader.DeadLetter(cmd.Context(), at)
		if err != nil {
			return readError(err)
		}
		if letter == nil {
			return fmt.Errorf("there is no dead letter at %s; `earshot deadletters list` shows the positions", args[0])
		}
		switch w := cmd.OutOrStdout(); {
		case raw:
			_, err = w.Write(letter.Payload)
		case asJSON:
			err = printJSON(w, letter)
		default:
			var replays []clickhouse.DeadLetterReplay
			if replays, err = reader.DeadLetterReplays(cmd.Context(), at); err != nil {
				return readError(err)
			}
			err = printDeadLetter(w, letter, replays)
		}
		return err
	}
	return cmd
}

// parsePosition reads TOPIC/PARTITION/OFFSET.
func parsePosition(s string) (pipeline.Position, error) {
	at, ok := pipeline.ParsePath(s)
	if !ok {
		return at, usagef("%q: write TOPIC/PARTITION/OFFSET, such as feedback.events/2/10441", s)
	}
	return at, nil
}

func printDeadLetter(w io.Writer, l *clickhouse.DeadLetterPayload, replays []clickhouse.DeadLetterReplay) error {
	fmt.Fprintf(w, "position  %s/%d/%d\n", l.Topic, l.Partition, l.Offset)
	fmt.Fprintf(w, "reason    %s: %s\n", printable(l.Reason), printable(l.Detail))
	fmt.Fprintf(w, "sent      %s\n", l.KafkaTime.UTC().Format(time.RFC3339Nano))
	fmt.Fprintf(w, "stored    %s\n", l.IngestedAt.UTC().Format(time.RFC3339Nano))
	if l.ReplayOf != "" {
		fmt.Fprintf(w, "replay of %s\n", printable(l.ReplayOf))
	}
	for _, r := range replays {
		fmt.Fprintf(w, "replayed  %s as %s/%d/%d: %s\n", r.IngestedAt.UTC().Format(time.RFC3339Nano), r.Topic, r.Partition, r.Offset, fateOf(r))
	}
	if len(l.Key) > 0 {
		fmt.Fprintf(w, "key       %s\n", printable(string(l.Key)))
	}
	for _, h := range l.Headers {
		fmt.Fprintf(w, "header    %s: %s\n", printable(h.Key), printable(string(h.Value)))
	}
	fmt.Fprintf(w, "message   %s bytes\n\n", thousands(l.Bytes))
	_, err := fmt.Fprintln(w, escaped(l.Payload))
	return err
}

// fateOf words what became of a replay.
func fateOf(r clickhouse.DeadLetterReplay) string {
	if r.Outcome == string(pipeline.OutcomeDead) {
		return printable("dead again, " + r.Reason + ": " + r.Detail)
	}
	return printable(r.Outcome + " " + r.EventID)
}

// escaped shows bytes as text: line breaks and tabs stay, other characters that
// do not print are written as in a Go string.
func escaped(payload []byte) string {
	var b strings.Builder
	for len(payload) > 0 {
		r, size := utf8.DecodeRune(payload)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, payload[0])
		case r == '\n', r == '\t', strconv.IsGraphic(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
		payload = payload[size:]
	}
	return b.String()
}

func checkLimit(limit int) error {
	if limit < 1 || limit > 100_000 {
		return usagef("--limit %d: choose 1 to 100000", limit)
	}
	return nil
}
