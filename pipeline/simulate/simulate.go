// Package simulate writes the life of a restaurant chain as feedback events:
// guests who come back, ten channels, threads that are answered or not, and
// planted facts that the analysis has to find again. It is pure and
// deterministic: the same Options give the same events.
package simulate

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"earshot/pipeline"
)

// Options size a Chain. A zero Days, Locations or Events takes the default;
// Start has none.
type Options struct {
	Seed      uint64
	Days      int       // default 180
	Locations int       // default 40
	Events    int       // messages to write, duplicates included; default 60,000
	Start     time.Time // rounded down to the hour
}

// The defaults of Options.
const (
	DefaultDays      = 180
	DefaultLocations = 40
	DefaultEvents    = 60_000
)

func (o Options) withDefaults() Options {
	if o.Days == 0 {
		o.Days = DefaultDays
	}
	if o.Locations == 0 {
		o.Locations = DefaultLocations
	}
	if o.Events == 0 {
		o.Events = DefaultEvents
	}
	o.Start = o.Start.UTC().Truncate(time.Hour)
	return o
}

func (o Options) validate() error {
	switch {
	case o.Days < 1 || o.Days > 3650:
		return fmt.Errorf("days: %d is not within 1..3650", o.Days)
	case o.Locations < 1 || o.Locations > 10_000:
		return fmt.Errorf("locations: %d is not within 1..10000", o.Locations)
	case o.Events < 1:
		return fmt.Errorf("events: %d is not positive", o.Events)
	case o.Start.IsZero():
		return errors.New("start: missing")
	}
	return nil
}

// Chain is a simulated restaurant chain. It is not safe for concurrent use.
type Chain struct {
	opts    Options
	zones   []*time.Location
	places  []place
	guests  guests
	facts   plan
	voice   *voice
	rng     *rand.Rand
	pending arrivals
	made    int // messages made so far
	named   int // ids given so far
	truth   *Truth
}

// New plans a chain's life.
func New(opts Options) (*Chain, error) {
	opts = opts.withDefaults()
	if err := opts.validate(); err != nil {
		return nil, err
	}
	voice, err := newVoice()
	if err != nil {
		return nil, err
	}
	c := &Chain{opts: opts, zones: newZones(), voice: voice}
	rng := rand.New(rand.NewPCG(opts.Seed, 1))
	c.places = newPlaces(opts.Locations, rng)
	c.guests = guests{seed: mix(opts.Seed), count: max(opts.Locations, opts.Events/6), places: c.places, start: opts.Start, days: opts.Days}
	c.facts = newPlan(c, rng)
	return c, nil
}

func (c *Chain) end() time.Time { return c.opts.Start.AddDate(0, 0, c.opts.Days) }

// Events yields the messages in order of arrival: Options.Events of them, some
// late and some sent twice.
func (c *Chain) Events(yield func(pipeline.Event) bool) {
	count := newCensus(c)
	complete := c.live(func(m *message) bool {
		count.count(c, m)
		return yield(m.event)
	})
	if complete {
		truth := count.result()
		c.truth = &truth
	}
}

// Truth says what Events writes and what is planted in it. Before a complete
// pass of Events it makes one of its own.
func (c *Chain) Truth() Truth {
	if c.truth == nil {
		c.Events(func(pipeline.Event) bool { return true })
	}
	return *c.truth
}

// message is one event on its way, with what the census wants to know of it.
type message struct {
	event     pipeline.Event
	visit     visit
	arrival   time.Time
	seq       int // breaks ties of arrival
	duplicate bool
	// What the message does to its thread.
	opens, answers, resolves bool
}

// live walks hour by hour through the chain's life and yields each message when
// it arrives. It reports whether it came to the end.
func (c *Chain) live(yield func(*message) bool) bool {
	c.rng = rand.New(rand.NewPCG(c.opts.Seed, 2))
	c.pending, c.made, c.named = nil, 0, 0
	hours := c.opts.Days * 24
	totals, all := make([]float64, hours), 0.0
	var h hourly
	for i := range totals {
		c.load(&h, c.hour(i))
		all += h.total()
		totals[i] = all
	}
	for i := range totals {
		c.load(&h, c.hour(i))
		quota := int(float64(c.opts.Events)*totals[i]/all + 0.5)
		if i == hours-1 {
			quota = c.opts.Events
		}
		for c.made < quota {
			c.happen(&h)
		}
		if !c.pending.until(c.hour(i+1), yield) {
			return false
		}
	}
	return c.pending.until(c.end().AddDate(100, 0, 0), yield)
}

func (c *Chain) hour(i int) time.Time { return c.opts.Start.Add(time.Duration(i) * time.Hour) }

// happen makes one visit heard, with everything that follows from it.
func (c *Chain) happen(h *hourly) {
	v := c.newVisit(h)
	m := &message{visit: v, event: c.event(&v)}
	c.write(&m.event, &v)
	if v.channel.contact() && v.customer >= 0 {
		c.openThread(m)
	}
	c.send(m)
}

// send schedules the arrival of m, and now and then a second copy of it. What
// would arrive after the end arrives at once.
func (c *Chain) send(m *message) {
	rng := c.rng
	m.arrival = m.event.OccurredAt
	if rng.Float64() < 0.02 {
		m.arrival = m.arrival.Add(lognormal(rng, 9*time.Hour, 1.1))
	}
	if !m.arrival.Before(c.end()) {
		m.arrival = m.event.OccurredAt
	}
	c.schedule(m)
	if rng.Float64() < 0.005 && c.made < c.opts.Events {
		again := *m
		again.duplicate = true
		again.arrival = m.arrival.Add(lognormal(rng, 5*time.Minute, 2))
		c.schedule(&again)
	}
}

func (c *Chain) schedule(m *message) {
	m.seq = c.made
	c.made++
	c.pending.push(m)
}
