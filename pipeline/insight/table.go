package insight

import (
	"cmp"
	"slices"
	"time"
)

// Dimension is an attribute of feedback that a finding may name.
type Dimension int

// The dimensions.
const (
	Location Dimension = iota
	Channel
	Product
	Team
	Segment
	dimensions
)

// Observation is one piece of feedback as the miner sees it.
type Observation struct {
	Day        time.Time // local or UTC day
	HourOfWeek uint8     // 0 = Monday 00:00 local
	Values     [dimensions]string
	Negative   []string // topics with a negative mention, each once
	NPS        *uint8   // answer 0..10
}

// Table holds the observations of a period in a compact form, about 28 bytes
// each. The zero value is empty and ready.
type Table struct {
	rows   []entry
	values [dimensions]dictionary
	topics dictionary
	hits   [][]int32 // by topic: the rows that complain about it
	first  time.Time
	span   int32 // days from the first to the last
	last   dated
}

// dated is a time with its day.
type dated struct {
	at  time.Time
	day int32 // since Table.first
}

// entry is one observation; value 0 of a dimension is "not given".
type entry struct {
	day    int32 // since Table.first
	hour   uint8
	nps    int8 // -1: no answer
	values [dimensions]uint32
}

// dictionary numbers strings in the order they come.
type dictionary struct {
	names []string
	ids   map[string]uint32
}

func (d *dictionary) id(name string) uint32 {
	if d.ids == nil {
		d.ids = map[string]uint32{"": 0}
		d.names = []string{""}
	}
	id, ok := d.ids[name]
	if !ok {
		id = uint32(len(d.names))
		d.ids[name] = id
		d.names = append(d.names, name)
	}
	return id
}

// Add adds an observation. The first one must be of the first day; an earlier
// day counts as that. Within a day the order does not matter.
func (t *Table) Add(o Observation) {
	if o.Day != t.last.at || len(t.rows) == 0 { // mostly it is the same
		day := o.Day.UTC().Truncate(24 * time.Hour)
		if len(t.rows) == 0 {
			t.first = day
		}
		t.last = dated{o.Day, max(0, int32(day.Sub(t.first)/(24*time.Hour)))}
	}
	e := entry{day: t.last.day, hour: min(o.HourOfWeek, weekHours-1), nps: -1}
	for d, v := range o.Values {
		e.values[d] = t.values[d].id(v)
	}
	for _, name := range o.Negative {
		t.complain(t.topics.id(name), int32(len(t.rows)))
	}
	if o.NPS != nil {
		e.nps = int8(min(*o.NPS, 10))
	}
	t.span = max(t.span, e.day+1)
	t.rows = append(t.rows, e)
}

// complain notes a topic of a row, once.
func (t *Table) complain(topic uint32, row int32) {
	for int(topic) >= len(t.hits) {
		t.hits = append(t.hits, nil)
	}
	if rows := t.hits[topic]; len(rows) == 0 || rows[len(rows)-1] != row {
		t.hits[topic] = append(rows, row)
	}
}

// settle numbers values and topics by name and sorts the rows by location and day:
// findings then do not depend on the order in which they came, and a location's
// rows lie together.
func (t *Table) settle() {
	for d := range t.values {
		if to := t.values[d].settle(); to != nil {
			for i := range t.rows {
				v := &t.rows[i].values[d]
				*v = to[*v]
			}
		}
	}
	if to := t.topics.settle(); to != nil {
		hits := make([][]int32, len(to))
		for topic, rows := range t.hits {
			hits[to[topic]] = rows
		}
		t.hits = hits
	}
	if !slices.IsSortedFunc(t.rows, compareEntries) {
		t.sort()
	}
}

// sort orders the rows; those that complain stay known.
func (t *Table) sort() {
	order, ends := t.byPlaceAndDay()
	begin := int32(0)
	for _, end := range ends {
		slices.SortFunc(order[begin:end], func(a, b int32) int { return compareEntries(t.rows[a], t.rows[b]) })
		begin = end
	}
	rows, place := make([]entry, len(order)), make([]int32, len(order))
	for to, from := range order {
		rows[to], place[from] = t.rows[from], int32(to)
	}
	t.rows = rows
	for _, hits := range t.hits {
		for i, row := range hits {
			hits[i] = place[row]
		}
		slices.Sort(hits)
	}
}

// byPlaceAndDay lists the rows by location and day, and where each such day ends:
// sorting only within them is far less work.
func (t *Table) byPlaceAndDay() (order, ends []int32) {
	span := int(t.span)
	at := func(e *entry) int { return int(e.values[Location])*span + int(e.day) }
	ends = make([]int32, len(t.values[Location].names)*span)
	for i := range t.rows {
		ends[at(&t.rows[i])]++
	}
	before := int32(0)
	for i, n := range ends {
		ends[i] = before
		before += n
	}
	order = make([]int32, len(t.rows))
	for i := range t.rows {
		place := &ends[at(&t.rows[i])]
		order[*place] = int32(i)
		*place++
	}
	return order, ends
}

func compareEntries(a, b entry) int {
	if c := cmp.Compare(a.values[Location], b.values[Location]); c != 0 {
		return c
	}
	if c := cmp.Compare(a.day, b.day); c != 0 {
		return c
	}
	if c := cmp.Compare(a.hour, b.hour); c != 0 {
		return c
	}
	if c := slices.Compare(a.values[:], b.values[:]); c != 0 {
		return c
	}
	return cmp.Compare(a.nps, b.nps)
}

// settle orders the names and returns the new number of each old one, nil if they
// are in order.
func (d *dictionary) settle() []uint32 {
	if len(d.names) == 0 || slices.IsSorted(d.names) { // "" comes first either way
		return nil
	}
	to := make([]uint32, len(d.names))
	old := d.names
	d.names = slices.Sorted(slices.Values(old))
	for i, name := range d.names {
		to[d.ids[name]] = uint32(i)
	}
	for i, name := range old {
		d.ids[name] = to[i]
	}
	return to
}

// Len is the number of observations.
func (t *Table) Len() int { return len(t.rows) }

// Days is the number of days from the first observation to the last.
func (t *Table) Days() int { return int(t.span) }
