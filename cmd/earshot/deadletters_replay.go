package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
)

type replayFlags struct {
	reason    string
	span      *timeRange
	partition int32
	offset    int64
	limit     int
	rate      string
	wait      time.Duration
	dryRun    bool
	again     bool
	passing   bool
}

func (p *program) deadlettersReplayCommand() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay [TOPIC/PARTITION/OFFSET]",
		Short: "Send refused messages again, as they came",
		Long: `Sends dead letters to the events topic again: the original bytes, key and headers,
and a header that names the dead letter. What becomes of it is stored with that
name, which marks the letter as replayed: a replay that is repeated, was killed or
runs twice at once stores each event once, and what was replayed is left out from
then on, unless --again asks for it. A message that is refused again is a new dead
letter, linked to the first; nothing is tried again by itself.

--dry-run sends nothing and says of each message whether this version of Earshot
would take it now, and why not; --passing sends only those that it would take.`,
		Example: `  earshot deadletters replay --reason bad_time --since 7d --dry-run
  earshot deadletters replay --reason refused --rate 500/s
  earshot deadletters replay feedback.events/2/10441`,
		Args: cobra.MaximumNArgs(1),
	}
	flags := cmd.Flags()
	format := addFormat(flags)
	f.span = addTimeRange(flags, "")
	flags.StringVar(&f.reason, "reason", "", "only those refused for this reason, such as bad_json")
	flags.Int32Var(&f.partition, "partition", -1, "only those of this partition")
	flags.Int64Var(&f.offset, "offset", -1, "only the one at this offset of --partition")
	flags.IntVar(&f.limit, "limit", 0, "send at most this many (default all)")
	flags.StringVar(&f.rate, "rate", "", "send at most `N/s` messages")
	flags.DurationVar(&f.wait, "wait", time.Minute, "how long to wait until the workers have stored what was sent")
	flags.BoolVar(&f.dryRun, "dry-run", false, "send nothing; show what would be sent and whether it would pass now")
	flags.BoolVar(&f.again, "again", false, "also those that were replayed before")
	flags.BoolVar(&f.passing, "passing", false, "leave out what would be refused again")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		filter, err := f.filter(cmd, args, p.clock())
		if err != nil {
			return err
		}
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		return p.replayDeadLetters(cmd, cfg, f, filter, as)
	}
	return cmd
}

// filter checks the flags that select messages.
func (f *replayFlags) filter(cmd *cobra.Command, args []string, now time.Time) (clickhouse.DeadLetterFilter, error) {
	filter := clickhouse.DeadLetterFilter{Reason: f.reason}
	flags := cmd.Flags()
	if f.limit < 0 {
		return filter, usagef("--limit %d: choose 1 or more, or leave it out for all", f.limit)
	}
	if flags.Changed("partition") {
		if f.partition < 0 {
			return filter, usagef("--partition %d: partitions count from 0", f.partition)
		}
		filter.Partition = &f.partition
	}
	if flags.Changed("offset") {
		if f.offset < 0 || filter.Partition == nil {
			return filter, usagef("--offset names a message together with --partition")
		}
		filter.Offset = &f.offset
	}
	if len(args) == 1 {
		at, err := parsePosition(args[0])
		if err != nil {
			return filter, err
		}
		if filter.Partition != nil {
			return filter, usagef("give a position or --partition, not both")
		}
		filter.Topic, filter.Partition, filter.Offset = at.Topic, &at.Partition, &at.Offset
	}
	var err error
	filter.Since, filter.Until, err = f.span.bounds(now)
	return filter, err
}

// replayDeadLetters connects and replays.
func (p *program) replayDeadLetters(cmd *cobra.Command, cfg config.Config, f replayFlags, filter clickhouse.DeadLetterFilter, format string) (err error) {
	rate, err := parseRate(f.rate)
	if err != nil {
		return err
	}
	if err := cfg.RequireKafka(); err != nil {
		return err
	}
	reader, err := openReader(cfg, cfg.Serve.QueryTimeout)
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }() // it only reads
	topic := cfg.Kafka.EventsTopic
	source := kafka.NewSource(kafka.Options{Cluster: cfg.Kafka.Cluster()})
	defer source.Close()
	producer := kafka.NewProducer(kafka.Options{Cluster: cfg.Kafka.Cluster(), Topic: topic})
	defer func() { err = errors.Join(err, producer.Close()) }()
	r := &replayer{
		letters: reader, log: source, send: producer.Send, topic: topic, now: p.clock,
		filter: filter, limit: f.limit, again: f.again, passing: f.passing,
		pace: pacer{rate: rate, start: time.Now()}, progress: newReplayProgress(p.stderr),
	}
	if f.dryRun {
		return r.dryRun(cmd.Context(), cmd.OutOrStdout(), format)
	}
	summary, err := r.run(cmd.Context(), f.wait)
	if perr := summary.print(cmd.OutOrStdout(), format); perr != nil {
		return errors.Join(err, perr)
	}
	return replayError(cmd.Context(), summary, err)
}

// replayError says how to go on.
func replayError(ctx context.Context, s *replaySummary, err error) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("stopped after %s messages; run the same again to go on: what was sent is not sent twice", thousands(s.Sent))
	case err != nil:
		return fmt.Errorf("%w; run the same again to go on: what was sent is not sent twice", readError(err))
	case s.TooLong > 0:
		return fmt.Errorf("%s messages are longer than the events topic takes: raise its max.message.bytes and replay them again", thousands(s.TooLong))
	}
	return nil
}
