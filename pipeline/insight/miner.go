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
