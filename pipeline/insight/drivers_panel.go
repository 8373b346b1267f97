package insight

import (
	"cmp"
	"slices"
	"strings"
)

// Answer is one answer to a KPI with its circumstances and what its text speaks of.
type Answer struct {
	Group                      uint8 // of the customer, below JackknifeGroups
	Value                      int8  // 1 good, -1 bad, else 0: its share in the KPI
	Location, Channel, Segment string
	Negative, Positive         []string // topics it complains of and praises, each once
}

// mixDimensions are the circumstances that answers are compared within.
const mixDimensions = 3

func mixNames() [mixDimensions]string { return [...]string{"locations", "channels", "segments"} }

// Panel holds the answers of one or two periods, about 30 bytes each. The zero
// value is empty and ready.
type Panel struct {
	rows     []panelRow
	values   [mixDimensions]dictionary
	topics   dictionary
	mentions []uint32 // topic<<1, plus 1 for praise; of all rows in their order
}

type panelRow struct {
	end    uint32 // of its mentions; they begin where those of the row before end
	values [mixDimensions]uint32
	group  uint8
	value  int8
	later  bool // of the second period
}

// Add adds an answer of the first or, if later, the second period.
func (p *Panel) Add(later bool, a Answer) {
	r := panelRow{group: a.Group % JackknifeGroups, value: min(1, max(-1, a.Value)), later: later}
	for d, v := range [...]string{a.Location, a.Channel, a.Segment} {
		r.values[d] = p.values[d].id(v)
	}
	for praise, topics := range [][]string{a.Negative, a.Positive} {
		for _, t := range topics {
			p.mentions = append(p.mentions, p.topics.id(t)<<1|uint32(praise))
		}
	}
	r.end = uint32(len(p.mentions))
	p.rows = append(p.rows, r)
}

// Len is the number of answers.
func (p *Panel) Len() int { return len(p.rows) }

// each calls do with every row and its mentions.
func (p *Panel) each(do func(r *panelRow, mentions []uint32)) {
	from := uint32(0)
	for i := range p.rows {
		r := &p.rows[i]
		do(r, p.mentions[from:r.end])
		from = r.end
	}
}

// frequent returns the ids with at least low counts, most frequent first, at most
// limit; of equal ones the first by name, so that the order of rows does not count.
func frequent(counts []int, names func(int) string, low, limit int) []int {
	var ids []int
	for id, n := range counts {
		if n >= low {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(names(a), names(b)))
	})
	return ids[:min(len(ids), limit)]
}
