package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/pipeline"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
)

// auditTimeout bounds one query of the audit, which reads every row's offset.
const auditTimeout = 10 * time.Minute

func (p *program) auditCommand() *cobra.Command {
	var tableOnly, skipIDs bool
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Check that every Kafka offset is in ClickHouse exactly once",
		Long: `Checks, for each partition, that the table covers every offset from its first to
its last exactly once, as an event, a duplicate, a dead letter or a skipped offset,
and that it has everything Kafka has. Offsets that are not consumed yet are lag, not
an error, and so are those that Kafka's retention removed after they were stored.

It also checks that the rollup from which workers take their position says what the
table does, and that no event id is stored as an event twice. The time grows with the
table; earshot bench ids measures how long it takes.

Ends with exit code 4 and the exact ranges when an offset is missing or there twice.`,
		Example: `  earshot audit
  earshot audit --json | jq '.partitions[] | select(.problems != [])'
  earshot audit --json | jq '.ids.repeated'
  earshot audit --table-only        without asking Kafka`,
		Args: cobra.NoArgs,
	}
	format := addFormat(cmd.Flags())
	cmd.Flags().BoolVar(&tableOnly, "table-only", false, "check the table alone, do not ask Kafka what it holds")
	cmd.Flags().BoolVar(&skipIDs, "skip-ids", false, "do not check that the event ids are unique")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		found, err := auditTable(cmd.Context(), cfg, !skipIDs)
		if err != nil {
			return err
		}
		if !tableOnly {
			if found.partitions, err = auditKafka(cmd.Context(), cfg, found.partitions); err != nil {
				return fmt.Errorf("%w; --table-only checks the table alone", err)
			}
		}
		return found.report(cmd.OutOrStdout(), as)
	}
	return cmd
}

// findings are what an audit found.
type findings struct {
	partitions []clickhouse.PartitionAudit
	ids        *clickhouse.IDAudit // nil: not looked at
}

func auditTable(ctx context.Context, cfg config.Config, withIDs bool) (found findings, err error) {
	reader, err := openReader(cfg, auditTimeout)
	if err != nil {
		return found, err
	}
	defer func() { _ = reader.Close() }() // it only reads
	if found.partitions, err = reader.Audit(ctx); err != nil || !withIDs {
		return found, readError(err)
	}
	var events uint64
	for _, p := range found.partitions {
		events += p.Events
	}
	ids, err := reader.AuditIDs(ctx, events)
	found.ids = &ids
	return found, readError(err)
}

// auditKafka holds the events topic's partitions against Kafka and adds those
// of which nothing is stored. The table was read before: whatever came in since
// is lag.
func auditKafka(ctx context.Context, cfg config.Config, stored []clickhouse.PartitionAudit) ([]clickhouse.PartitionAudit, error) {
	if err := cfg.RequireKafka(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	source := kafka.NewSource(kafka.Options{Cluster: cfg.Kafka.Cluster()})
	defer source.Close()
	topic := cfg.Kafka.EventsTopic
	numbers, err := source.Partitions(ctx, topic)
	if err != nil {
		return nil, err
	}
	out := stored
	for _, number := range numbers {
		first, end, err := source.Bounds(ctx, pipeline.TopicPartition{Topic: topic, Partition: number})
		if err != nil {
			return nil, err
		}
		i := indexPartition(out, topic, number)
		if i < 0 {
			out = append(out, clickhouse.PartitionAudit{Topic: topic, Partition: number, Problems: []clickhouse.OffsetRange{}})
			i = len(out) - 1
		}
		out[i].Compare(first, end)
	}
	return out, nil
}

func indexPartition(partitions []clickhouse.PartitionAudit, topic string, number int32) int {
	for i, p := range partitions {
		if p.Topic == topic && p.Partition == number {
			return i
		}
	}
	return -1
}
