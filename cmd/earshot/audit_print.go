package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"earshot/sinks/clickhouse"
)

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
	Rollups    int    `json:"rollups_wrong"` // partitions
	Repeated   int    `json:"repeated_ids"`
}

func (f findings) totals() auditTotals {
	var t auditTotals
	if f.ids != nil {
		t.Repeated = len(f.ids.Repeated)
	}
	for _, p := range f.partitions {
		if p.RollupWrong {
			t.Rollups++
		}
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

func (t auditTotals) ok() bool {
	return t.Gaps == 0 && t.Doubles == 0 && t.Beyond == 0 && t.Rollups == 0 && t.Repeated == 0
}

// failure says in one line what is wrong.
func (t auditTotals) failure() error {
	var wrong []string
	for _, w := range []struct {
		n    int64
		what string
	}{
		{t.Gaps, "offsets missing"}, {t.Doubles, "there more than once"}, {t.Beyond, "beyond Kafka's end"},
		{int64(t.Rollups), "partitions with a wrong rollup"}, {int64(t.Repeated), "ids stored as an event twice"},
	} {
		if w.n > 0 {
			wrong = append(wrong, fmt.Sprintf("%d %s", w.n, w.what))
		}
	}
	return checkFailedf("the audit failed: %s (see above)", strings.Join(wrong, ", "))
}

func (f findings) report(w io.Writer, format string) error {
	totals := f.totals()
	var err error
	switch format {
	case formatJSON:
		err = printJSON(w, map[string]any{"ok": totals.ok(), "totals": totals, "partitions": f.partitions, "ids": f.ids})
	case formatCSV:
		err = printListing(w, format, auditColumns(), f.partitions)
	default:
		err = f.print(w, totals)
	}
	if err != nil || totals.ok() {
		return err
	}
	return totals.failure()
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
		{name: "kafka first", right: true, value: func(p part) string { return kafkaOffset(p.KafkaFirst, 0) }},
		{name: "kafka last", right: true, value: func(p part) string { return kafkaOffset(p.KafkaEnd, -1) }},
		{name: "lag", right: true, value: func(p part) string { return kafkaOffset(p.Lag, 0) }},
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

// kafkaOffset is what Kafka said plus delta, if it was asked.
func kafkaOffset(v *int64, delta int64) string {
	if v == nil {
		return "?"
	}
	return strconv.FormatInt(*v+delta, 10)
}

func (f findings) print(w io.Writer, totals auditTotals) error {
	if len(f.partitions) == 0 {
		_, err := fmt.Fprintln(w, "Nothing is stored yet.")
		return err
	}
	if err := printListing(w, formatTable, auditColumns(), f.partitions); err != nil {
		return err
	}
	var b strings.Builder
	f.printProblems(&b)
	fmt.Fprintf(&b, "\n%s offsets = %s events + %s duplicates + %s dead letters + %s skipped", thousands(totals.Offsets),
		thousands(totals.Events), thousands(totals.Duplicates), thousands(totals.Dead), thousands(totals.Skipped))
	if totals.Lag != nil {
		fmt.Fprintf(&b, "; %s not consumed yet", thousands(*totals.Lag))
	}
	b.WriteString(".\n")
	if totals.Gaps == 0 && totals.Doubles == 0 && totals.Beyond == 0 {
		b.WriteString("Every offset is there exactly once")
		if f.ids != nil && totals.Repeated == 0 {
			b.WriteString(", and no event id twice")
		}
		b.WriteString(".\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (f findings) printProblems(b *strings.Builder) {
	for _, p := range f.partitions {
		for _, r := range p.Problems {
			fmt.Fprintf(b, "\n%s/%d: %s", p.Topic, p.Partition, problemWords(r))
		}
		if p.Incomplete {
			fmt.Fprintf(b, "\n%s/%d: and more", p.Topic, p.Partition)
		}
		if p.RollupWrong {
			fmt.Fprintf(b, "\n%s/%d: the projection positions differs from the table: ALTER TABLE records MATERIALIZE PROJECTION positions mends it",
				p.Topic, p.Partition)
		}
	}
	if f.ids == nil {
		return
	}
	for _, id := range f.ids.Repeated {
		fmt.Fprintf(b, "\n%s", id)
	}
	if f.ids.Incomplete {
		b.WriteString("\nand more ids")
	}
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
