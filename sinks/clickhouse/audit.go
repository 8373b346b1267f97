package clickhouse

import (
	"context"
	"fmt"

	chgo "github.com/ClickHouse/clickhouse-go/v2"

	"earshot/pipeline"
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
	// RollupWrong means that the projection positions, from which workers take
	// their position, does not say what the table does.
	RollupWrong bool `json:"rollup_wrong"`

	// What Kafka holds, after Compare.
	KafkaFirst *int64 `json:"kafka_first"`
	KafkaEnd   *int64 `json:"kafka_end"` // one after the last offset
	Lag        *int64 `json:"lag"`       // offsets in Kafka that are not consumed yet
}

// OK reports whether every offset from First to Last is there exactly once, and
// the rollup says so, too.
func (p *PartitionAudit) OK() bool { return len(p.Problems) == 0 && !p.RollupWrong }

// maxRanges bounds how many rows with a problem are looked at in a partition.
const maxRanges = 100_000

// auditRow is what a partition holds of one outcome.
type auditRow struct {
	Topic     string `ch:"topic"`
	Partition int32  `ch:"partition"`
	Outcome   string `ch:"outcome_name"`
	First     int64  `ch:"first_offset"`
	Next      int64  `ch:"next_offset"`
	Rows      uint64 `ch:"row_count"`
	Offsets   uint64 `ch:"offsets"`
	Jumps     int64  `ch:"jumps"` // only of the table, not of the rollup
}

// Audit checks every partition of the table for gaps and doubles, by topic and
// partition, and the rollup that workers take their position from against the
// table. It may run while workers write: each partition is judged as it was at
// one moment.
func (r *Reader) Audit(ctx context.Context) ([]PartitionAudit, error) {
	before, err := selectRows[auditRow](ctx, r, "audit_rollup", Filter{})
	if err != nil {
		return nil, err
	}
	rows, err := selectRows[auditRow](ctx, r, "audit", Filter{})
	if err != nil {
		return nil, err
	}
	after, err := selectRows[auditRow](ctx, r, "audit_rollup", Filter{})
	if err != nil {
		return nil, err
	}
	wrong := rollupProblems(before, rows, after)
	out := []PartitionAudit{}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Topic == rows[0].Topic && rows[n].Partition == rows[0].Partition {
			n++
		}
		p, chained := newPartitionAudit(rows[:n])
		p.RollupWrong = wrong[partitionKey{p.Topic, p.Partition}]
		if !chained {
			if err := r.findProblems(ctx, &p); err != nil {
				return nil, err
			}
		}
		out, rows = append(out, p), rows[n:]
	}
	return out, nil
}

// newPartitionAudit sums up a partition's outcomes; chained says whether they
// cover every offset from the first to the last once.
func newPartitionAudit(rows []auditRow) (p PartitionAudit, chained bool) {
	p = PartitionAudit{Topic: rows[0].Topic, Partition: rows[0].Partition, First: rows[0].First, Problems: []OffsetRange{}}
	next, jumps := rows[0].Next, int64(0)
	for _, row := range rows {
		p.First, next = min(p.First, row.First), max(next, row.Next)
		p.Rows += row.Rows
		p.Offsets += row.Offsets
		jumps += row.Jumps
		switch pipeline.Outcome(row.Outcome) {
		case pipeline.OutcomeEvent:
			p.Events = row.Offsets
		case pipeline.OutcomeDuplicate:
			p.Duplicates = row.Offsets
		case pipeline.OutcomeDead:
			p.Dead = row.Offsets
		case pipeline.OutcomeSkipped:
			p.Skipped = row.Offsets
		}
	}
	p.Last = next - 1
	return p, p.Offsets == uint64(next-p.First) && jumps == int64(intHash(next)-intHash(p.First))
}

// intHash is ClickHouse's intHash64: the finalizer of MurmurHash3.
func intHash(offset int64) uint64 {
	x := uint64(offset) ^ 0x4cf2d2baae6da887 // so that 0 is not 0
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

type partitionKey struct {
	topic     string
	partition int32
}

// rollupProblems names the partitions whose rollup differs from the table. The
// rollup was read before and after the table and only grows, so the table must
// lie between the two; without new rows, that is equality.
func rollupProblems(before, table, after []auditRow) map[partitionKey]bool {
	type key struct {
		partitionKey
		outcome string
	}
	index := func(rows []auditRow) map[key]auditRow {
		m := make(map[key]auditRow, len(rows))
		for _, row := range rows {
			m[key{partitionKey{row.Topic, row.Partition}, row.Outcome}] = row
		}
		return m
	}
	earlier, truth, later := index(before), index(table), index(after)
	for k := range later { // rows that only a rollup has are as wrong as those that it lacks
		if _, there := truth[k]; !there {
			truth[k] = auditRow{}
		}
	}
	wrong := map[partitionKey]bool{}
	for k, row := range truth {
		low, high := earlier[k], later[k]
		between := low.Rows <= row.Rows && row.Rows <= high.Rows && low.Offsets <= row.Offsets && row.Offsets <= high.Offsets &&
			low.Next <= row.Next && row.Next <= high.Next
		if !between || row.Rows > 0 && row.First < high.First || low.Rows > 0 && low.First < row.First {
			wrong[k.partitionKey] = true
		}
	}
	return wrong
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
