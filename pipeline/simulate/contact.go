package simulate

import (
	"strconv"
	"time"

	"earshot/pipeline"
)

// service describes how a channel answers.
type service struct {
	contact  bool
	live     bool          // the answer comes within the same conversation
	median   time.Duration // of the first response
	sigma    float64       // of its logarithm
	answered float64       // share of threads that get an answer at all
	resolved float64       // share of the answered that end well at once
}

var services = [channelCount]service{
	social:      {contact: true, median: 3 * time.Hour, sigma: 1.2, answered: .7, resolved: .6},
	email:       {contact: true, median: 6 * time.Hour, sigma: 1, answered: .88, resolved: .66},
	chat:        {contact: true, live: true, median: 45 * time.Second, sigma: .8, answered: .97, resolved: .72},
	phone:       {contact: true, live: true, median: 100 * time.Second, sigma: .9, answered: .93, resolved: .74},
	sms:         {contact: true, median: 25 * time.Minute, sigma: 1.1, answered: .85, resolved: .62},
	chatbot:     {contact: true, live: true, median: 2 * time.Second, sigma: .3, answered: 1, resolved: .45},
	selfService: {contact: true, median: 11 * time.Hour, sigma: 1, answered: .8, resolved: .6},
}

func (ch channel) contact() bool { return services[ch].contact }

// openThread makes m the first message of a service thread and schedules what
// comes of it. Praise on social media and by text message opens none.
func (c *Chain) openThread(m *message) {
	rng, s := c.rng, services[m.visit.channel]
	if !s.live && m.visit.channel != email && m.visit.complaints() == 0 {
		return
	}
	opened := m.event.OccurredAt
	m.opens = true
	if m.event.Agent == "" {
		m.event.Agent, m.event.Team = "support-"+strconv.Itoa(1+rng.IntN(24)), "support"
	}
	m.event.Contact = &pipeline.Contact{ThreadID: "t-" + strconv.FormatUint(mix(mix(c.opts.Seed)+uint64(c.named)), 36), Direction: "inbound", OpenedAt: &opened}
	if s.live {
		c.converse(m, s)
		return
	}
	if rng.Float64() >= s.answered {
		if rng.Float64() < 0.35 {
			c.chase(m, m.event.Contact, opened.Add(lognormal(rng, 40*time.Hour, .6)))
		}
		return
	}
	answer := opened.Add(lognormal(rng, s.median, s.sigma))
	contact := *m.event.Contact
	contact.FirstResponseAt = &answer
	c.reply(m, contact, s)
}

// converse answers within the conversation that m is the record of.
func (c *Chain) converse(m *message, s service) {
	rng, contact := c.rng, m.event.Contact
	if rng.Float64() >= s.answered {
		return // hung up, or left the queue
	}
	answer := contact.OpenedAt.Add(lognormal(rng, s.median, s.sigma))
	contact.FirstResponseAt, m.answers = &answer, true
	praise := m.visit.complaints() == 0 && len(m.visit.mentions) > 0
	done := praise || rng.Float64() < s.resolved
	contact.Resolved = &done
	if done {
		at := answer.Add(lognormal(rng, 6*time.Minute, .6))
		contact.ResolvedAt, m.resolves = &at, true
	} else if rng.Float64() < 0.4 {
		c.chase(m, contact, answer.Add(lognormal(rng, 26*time.Hour, .7)))
	}
	c.talk(m, done)
}

// reply schedules the customer's next message after an answer.
func (c *Chain) reply(m *message, contact pipeline.Contact, s service) {
	rng := c.rng
	done := rng.Float64() < s.resolved
	contact.Resolved = &done
	at := contact.FirstResponseAt.Add(lognormal(rng, 90*time.Minute, 1))
	if done {
		resolved := at
		contact.ResolvedAt = &resolved
	}
	next := c.follow(m, m.visit.channel, contact, at, done)
	if next == nil {
		return
	}
	next.answers, next.resolves = true, done
	if !done && rng.Float64() < 0.4 {
		c.chase(m, &contact, at.Add(lognormal(rng, 30*time.Hour, .6)))
	}
}

// chase lets the customer come again about the same matter, often on another channel.
func (c *Chain) chase(m *message, contact *pipeline.Contact, at time.Time) {
	ch := [...]channel{m.visit.channel, phone, chat, email, social}[c.rng.IntN(5)]
	next := *contact
	next.ResolvedAt, next.Resolved = nil, nil
	c.follow(m, ch, next, at, false)
}

// follow schedules a later message of the thread of m, and returns it. Nothing
// is heard after the end of the simulated time: then it returns nil.
func (c *Chain) follow(m *message, ch channel, contact pipeline.Contact, at time.Time, happy bool) *message {
	if !at.Before(c.end()) || c.made >= c.opts.Events-1 {
		return nil
	}
	v := m.visit
	v.at, v.channel, v.mentions, v.offTopic = at.In(m.visit.at.Location()), ch, nil, false
	if ch != m.visit.channel {
		v.platform = platforms[ch][c.rng.IntN(len(platforms[ch]))]
	}
	v.feeling = -0.6 + 0.2*c.rng.NormFloat64()
	if happy {
		v.feeling++
	}
	next := &message{visit: v, event: c.event(&v)}
	next.event.Contact, next.event.Agent, next.event.Team = &contact, m.event.Agent, m.event.Team
	c.writeFollowUp(&next.event, &v, happy)
	c.send(next)
	return next
}
