package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/pipeline"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
)

// positionTimeout bounds the looks at Kafka and the table.
const positionTimeout = time.Minute

// positionState says how a partition's log and the table's position fit.
type positionState string

const (
	positionOK      positionState = "ok"
	positionBehind  positionState = "behind retention" // the log begins after the position
	positionBeyond  positionState = "beyond the log"   // the log ends before the position
	positionDiffers positionState = "log differs"      // the log has another record there
)

// standing is one partition's position, in the table and in Kafka.
type standing struct {
	Topic      string        `json:"topic"`
	Partition  int32         `json:"partition"`
	Next       *int64        `json:"next"` // the offset to read next; null: nothing is stored
	KafkaFirst int64         `json:"kafka_first"`
	KafkaEnd   int64         `json:"kafka_end"` // one after the last offset
	Lag        int64         `json:"lag"`       // offsets that are not consumed yet
	State      positionState `json:"state"`
}

func (s *standing) tp() pipeline.TopicPartition {
	return pipeline.TopicPartition{Topic: s.Topic, Partition: s.Partition}
}

func (p *program) positionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "position",
		Short: "Show where each partition goes on, and begin anew where the log is another one",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(p.positionShowCommand(), p.positionResetCommand())
	return cmd
}

func (p *program) positionShowCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Compare the table's position with Kafka's log, per partition",
		Long: `Shows, for each partition of the events topic, the offset that a worker reads next,
the log's bounds in Kafka and whether they fit:

  ok                the worker goes on there
  behind retention  Kafka removed offsets before they were read
  beyond the log    the log ends before the position: made anew, or truncated
  log differs       the log has another record there: made anew

A worker stops at all but the first; "earshot position reset" is the way on. Ends with
exit code 4 when a partition is not ok.`,
		Example: `  earshot position show
  earshot position show --json`,
		Args: cobra.NoArgs,
	}
	format := addFormat(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		house, err := openPositions(cmd.Context(), cfg)
		if err != nil {
			return err
		}
		defer house.close()
		all, err := house.standings(cmd.Context())
		if err != nil {
			return err
		}
		if err := printListing(cmd.OutOrStdout(), as, positionColumns(), all); err != nil {
			return err
		}
		if bad := inTrouble(all); len(bad) > 0 {
			return checkFailedf("%d of %d partitions cannot go on: see earshot position reset --help", len(bad), len(all))
		}
		return nil
	}
	return cmd
}

func positionColumns() []column[standing] {
	number := func(name string, of func(standing) int64) column[standing] {
		return column[standing]{name: name, right: true, value: func(s standing) string { return strconv.FormatInt(of(s), 10) }}
	}
	return []column[standing]{
		{name: "partition", value: func(s standing) string { return fmt.Sprintf("%s/%d", s.Topic, s.Partition) }},
		{name: "next", right: true, value: func(s standing) string {
			if s.Next == nil {
				return "-"
			}
			return strconv.FormatInt(*s.Next, 10)
		}},
		number("kafka first", func(s standing) int64 { return s.KafkaFirst }),
		number("kafka end", func(s standing) int64 { return s.KafkaEnd }),
		number("lag", func(s standing) int64 { return s.Lag }),
		{name: "state", value: func(s standing) string { return string(s.State) }},
	}
}

func inTrouble(all []standing) []standing {
	return slices.DeleteFunc(slices.Clone(all), func(s standing) bool { return s.State == positionOK })
}

// positions asks the table and Kafka.
type positions struct {
	topic  string
	writer *clickhouse.Writer
	source *kafka.Source
	close  func()
}

func openPositions(ctx context.Context, cfg config.Config) (*positions, error) {
	if err := errors.Join(cfg.RequireKafka(), cfg.RequireClickHouse()); err != nil {
		return nil, err
	}
	conn, err := clickhouse.Open(cfg.ClickHouse.Server())
	if err != nil {
		return nil, readError(err)
	}
	writer, err := clickhouse.NewWriter(ctx, conn, nil)
	if err != nil {
		_ = conn.Close() // the other error counts
		return nil, readError(err)
	}
	source := kafka.NewSource(kafka.Options{Cluster: cfg.Kafka.Cluster()})
	return &positions{topic: cfg.Kafka.EventsTopic, writer: writer, source: source, close: func() {
		source.Close()
		_ = conn.Close() // nothing is buffered
	}}, nil
}

// standings compares all partitions of the events topic, in order.
func (h *positions) standings(ctx context.Context) ([]standing, error) {
	ctx, cancel := context.WithTimeout(ctx, positionTimeout)
	defer cancel()
	numbers, err := h.source.Partitions(ctx, h.topic)
	if err != nil {
		return nil, err
	}
	slices.Sort(numbers)
	all := make([]standing, 0, len(numbers))
	for _, number := range numbers {
		s, err := h.standing(ctx, pipeline.TopicPartition{Topic: h.topic, Partition: number})
		if err != nil {
			return nil, fmt.Errorf("%s/%d: %w", h.topic, number, readError(err))
		}
		all = append(all, s)
	}
	return all, nil
}

func (h *positions) standing(ctx context.Context, tp pipeline.TopicPartition) (standing, error) {
	s := standing{Topic: tp.Topic, Partition: tp.Partition, State: positionOK}
	stand, err := h.writer.Standing(ctx, tp)
	if err != nil {
		return s, err
	}
	if s.KafkaFirst, s.KafkaEnd, err = h.source.Bounds(ctx, tp); err != nil {
		return s, err
	}
	next := s.KafkaFirst
	if stand.Found {
		next, s.Next = stand.Next, &stand.Next
	}
	s.Lag = max(0, s.KafkaEnd-max(next, s.KafkaFirst))
	switch {
	case next < s.KafkaFirst:
		s.State = positionBehind
	case next > s.KafkaEnd:
		s.State = positionBeyond
	case stand.Found && next > s.KafkaFirst && !stand.Last.IsZero():
		same, err := h.sameRecord(ctx, tp, next-1, stand.Last)
		if err != nil {
			return s, err
		}
		if !same {
			s.State = positionDiffers
		}
	}
	return s, nil
}

// sameRecord reports whether the log's record at an offset came to Kafka at that
// time, as far as it tells.
func (h *positions) sameRecord(ctx context.Context, tp pipeline.TopicPartition, offset int64, stored time.Time) (bool, error) {
	chunk, err := h.source.Fetch(ctx, tp, offset)
	if errors.Is(err, pipeline.ErrOffsetOutOfRange) { // retention has just removed it
		return true, nil
	}
	if err != nil || len(chunk.Messages) == 0 {
		return true, err
	}
	found := chunk.Messages[0]
	return found.SkipReason != "" || found.Time.Unix() <= 0 || found.Time.UnixMilli() == stored.UnixMilli(), nil
}
