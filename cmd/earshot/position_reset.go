package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// topicName is what Kafka takes for one.
const topicName = `^[a-zA-Z0-9._-]{1,249}$`

type resetOptions struct {
	archive    string
	acceptLoss bool
	partitions []int32
	dryRun     bool
	yes        bool
}

func (p *program) positionResetCommand() *cobra.Command {
	var o resetOptions
	cmd := &cobra.Command{
		Use:   "reset (--archive NAME | --accept-loss)",
		Short: "Go on where a worker has stopped because the log is not the one it read",
		Long: `The ways on when a worker has stopped at its position. Stop the workers first.

--archive NAME is for a topic that was made anew or truncated. The rows of the events
topic get NAME as their topic: feedback stays where it is and counts as before, also
for the check of ids. Workers then read the new log from its beginning; events that
it has in common with the old one become duplicates. All partitions are archived
unless --partition picks some.

--accept-loss is for a log whose retention removed offsets before they were read: one
skipped row with the reason "lost" covers them, as the worker's --accept-loss does.

A partition that a worker is writing is refused. An interrupted reset may be repeated.`,
		Example: `  earshot position reset --archive feedback.events-2026-11 --dry-run
  earshot position reset --archive feedback.events-2026-11
  earshot position reset --accept-loss --partition 3 --yes`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return err
			}
			cfg, err := p.config(cmd)
			if err != nil {
				return err
			}
			if o.archive == cfg.Kafka.EventsTopic {
				return usagef("--archive %s: that is the events topic itself", o.archive)
			}
			house, err := openPositions(cmd.Context(), cfg)
			if err != nil {
				return err
			}
			defer house.close()
			return p.resetPositions(cmd, house, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.archive, "archive", "", "give the stored rows this `topic`, so that the log is read from its beginning")
	flags.BoolVar(&o.acceptLoss, "accept-loss", false, "record the offsets that retention removed unread as lost")
	flags.Int32SliceVar(&o.partitions, "partition", nil, "only these partitions, whatever their state")
	flags.BoolVar(&o.dryRun, "dry-run", false, "say what would be done, and do nothing")
	flags.BoolVar(&o.yes, "yes", false, "do not ask")
	return cmd
}

func (o resetOptions) check() error {
	if (o.archive != "") == o.acceptLoss {
		return usagef("say which way: --archive NAME for a topic that was made anew, --accept-loss for offsets that retention removed")
	}
	if o.archive != "" && !regexp.MustCompile(topicName).MatchString(o.archive) {
		return usagef("--archive %q: letters, digits, dots, dashes and underscores, 249 at most", o.archive)
	}
	return nil
}

// resetPositions does what o says, after asking.
func (p *program) resetPositions(cmd *cobra.Command, house *positions, o resetOptions) error {
	out := cmd.OutOrStdout()
	all, err := house.standings(cmd.Context())
	if err != nil && !errors.Is(err, clickhouse.ErrArchiving) {
		return err
	}
	if err != nil { // an earlier reset was interrupted
		return house.archive(cmd.Context(), out, nil, o.archive)
	}
	chosen, err := o.choose(all)
	if err != nil {
		return err
	}
	for _, s := range chosen {
		fmt.Fprintln(out, o.plan(s))
	}
	if o.dryRun {
		_, err := fmt.Fprintln(out, "Nothing was changed (--dry-run).")
		return err
	}
	if err := p.confirm(out, o.yes); err != nil {
		return err
	}
	if o.acceptLoss {
		return house.recordLoss(cmd.Context(), p, out, chosen)
	}
	if err := house.archiveIsNew(cmd.Context(), o.archive, chosen); err != nil {
		return err
	}
	tps := make([]pipeline.TopicPartition, len(chosen))
	for i := range chosen {
		tps[i] = chosen[i].tp()
	}
	return house.archive(cmd.Context(), out, tps, o.archive)
}

// choose picks the partitions to reset.
func (o resetOptions) choose(all []standing) ([]standing, error) {
	for _, number := range o.partitions {
		if !slices.ContainsFunc(all, func(s standing) bool { return s.Partition == number }) {
			return nil, usagef("--partition %d: the topic has no such partition", number)
		}
	}
	picked := slices.DeleteFunc(slices.Clone(all), func(s standing) bool {
		if len(o.partitions) > 0 && !slices.Contains(o.partitions, s.Partition) {
			return true
		}
		return s.Next == nil || o.acceptLoss && s.State != positionBehind
	})
	replaced := slices.ContainsFunc(all, func(s standing) bool { return s.State == positionBeyond || s.State == positionDiffers })
	switch {
	case len(picked) == 0 && o.acceptLoss:
		return nil, errors.New("no partition is behind retention: nothing was lost (earshot position show)")
	case len(picked) == 0:
		return nil, errors.New("nothing is stored of these partitions: workers begin with the log anyway")
	case !o.acceptLoss && !replaced && len(o.partitions) == 0:
		return nil, errors.New("the log goes on where the table ends: there is nothing to reset (--partition archives one nevertheless)")
	}
	return picked, nil
}

func (o resetOptions) plan(s standing) string {
	if o.acceptLoss {
		return fmt.Sprintf("%s/%d: record offsets %d to %d as lost", s.Topic, s.Partition, *s.Next, s.KafkaFirst-1)
	}
	return fmt.Sprintf("%s/%d (%s): archive the rows before offset %d as %s, then read the log from offset %d",
		s.Topic, s.Partition, s.State, *s.Next, o.archive, s.KafkaFirst)
}

// confirm asks on a terminal; elsewhere --yes has to say it.
func (p *program) confirm(out io.Writer, yes bool) error {
	if yes {
		return nil
	}
	if _, show := terminal(out); !show {
		return usagef("nobody to ask here: give --yes")
	}
	fmt.Fprint(out, "Go on? [y/N] ")
	answer, err := bufio.NewReader(p.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("answer: %w", err)
	}
	if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
		return errors.New("nothing was changed")
	}
	return nil
}

func (h *positions) recordLoss(ctx context.Context, p *program, out io.Writer, chosen []standing) error {
	for _, s := range chosen {
		lost, err := h.writer.RecordLoss(ctx, s.tp(), s.KafkaFirst, p.clock())
		if err != nil {
			return fmt.Errorf("%s/%d: %w", s.Topic, s.Partition, err)
		}
		fmt.Fprintf(out, "%s/%d: %d offsets recorded as lost; workers go on at %d\n", s.Topic, s.Partition, lost, s.KafkaFirst)
	}
	return nil
}

// archiveIsNew keeps two logs from becoming one topic.
func (h *positions) archiveIsNew(ctx context.Context, name string, chosen []standing) error {
	for _, s := range chosen {
		held, err := h.writer.Standing(ctx, pipeline.TopicPartition{Topic: name, Partition: s.Partition})
		if err != nil {
			return readError(err)
		}
		if held.Found {
			return fmt.Errorf("--archive %s: partition %d of that name is in the table already, take another name", name, s.Partition)
		}
	}
	return nil
}

func (h *positions) archive(ctx context.Context, out io.Writer, tps []pipeline.TopicPartition, name string) error {
	left := int64(-1)
	err := h.writer.Archive(ctx, tps, name, func(parts int64) {
		if _, show := terminal(out); show && parts != left {
			fmt.Fprintf(out, "\r\x1b[Krewriting: %d parts left ", parts)
			left = parts
		}
	})
	if left >= 0 {
		fmt.Fprintln(out)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "Done. Start the workers; earshot audit checks the result.")
	return err
}
