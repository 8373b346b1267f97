package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
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
	var tableOnly bool
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Check that every Kafka offset is in ClickHouse exactly once",
		Long: `Checks, for each partition, that the table covers every offset from its first to
its last exactly once, as an event, a duplicate, a dead letter or a skipped offset,
and that it has everything Kafka has. Offsets that are not consumed yet are lag, not
an error, and so are those that Kafka's retention removed after they were stored.

Ends with exit code 4 and the exact ranges when an offset is missing or there twice.`,
		Example: `  earshot audit
  earshot audit --json | jq '.partitions[] | select(.problems != [])'
  earshot audit --table-only        without asking Kafka`,
		Args: cobra.NoArgs,
	}
	format := addFormat(cmd.Flags())
	cmd.Flags().BoolVar(&tableOnly, "table-only", false, "check the table alone, do not ask Kafka what it holds")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		as, err := format.value()
		if err != nil {
			return err
		}
		cfg, err := p.config(cmd)
		if err != nil {
			return err
		}
		partitions, err := auditTable(cmd.Context(), cfg)
		if err != nil {
			return err
		}
		if !tableOnly {
			if partitions, err = auditKafka(cmd.Context(), cfg, partitions); err != nil {
				return fmt.Errorf("%w; --table-only checks the table alone", err)
			}
		}
		return reportAudit(cmd.OutOrStdout(), as, partitions)
	}
	return cmd
}

func auditTable(ctx context.Context, cfg config.Config) ([]clickhouse.PartitionAudit, error) {
	reader, err := openReader(cfg, auditTimeout)
	if err != nil {
		return nil, err
	}
	defer func() { _ = reader.Close() }() // it only reads
	partitions, err := reader.Audit(ctx)
	return partitions, readError(err)
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

// auditTotals sums up all partitions, in offsets.
type auditTotals struct {
	Offsets    uint64 `json:"offsets"`
	Events     uint64 `json:"events"`
	Duplicates uint64 `json:"duplicates"`
	Dead       uint64 `json:"dead"`
	Skipped    uint64 `json:"skipped"`
	Lag        *int64 `json:"lag"` // null: Kafka was not asked
	Gaps       int64  `json:"gaps"`
	Doubles    int64  `json:"doubles"`
	Beyond     int64  `json:"beyond"`
}

func sumAudit(partitions []clickhouse.PartitionAudit) auditTotals {
	var t auditTotals
	for _, p := range partitions {
		t.Offsets += p.Offsets
		t.Events += p.Events
		t.Duplicates += p.Duplicates
		t.Dead += p.Dead
		t.Skipped += p.Skipped
		if p.Lag != nil {
			if t.Lag == nil {
				t.Lag = new(int64)
			}
			*t.Lag += *p.Lag
		}
		for _, r := range p.Problems {
			n := r.Last - r.First + 1
			switch r.Kind {
			case clickhouse.Gap:
				t.Gaps += n
			case clickhouse.Double:
				t.Doubles += n
			case clickhouse.Beyond:
				t.Beyond += n
			}
		}
	}
	return t
}

func (t auditTotals) ok() bool { return t.Gaps == 0 && t.Doubles == 0 && t.Beyond == 0 }

func reportAudit(w io.Writer, format string, partitions []clickhouse.PartitionAudit) error {
	totals := sumAudit(partitions)
	var err error
	switch format {
	case formatJSON:
		err = printJSON(w, map[string]any{"ok": totals.ok(), "totals": totals, "partitions": partitions})
	case formatCSV:
		err = printListing(w, format, auditColumns(), partitions)
	default:
		err = printAudit(w, partitions, totals)
	}
	if err != nil || totals.ok() {
		return err
	}
	return checkFailedf("the audit failed: %d offsets missing, %d there more than once, %d beyond Kafka's end (see the ranges above)",
		totals.Gaps, totals.Doubles, totals.Beyond)
}

func auditColumns() []column[clickhouse.PartitionAudit] {
	type part = clickhouse.PartitionAudit
	count := func(name string, of func(part) uint64) column[part] {
		return column[part]{name: name, right: true, value: func(p part) string { return strconv.FormatUint(of(p), 10) }}
	}
	return []column[part]{
		{name: "partition", value: func(p part) string { return fmt.Sprintf("%s/%d", p.Topic, p.Partition) }},
		{name: "first", right: true, value: func(p part) string { return storedOffset(p, p.First) }},
		{name: "last", right: true, value: func(p part) string { return storedOffset(p, p.Last) }},
		count("rows", func(p part) uint64 { return p.Rows }),
		count("events", func(p part) uint64 { return p.Events }),
		count("dup", func(p part) uint64 { return p.Duplicates }),
		count("dead", func(p part) uint64 { return p.Dead }),
		count("skip", func(p part) uint64 { return p.Skipped }),
		{name: "lag", right: true, value: func(p part) string {
			if p.Lag == nil {
				return "?"
			}
			return strconv.FormatInt(*p.Lag, 10)
		}},
		{name: "check", value: func(p part) string {
			if p.OK() {
				return "ok"
			}
			return "WRONG"
		}},
	}
}

func storedOffset(p clickhouse.PartitionAudit, offset int64) string {
	if p.Rows == 0 {
		return "-"
	}
	return strconv.FormatInt(offset, 10)
}

func printAudit(w io.Writer, partitions []clickhouse.PartitionAudit, totals auditTotals) error {
	if len(partitions) == 0 {
		_, err := fmt.Fprintln(w, "Nothing is stored yet.")
		return err
	}
	if err := printListing(w, formatTable, auditColumns(), partitions); err != nil {
		return err
	}
	for _, p := range partitions {
		for _, r := range p.Problems {
			fmt.Fprintf(w, "\n%s/%d: %s", p.Topic, p.Partition, problemWords(r))
		}
		if p.Incomplete {
			fmt.Fprintf(w, "\n%s/%d: and more", p.Topic, p.Partition)
		}
	}
	fmt.Fprintf(w, "\n%s offsets = %s events + %s duplicates + %s dead letters + %s skipped", thousands(totals.Offsets),
		thousands(totals.Events), thousands(totals.Duplicates), thousands(totals.Dead), thousands(totals.Skipped))
	if totals.Lag != nil {
		fmt.Fprintf(w, "; %s not consumed yet", thousands(*totals.Lag))
	}
	if totals.ok() {
		fmt.Fprint(w, ".\nEvery offset is there exactly once")
	}
	_, err := fmt.Fprintln(w, ".")
	return err
}

func problemWords(r clickhouse.OffsetRange) string {
	what := map[clickhouse.ProblemKind]string{
		clickhouse.Gap:    "missing",
		clickhouse.Double: "more than once",
		clickhouse.Beyond: "stored, but beyond the end of Kafka's log (was the topic made anew?)",
	}[r.Kind]
	if r.First == r.Last {
		return fmt.Sprintf("offset %d %s", r.First, what)
	}
	return fmt.Sprintf("offsets %d to %d %s", r.First, r.Last, what)
}
