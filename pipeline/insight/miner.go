package insight

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"
)

// Options tune the miner; the zero value is the default.
type Options struct {
	MaxQ     float64 // false discovery rate; 0: 0.05
	MinCount int     // negative mentions a finding needs; 0: 10
	MinLift  float64 // lower end of the lift's interval; 0: 1.25
	MaxTopic int     // findings for each topic; 0: 12
	// Names gives topics a short name for complaints: "slow service".
	Names map[string]string
}

func (o Options) withDefaults() Options {
	if o.MaxQ == 0 {
		o.MaxQ = 0.05
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
	ID        string     `json:"id"`               // of topic and cell
	Except    []Region   `json:"except,omitempty"` // told by stronger findings of the topic, not counted again
	Evidence  Evidence   `json:"evidence"`         // what would change it

	strength float64
}

// Mine returns the findings: first those that name a place, a product or a time,
// which somebody can act on, then the others, each strongest first. It is
// deterministic. Its cost grows with the rows and with what there is to find,
// not with their product.
func Mine(ctx context.Context, t *Table, opts Options) ([]Finding, error) {
	m := newMiner(t, opts.withDefaults())
	first, err := m.firstLook(ctx)
	if err != nil {
		return nil, err
	}
	control := m.control(first...)
	findings, err := m.peelAll(ctx, m.strongest(first, &control), &control)
	if err != nil {
		return nil, err
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

// strongest lists the topics with anything to tell, that with the strongest cell
// first.
func (m *miner) strongest(first [][]candidate, control *control) []uint32 {
	var topics []uint32
	strength := make([]float64, len(first))
	for topic, candidates := range first {
		m.begin(uint32(topic))
		for i := range candidates {
			if c := &candidates[i]; m.tells(c, control) {
				strength[topic] = max(strength[topic], c.ratio)
			}
		}
		if strength[topic] > 0 {
			topics = append(topics, uint32(topic))
		}
	}
	slices.SortStableFunc(topics, func(a, b uint32) int { return cmp.Compare(strength[b], strength[a]) })
	return topics
}

func (f *Finding) actionable() bool {
	return f.Location != nil || f.Product != nil || f.Hours != nil || f.Since != nil
}

// miner works on one topic at a time.
type miner struct {
	*shared

	topic     uint32
	seen      *exposures // of the rows not explained by earlier findings of the topic
	pairs     []pairs    // of the same
	out       []bool     // rows that are
	taken     bool       // any
	told      []cell     // these findings' cells
	hits      []int32    // rows that complain and are not explained
	rates     []float64  // of the topic in each channel
	standings []standing // windows of locations that stand out
	tally     []int32    // for counting combinations; empty
	near      []likely   // for searching windows
	lately    hopes
	looked    [families]int // cells left out for having hardly any complaint
}

// shared is what all miners of a table have in common. None changes it but for the
// hopes of the topic it is at.
type shared struct {
	*Table
	opts    Options
	base    *exposures // of all rows
	every   []pairs    // of all rows
	habits  []habit    // of each topic
	spreads [dimensions]population
	places  places
	prior   prior   // of windows
	answers Votes   // of all rows
	hopes   []hopes // of each topic, by the first look; nil: not looked at yet
}

func newMiner(t *Table, opts Options) *miner {
	base := expose(t)
	known := habits(t, base)
	return &miner{shared: &shared{Table: t, opts: opts, base: base, every: pairUp(t), habits: known, spreads: spreadsOf(known), places: findPlaces(t), prior: windowPrior(base), answers: answers(t),
		hopes: make([]hopes, len(t.topics.names))}, out: make([]bool, len(t.rows))}
}

func (m *miner) begin(topic uint32) {
	m.topic, m.seen, m.pairs, m.hits, m.told, m.standings = topic, m.base, m.every, nil, nil, nil
	if m.lately = maps.Clone(m.hopes[topic]); m.lately == nil {
		m.lately = hopes{}
	}
	if int(topic) < len(m.Table.hits) {
		m.hits = m.Table.hits[topic]
	}
	if m.taken {
		clear(m.out)
		m.taken = false
	}
	m.measure()
}

// measure finds the topic's rates on what is not explained yet. A channel's rate
// is drawn to the overall one by ten observations' weight, so that a small
// channel says little.
func (m *miner) measure() {
	const prior = 10
	counts := m.seen.whole.total()
	hits := make([]float64, len(counts))
	all := 0.0
	for _, n := range counts {
		all += n
	}
	for _, row := range m.hits {
		hits[m.rows[row].values[Channel]]++
	}
	overall := 0.0
	if all > 0 {
		overall = float64(len(m.hits)) / all
	}
	m.rates = make([]float64, len(counts))
	for ch := range counts {
		m.rates[ch] = (hits[ch] + prior*overall) / (counts[ch] + prior)
	}
}

// tells says whether a candidate is strong enough to be told.
func (m *miner) tells(c *candidate, control *control) bool {
	if c.observed < m.opts.MinCount || control.of(c) > m.opts.MaxQ {
		return false
	}
	low, _ := liftInterval(c.observed, c.expected*m.rest(c.observed, c.expected))
	return low >= m.opts.MinLift
}

// peel takes the strongest significant cell out, again and again. All that are no
// echoes are findings.
func (m *miner) peel(ctx context.Context, control *control, turn *turn) ([]Finding, error) {
	var layers, told []layer
	keep := func() error { // of the layers those that are no echoes
		if err := turn.come(ctx); err != nil {
			return err
		}
		for i := range layers {
			if !m.echo(&layers[i], turn.spoken) {
				told = append(told, layers[i])
			}
		}
		layers = nil
		return nil
	}
	for n := range 2 * m.opts.MaxTopic {
		if n >= m.opts.MaxTopic { // all findings may have been found
			if err := keep(); err != nil {
				return nil, err
			}
			if len(told) == m.opts.MaxTopic {
				break
			}
		}
		top := m.top(m.candidates(), control)
		if top == nil {
			break
		}
		inside := m.inside(top.cell)
		layers = append(layers, m.layer(*top, inside, control))
		m.explain(top.cell, inside.rows)
	}
	if err := keep(); err != nil {
		return nil, err
	}
	turn.end(m, told)
	findings := make([]Finding, len(told))
	for i := range told {
		findings[i] = told[i].finding
	}
	return findings, ctx.Err()
}

// top is the strongest candidate that is told, nil if none is. Draws are made only
// for those that are stronger and would be told without.
func (m *miner) top(all []candidate, control *control) *candidate {
	stronger := func(a, b candidate) int { return cmp.Compare(b.ratio, a.ratio) }
	slices.SortStableFunc(all, stronger)
	for i := 0; i < len(all); i++ {
		c := &all[i]
		if !m.tells(c, control) {
			continue
		}
		if c.anew != nil { // now that it matters, and it may not be the strongest then
			again, ok := c.anew()
			if !ok {
				again = candidate{cell: c.cell, p: 1}
			}
			*c = again
			slices.SortStableFunc(all[i:], stronger)
			i--
			continue
		}
		if c.settle(); m.tells(c, control) {
			return c
		}
	}
	return nil
}

// explain takes the rows of a cell, which are among these, out of what is looked at.
func (m *miner) explain(c cell, rows []int32) {
	if m.seen == m.base {
		m.seen, m.pairs = m.base.clone(), clonePairs(m.every)
	}
	m.taken = true
	m.told = append(m.told, c)
	m.lately.touch(c)
	for _, row := range rows {
		if e := &m.rows[row]; e.day >= c.from {
			m.out[row] = true
			m.seen.add(e, -1)
			for p := range m.pairs {
				m.pairs[p].add(e, -1)
			}
		}
	}
	m.hits = slices.DeleteFunc(slices.Clone(m.hits), func(row int32) bool { return m.out[row] })
	m.measure()
}
