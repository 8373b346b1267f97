package clickhouse

import (
	"context"
	"fmt"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
)

// ProblemKind says what is wrong with a range of offsets.
type ProblemKind string

// The kinds of problems.
const (
	Gap    ProblemKind = "gap"    // Kafka had these offsets, the table has no row for them
	Double ProblemKind = "double" // the table covers these offsets more than once
	Beyond ProblemKind = "beyond" // the table has these offsets, Kafka has not come to them
)

// OffsetRange is a run of offsets, both ends included, with a problem.
type OffsetRange struct {
	Kind  ProblemKind `json:"kind"`
	First int64       `json:"first"`
	Last  int64       `json:"last"`
}

// PartitionAudit is what the table holds of one Kafka partition. Events,
// duplicates, dead and skipped count offsets and add up to Offsets.
type PartitionAudit struct {
	Topic      string        `json:"topic"`
	Partition  int32         `json:"partition"`
	First      int64         `json:"first"` // First > Last: nothing is stored
	Last       int64         `json:"last"`
	Rows       uint64        `json:"rows"`
	Offsets    uint64        `json:"offsets"` // sum of the rows' spans
	Events     uint64        `json:"events"`
	Duplicates uint64        `json:"duplicates"`
	Dead       uint64        `json:"dead"`
	Skipped    uint64        `json:"skipped"`
	Problems   []OffsetRange `json:"problems"`
	// Incomplete means that there are more problems than those listed.
	Incomplete bool `json:"incomplete,omitempty"`

	// What Kafka holds, after Compare.
	KafkaFirst *int64 `json:"kafka_first"`
	KafkaEnd   *int64 `json:"kafka_end"` // one after the last offset
	Lag        *int64 `json:"lag"`       // offsets in Kafka that are not consumed yet
}

// OK reports whether every offset from First to Last is there exactly once.
func (p *PartitionAudit) OK() bool { return len(p.Problems) == 0 }

// maxRanges bounds how many rows with a problem are looked at in a partition.
const maxRanges = 100_000

type auditRow struct {
	Topic      string `ch:"topic"`
	Partition  int32  `ch:"partition"`
	First      int64  `ch:"first_offset"`
	Last       int64  `ch:"last_offset"`
	Rows       uint64 `ch:"row_count"`
	Offsets    uint64 `ch:"offsets"`
	Events     uint64 `ch:"events"`
	Duplicates uint64 `ch:"duplicates"`
	Dead       uint64 `ch:"dead"`
	Skipped    uint64 `ch:"skipped"`
	Chained    uint8  `ch:"chained"`
}

// Audit checks every partition of the table for gaps and doubles, by topic and
// partition. It may run while workers write: each partition is judged as it
// was at one moment.
func (r *Reader) Audit(ctx context.Context) ([]PartitionAudit, error) {
	rows, err := selectRows[auditRow](ctx, r, "audit", Filter{})
	if err != nil {
		return nil, err
	}
	out := make([]PartitionAudit, len(rows))
	for i, row := range rows {
		out[i] = PartitionAudit{
			Topic: row.Topic, Partition: row.Partition, First: row.First, Last: row.Last,
			Rows: row.Rows, Offsets: row.Offsets,
			Events: row.Events, Duplicates: row.Duplicates, Dead: row.Dead, Skipped: row.Skipped,
			Problems: []OffsetRange{},
		}
		if row.Chained != 0 {
			continue
		}
		if err := r.findProblems(ctx, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (r *Reader) findProblems(ctx context.Context, p *PartitionAudit) error {
	rows, err := selectRows[rangeRow](ctx, r, "audit_ranges", Filter{},
		chgo.Named("topic", p.Topic), chgo.Named("partition", p.Partition),
		chgo.Named("last", p.Last), chgo.Named("limit", maxRanges))
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fmt.Errorf("audit of %s/%d: the sums do not match, yet no range is wrong", p.Topic, p.Partition)
	}
	ranges := make([]OffsetRange, len(rows))
	for i, row := range rows {
		ranges[i] = OffsetRange{Kind: ProblemKind(row.Kind), First: row.First, Last: row.Last}
	}
	p.Problems, p.Incomplete = mergeRanges(ranges), len(ranges) == maxRanges
	return nil
}

type rangeRow struct {
	Kind  string `ch:"kind"`
	First int64  `ch:"first"`
	Last  int64  `ch:"last"`
}

// mergeRanges joins neighbours of the same kind; ranges are in order.
func mergeRanges(ranges []OffsetRange) []OffsetRange {
	merged := []OffsetRange{}
	for _, next := range ranges {
		if n := len(merged); n > 0 && merged[n-1].Kind == next.Kind && next.First <= merged[n-1].Last+1 {
			merged[n-1].Last = max(merged[n-1].Last, next.Last)
			continue
		}
		merged = append(merged, next)
	}
	return merged
}

// Compare holds the partition against Kafka's log, which has the offsets from
// first to end-1. What Kafka no longer has is fine; what it has below the
// table's first offset is a gap; what it has beyond the last one is lag.
func (p *PartitionAudit) Compare(first, end int64) {
	next := p.Last + 1
	if p.Rows == 0 {
		p.First, p.Last, next = first, first-1, first
	}
	lag := max(end-max(next, first), 0)
	p.KafkaFirst, p.KafkaEnd, p.Lag = &first, &end, &lag
	if p.Rows == 0 {
		return
	}
	if first < p.First {
		p.Problems = append([]OffsetRange{{Gap, first, min(p.First, end) - 1}}, p.Problems...)
	}
	if next < first { // retention took offsets before they were consumed
		p.Problems = append(p.Problems, OffsetRange{Gap, next, first - 1})
	}
	if next > end {
		p.Problems = append(p.Problems, OffsetRange{Beyond, max(end, p.First), p.Last})
	}
}
