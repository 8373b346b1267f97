package insight

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Options tune the miner; the zero value is the default.
type Options struct {
	MaxQ     float64 // false discovery rate; 0: 0.01
	MinCount int     // negative mentions a finding needs; 0: 10
	MinLift  float64 // lower end of the lift's interval; 0: 1.25
	MaxTopic int     // findings for each topic; 0: 12
	// Names gives topics a short name for complaints: "slow service".
	Names map[string]string
}

func (o Options) withDefaults() Options {
	if o.MaxQ == 0 {
		o.MaxQ = 0.01
	}
	if o.MinCount == 0 {
		o.MinCount = 10
	}
	if o.MinLift == 0 {
		o.MinLift = 1.25
	}
	if o.MaxTopic == 0 {
		o.MaxTopic = 12
	}
	return o
}

// Finding is a cell with more negative mentions of a topic than its traffic
// explains. A nil dimension means any.
type Finding struct {
	Kind      string     `json:"kind"` // context
	Topic     string     `json:"topic"`
	Sentiment string     `json:"sentiment"` // negative
	Location  *string    `json:"location"`
	Channel   *string    `json:"channel"`
	Product   *string    `json:"product"`
	Team      *string    `json:"team"`
	Segment   *string    `json:"segment"`
	Weekdays  []int      `json:"weekdays"` // ISO, Monday 1; null: any
	Hours     []int      `json:"hours"`    // local; null: any
	Lift      float64    `json:"lift"`     // times what the topic's rates elsewhere make expected
	LiftLow   float64    `json:"lift_low"` // 95 %
	LiftHigh  float64    `json:"lift_high"`
	Q         float64    `json:"q"`
	Since     *time.Time `json:"since"`      // day of a change; null: none found in the period
	Count     int        `json:"count"`      // negative mentions
	Exposure  int        `json:"exposure"`   // all feedback in the cell
	NPSPoints *float64   `json:"nps_points"` // what the complaints cost; null: too few answers
	Sentence  string     `json:"sentence"`

	strength float64
}

// cell is what a finding is about: a value of one dimension (or all), in a
// window of the week, from a day on.
type cell struct {
	dim    Dimension // dimensions: the whole chain
	value  uint32
	window window
	from   int32 // 0: all the time
}

func (c cell) covers(e *entry) bool {
	return e.day >= c.from && (c.dim == dimensions || e.values[c.dim] == c.value) && c.window.covers(e.hour)
}

// candidate is the best cell of a family of cells that were looked at together.
type candidate struct {
	cell
	observed int
	expected float64
	ratio    float64 // scan statistic against the whole chain
	p        float64 // corrected for the family's size
}

// before tells which finding is told first: one about a part of the chain before
// one about all of it, which may be the part's doing; else the stronger one.
func (c *candidate) before(other *candidate) bool {
	if part, otherPart := c.dim != dimensions, other.dim != dimensions; part != otherPart {
		return part
	}
	return c.ratio > other.ratio
}

// Mine returns the findings: first those that name a place, a product or a time,
// which somebody can act on, then the others, each strongest first. It is
// deterministic.
func Mine(ctx context.Context, t *Table, opts Options) ([]Finding, error) {
	opts = opts.withDefaults()
	m := &miner{Table: t, opts: opts, out: make([]bool, len(t.rows))}
	var tests []float64
	for topic := range m.topics.names {
		if topic == 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		m.begin(uint32(topic))
		for _, c := range m.candidates() {
			tests = append(tests, c.p)
		}
	}
	control := newDiscoveries(tests)
	findings := []Finding{}
	for topic := range m.topics.names {
		if topic == 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		m.begin(uint32(topic))
		findings = append(findings, m.peel(control)...)
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		if a.actionable() != b.actionable() {
			if a.actionable() {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.strength, a.strength)
	})
	return findings, nil
}

func (f *Finding) actionable() bool {
	return f.Location != nil || f.Product != nil || f.Hours != nil || f.Since != nil
}

// miner works on one topic at a time.
type miner struct {
	*Table
	opts  Options
	topic uint32
	out   []bool          // observations explained by earlier findings of the topic
	told  map[uint32]bool // channels among these findings
	// rate of the topic in each channel, and in all
	channel []float64
	overall float64
	total   int     // negative mentions not explained yet
	due     float64 // the same as the channels' rates expect it: all but equal
}

func (m *miner) begin(topic uint32) {
	m.topic = topic
	clear(m.out)
	m.told = map[uint32]bool{}
	m.rates()
}

// rates measures the topic's rates on what is not explained yet. A channel's
// rate is drawn to the overall one by ten observations' weight, so that a small
// channel says little.
func (m *miner) rates() {
	const prior = 10
	counts := make([]float64, len(m.values[Channel].names))
	hits := make([]float64, len(counts))
	all := 0.0
	m.total = 0
	for i := range m.rows {
		if m.out[i] {
			continue
		}
		all++
		ch := m.rows[i].values[Channel]
		counts[ch]++
		if m.rows[i].has(m.topic) {
			hits[ch]++
			m.total++
		}
	}
	m.overall = 0
	if all > 0 {
		m.overall = float64(m.total) / all
	}
	m.channel = make([]float64, len(counts))
	m.due = 0
	for ch := range counts {
		m.channel[ch] = (hits[ch] + prior*m.overall) / (counts[ch] + prior)
		m.due += counts[ch] * m.channel[ch]
	}
}

// expected is the topic's expected count of one observation. For a finding
// about the channel itself it is the overall rate.
func (m *miner) expected(e *entry, dim Dimension) float64 {
	if dim == Channel {
		return m.overall
	}
	return m.channel[e.values[Channel]]
}

// counts are what was observed and what is due in one value of a dimension.
type counts struct {
	week week
	days days
}

// count fills the counts of the chain and of every value.
func (m *miner) count() (whole *counts, groups [dimensions][]counts) {
	whole = &counts{days: newDays(m.span)}
	for d := range groups {
		groups[d] = make([]counts, len(m.values[d].names))
		for v := range groups[d] {
			groups[d][v].days = newDays(m.span)
		}
	}
	for i := range m.rows {
		e := &m.rows[i]
		if m.out[i] {
			continue
		}
		observed := 0
		if e.has(m.topic) {
			observed = 1
		}
		add := func(c *counts, due float64) {
			c.week.add(e.hour, observed, due)
			c.days.add(e.day, observed, due)
		}
		add(whole, m.expected(e, dimensions))
		for d := range dimensions {
			if v := e.values[d]; v != 0 {
				add(&groups[d][v], m.expected(e, d))
			}
		}
	}
	return whole, groups
}

// candidates returns the best cell of each family: of the chain and of every
// value of a dimension the whole time and the time since a day; of the chain
// and of each location the best window of the week.
func (m *miner) candidates() (out []candidate) {
	if m.total < m.opts.MinCount {
		return nil
	}
	whole, groups := m.count()
	keep := func(c candidate, ok bool) {
		if ok {
			out = append(out, c)
		}
	}
	chain := cell{dim: dimensions}
	whole.week.sum()
	keep(m.best(chain, whole, whole))
	keep(m.rise(chain, whole, whole))
	for d := range dimensions {
		for v := 1; v < len(groups[d]); v++ {
			if d == Channel && m.told[uint32(v)] {
				continue
			}
			c, at := &groups[d][v], cell{dim: d, value: uint32(v)}
			c.week.sum()
			keep(m.entire(at, &c.week))
			keep(m.rise(at, c, whole))
			if d == Location {
				keep(m.best(at, c, whole))
			}
		}
	}
	return out
}

// entire is the candidate of a value over the whole week.
func (m *miner) entire(at cell, k *week) (candidate, bool) {
	o, e := k.total()
	share := e / m.due
	c := candidate{cell: at, observed: o, expected: share * float64(m.total)}
	c.ratio = scanRatio(o, m.total, c.expected)
	c.p = upperTail(o, m.total, share)
	return c, o > 0
}

// best is the window of a value's week that stands out most. It has to stand
// out from the chain, from the value's own other hours (a location that is bad
// at all times has no peak-hour problem) and from the others in the same hours
// (what is bad everywhere is not the location's problem).
func (m *miner) best(at cell, c, whole *counts) (candidate, bool) {
	k := &c.week
	o, e := k.total()
	if o < m.opts.MinCount {
		return candidate{}, false
	}
	perEvent := float64(m.total) / m.due // expected counts add up to what is observed
	var top candidate
	windows(func(w window) {
		wo, we := k.in(w)
		if wo < m.opts.MinCount/2 {
			return
		}
		if r := scanRatio(wo, m.total, we*perEvent); r > top.ratio+1e-9 { // of equals the smallest
			top = candidate{cell: cell{dim: at.dim, value: at.value, window: w}, observed: wo, expected: we * perEvent, ratio: r}
		}
	})
	if top.ratio == 0 {
		return candidate{}, false
	}
	wo, we := k.in(top.window)
	chain := upperTail(wo, m.total, we/m.due)
	own := upperTail(wo, o, we/e)
	others := own
	if at.dim != dimensions {
		allo, alle := whole.week.in(top.window)
		others = upperTail(wo, allo, we/alle)
	}
	top.p = min(1, max(chain, own, others)*windowCount)
	return top, true
}

// peel takes the strongest significant cell out, again and again.
func (m *miner) peel(control discoveries) (findings []Finding) {
	for len(findings) < m.opts.MaxTopic {
		var top *candidate
		all := m.candidates()
		for i := range all {
			c := &all[i]
			if c.observed < m.opts.MinCount || control.q(c.p) > m.opts.MaxQ {
				continue
			}
			if low, _ := liftInterval(c.observed, c.expected); low < m.opts.MinLift {
				continue
			}
			if top == nil || c.before(top) {
				top = c
			}
		}
		if top == nil {
			return findings
		}
		findings = append(findings, m.finding(*top, control.q(top.p)))
		if top.dim == Channel { // the channels' own rates account for it in all other cells
			m.told[top.value] = true
			continue
		}
		for i := range m.rows {
			if top.covers(&m.rows[i]) {
				m.out[i] = true
			}
		}
		m.rates()
	}
	return findings
}
