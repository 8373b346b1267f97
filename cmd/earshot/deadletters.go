package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
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
		Short: "Look at messages that were refused, and why",
		Long: `A message that is no valid event becomes a dead letter: it is kept as it came, with
the reason and its Kafka position, and the partition goes on. The reasons are
described in docs/events.md.`,
	}
	cmd.AddCommand(p.deadlettersListCommand(), p.deadlettersShowCommand())
	return cmd
}

func (p *program) deadlettersListCommand() *cobra.Command {
	var reason string
	var limit int
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List refused messages, newest first",
		Example: `  earshot deadletters list --since 1d
  earshot deadletters list --reason bad_time --json`,
		Args: cobra.NoArgs,
	}
	flags := cmd.Flags()
	format := addFormat(flags)
	span := addTimeRange(flags, "")
	flags.StringVar(&reason, "reason", "", "only those refused for this reason, such as bad_json")
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
		{name: "detail", flex: true, value: func(l letter) string { return l.Detail }},
	}
	if err := printListing(w, format, columns, letters); err != nil || format != formatTable {
		return err
	}
	if len(letters) == limit {
		fmt.Fprintf(w, "\nThe newest %d; --limit shows more.", limit)
	}
	_, err := fmt.Fprintln(w, "\n`earshot deadletters show POSITION` prints a message.")
	return err
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
			err = printDeadLetter(w, letter)
		}
		return err
	}
	return cmd
}

// parsePosition reads TOPIC/PARTITION/OFFSET.
func parsePosition(s string) (pipeline.Position, error) {
	parts := strings.Split(s, "/")
	if len(parts) == 3 && parts[0] != "" {
		partition, err := strconv.ParseInt(parts[1], 10, 32)
		offset, err2 := strconv.ParseInt(parts[2], 10, 64)
		if err == nil && err2 == nil && partition >= 0 && offset >= 0 {
			tp := pipeline.TopicPartition{Topic: parts[0], Partition: int32(partition)}
			return pipeline.Position{TopicPartition: tp, Offset: offset}, nil
		}
	}
	return pipeline.Position{}, usagef("%q: write TOPIC/PARTITION/OFFSET, such as feedback.events/2/10441", s)
}

func printDeadLetter(w io.Writer, l *clickhouse.DeadLetterPayload) error {
	fmt.Fprintf(w, "position  %s/%d/%d\n", l.Topic, l.Partition, l.Offset)
	fmt.Fprintf(w, "reason    %s: %s\n", printable(l.Reason), printable(l.Detail))
	fmt.Fprintf(w, "sent      %s\n", l.KafkaTime.UTC().Format(time.RFC3339Nano))
	fmt.Fprintf(w, "stored    %s\n", l.IngestedAt.UTC().Format(time.RFC3339Nano))
	for _, name := range slices.Sorted(maps.Keys(l.Headers)) {
		fmt.Fprintf(w, "header    %s: %s\n", printable(name), printable(l.Headers[name]))
	}
	fmt.Fprintf(w, "message   %s bytes\n\n", thousands(l.Bytes))
	_, err := fmt.Fprintln(w, escaped(l.Payload))
	return err
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
