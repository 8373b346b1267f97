package soak

import (
	"testing"
)

// scene is a small run without any fault: its log and the table it becomes.
func scene(t *testing.T) (*feed, *ledger, *logTruth, []stored) {
	t.Helper()
	f := testFeed(11, 6000)
	l := newLedger(f.Count)
	log := &logTruth{partitions: map[int32]*partitionLog{0: {start: 5}, 1: {}}}
	firsts := map[int]place{}
	var table []stored
	for i := range f.Count {
		k, of := f.role(i)
		p := int32(of % 2)
		if k == reimport {
			p = 1 - p
		}
		part := log.partitions[p]
		at := place{p, part.start + int64(len(part.index))}
		part.index = append(part.index, int32(i))
		l.ack(i, at)
		row := stored{place: at, Span: 1, Outcome: outcomeEvent, ID: f.id(of)}
		if k == bad {
			m := f.message(i)
			row.Outcome, row.Reason, row.Payload = outcomeDead, m.Reason, string(m.Value)
		} else if first, known := firsts[of]; known {
			row.Outcome, row.First = outcomeDuplicate, first
		} else {
			firsts[of] = at
		}
		table = append(table, row)
	}
	return f, l, log, table
}

func judge(f *feed, l *ledger, log *logTruth, table []stored) *verdict {
	v := &verdict{}
	c := newComparison(f, log, v)
	c.acknowledged(l)
	for _, r := range table {
		c.row(r)
	}
	c.finish()
	return v
}

func find(t *testing.T, table []stored, outcome int8) int {
	t.Helper()
	for i := len(table) - 1; i >= 0; i-- {
		if table[i].Outcome == outcome {
			return i
		}
	}
	t.Fatalf("no row with outcome %d", outcome)
	return 0
}

func TestVerdict(t *testing.T) {
	cases := []struct {
		name   string
		break_ func(t *testing.T, l *ledger, log *logTruth, table []stored) []stored
		want   string // kind of the violation; "" = none
	}{
		{"nothing", func(_ *testing.T, _ *ledger, _ *logTruth, table []stored) []stored { return table }, ""},
		{"row gone", func(_ *testing.T, _ *ledger, _ *logTruth, table []stored) []stored { return table[1:] }, "lost"},
		{"row twice", func(_ *testing.T, _ *ledger, _ *logTruth, table []stored) []stored { return append(table, table[17]) }, "doubled"},
		{"row of nowhere", func(_ *testing.T, _ *ledger, _ *logTruth, table []stored) []stored {
			r := table[0]
			r.Offset = 1 << 40
			return append(table, r)
		}, "invented"},
		{"duplicate counts", func(t *testing.T, _ *ledger, _ *logTruth, table []stored) []stored {
			table[find(t, table, outcomeDuplicate)].Outcome = outcomeEvent
			return table
		}, "duplicate counted"},
		{"duplicate names another", func(t *testing.T, _ *ledger, _ *logTruth, table []stored) []stored {
			table[find(t, table, outcomeDuplicate)].First.Offset++
			return table
		}, "duplicate's first"},
		{"event does not count", func(t *testing.T, _ *ledger, _ *logTruth, table []stored) []stored {
			table[find(t, table, outcomeEvent)].Outcome = outcomeDuplicate
			return table
		}, "event missing"},
		{"other content", func(t *testing.T, _ *ledger, _ *logTruth, table []stored) []stored {
			table[find(t, table, outcomeEvent)].ID = "soak-11-0"
			return table
		}, "content"},
		{"dead letter changed", func(t *testing.T, _ *ledger, _ *logTruth, table []stored) []stored {
			table[find(t, table, outcomeDead)].Payload += "x"
			return table
		}, "dead letter"},
		{"dead letter for another reason", func(t *testing.T, _ *ledger, _ *logTruth, table []stored) []stored {
			table[find(t, table, outcomeDead)].Reason = "bad_id"
			return table
		}, "dead letter"},
		{"skipped offset", func(_ *testing.T, _ *ledger, _ *logTruth, table []stored) []stored {
			table[3].Span = 2
			return table
		}, "span"},
		{"broker forgot", func(_ *testing.T, _ *ledger, log *logTruth, table []stored) []stored {
			part := log.partitions[1]
			part.index = part.index[:len(part.index)-1]
			return table
		}, "lost by the broker"},
		{"never fed", func(_ *testing.T, l *ledger, _ *logTruth, table []stored) []stored {
			l.partition[9] = -1
			return table
		}, "not fed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f, l, log, table := scene(t)
			v := judge(f, l, log, c.break_(t, l, log, table))
			if c.want == "" && !v.ok() || c.want != "" && v.counts[c.want] == 0 {
				t.Errorf("want %q, got %v: %q", c.want, v.counts, v.lines)
			}
		})
	}
}

// What a killed producer sent without hearing of it is a duplicate, and planned
// sums still hold.
func TestSentAgain(t *testing.T) {
	f, l, log, table := scene(t)
	part := log.partitions[0]
	again := int(part.index[40])
	at := place{0, part.start + int64(len(part.index))}
	part.index = append(part.index, int32(again))
	_, of := f.role(again)
	first := newComparison(f, log, &verdict{}).first[of]
	table = append(table, stored{place: at, Span: 1, Outcome: outcomeDuplicate, ID: f.id(of), First: first})
	if v := judge(f, l, log, table); !v.ok() {
		t.Error(v.lines)
	}
}
