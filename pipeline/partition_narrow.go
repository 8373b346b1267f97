package pipeline

import (
	"fmt"
	"strings"
)

// suspects is a run of records one of which the sink refuses. It is halved: the
// first half is written alone, and what remains suspect is it or the rest of
// the run. So at most log2(n) further batches are refused.
type suspects struct {
	end  int64 // the offset after the run
	rows int   // 0: nobody is under suspicion
}

func (s suspects) active() bool { return s.rows > 0 }

// limit is how many rows the next batch may have.
func (s suspects) limit() int { return max(1, s.rows/2) }

// refusedBatch remembers which records are under suspicion after the sink
// refused a batch. A record that was alone in it is condemned: the next time it
// is read, it becomes a dead letter. The error is final.
func (p *partition) refusedBatch(records []Record, cause error) error {
	first, last := &records[0], &records[len(records)-1]
	if len(records) > 1 {
		p.suspects = suspects{end: last.Offset + last.Span, rows: len(records)}
		p.log.Warn("the sink refuses a record, looking for it", "first", first.Offset, "rows", len(records), "error", cause)
		return nil
	}
	p.suspects = suspects{}
	if _, again := p.refused[first.Offset]; again || first.Outcome == OutcomeSkipped {
		return &FatalError{Err: cause, Advice: fmt.Sprintf("the table takes no row for offset %d at all, not even as a dead letter: "+
			"look for a constraint on records that refuses it", first.Offset)}
	}
	if p.refused == nil {
		p.refused = map[int64]*Reject{}
	}
	p.refused[first.Offset] = &Reject{Reason: Refused, Detail: oneLine(cause.Error())}
	p.log.Error("the sink refuses a record, it becomes a dead letter", "offset", first.Offset, "error", cause)
	return nil
}

// written takes a batch's records off the suspects.
func (p *partition) written(records []Record) {
	last := &records[len(records)-1]
	if p.suspects.rows -= len(records); last.Offset+last.Span >= p.suspects.end || p.suspects.rows < 0 {
		p.suspects = suspects{}
	}
	for offset := range p.refused {
		if offset < p.stored {
			delete(p.refused, offset)
		}
	}
}

// maxDetail bounds what a dead letter says, in bytes.
const maxDetail = 2000

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxDetail {
		s = strings.ToValidUTF8(s[:maxDetail], "") + "…"
	}
	return s
}
