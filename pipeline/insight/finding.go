package insight

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// finding measures a cell: how much more than elsewhere, since when, at what
// cost.
func (m *miner) finding(c candidate, q float64) Finding {
	f := Finding{Kind: "context", Topic: m.topics.names[m.topic], Sentiment: "negative", Q: q, strength: c.ratio,
		Weekdays: c.window.weekdays(), Hours: c.window.clock()}
	if c.dim != dimensions {
		name := m.values[c.dim].names[c.value]
		*[dimensions]**string{&f.Location, &f.Channel, &f.Product, &f.Team, &f.Segment}[c.dim] = &name
	}
	from := m.changeDay(c.cell)
	if from > 0 {
		since := m.first.Add(time.Duration(from) * 24 * time.Hour)
		f.Since = &since
	}
	inside, outside := m.tally(c.cell, from)
	f.Count, f.Exposure = inside.hits, inside.events
	usual := inside.due * outside.rate()
	f.Lift = float64(f.Count) / usual
	f.LiftLow, f.LiftHigh = liftInterval(f.Count, usual)
	f.NPSPoints = m.npsCost(c.cell)
	f.Sentence = f.sentence(m.opts.Names)
	return f
}

// tally is what was observed and what the channels' rates make due.
type tally struct {
	hits, events int
	due          float64
}

// rate corrects the channels' rates: they were measured with the cell inside.
func (t tally) rate() float64 {
	if t.due == 0 {
		return 1
	}
	return (float64(t.hits) + 0.5) / (t.due + 0.5)
}

// tally counts the cell from a day on, and all that lies outside the cell.
func (m *miner) tally(c cell, from int32) (inside, outside tally) {
	for i := range m.rows {
		e := &m.rows[i]
		if m.out[i] {
			continue
		}
		side := &outside
		if c.covers(e) {
			if e.day < from {
				continue
			}
			side = &inside
		}
		side.events++
		side.due += m.expected(e, c.dim)
		side.hits += e.count(m.topic)
	}
	return inside, outside
}

// changeDay is the first day of a lasting rise within the cell, 0 if the period
// has none.
func (m *miner) changeDay(c cell) int32 {
	if c.from > 0 {
		return c.from
	}
	inside, all := &counts{days: newDays(m.span)}, &counts{days: newDays(m.span)}
	for i := range m.rows {
		e := &m.rows[i]
		if m.out[i] {
			continue
		}
		observed := e.count(m.topic)
		all.days.add(e.day, observed, m.expected(e, c.dim))
		if c.covers(e) {
			inside.days.add(e.day, observed, m.expected(e, c.dim))
		}
	}
	if rise, ok := m.rise(c, inside, all); ok && rise.p <= changeP {
		return rise.from
	}
	return 0
}

// npsCost is how many NPS points the whole would gain without the complaining
// answers of the cell; nil without answers.
func (m *miner) npsCost(c cell) *float64 {
	var all, rest struct{ answers, balance float64 }
	for i := range m.rows {
		e := &m.rows[i]
		if e.nps < 0 {
			continue
		}
		vote := 0.0
		switch {
		case e.nps >= 9:
			vote = 1
		case e.nps <= 6:
			vote = -1
		}
		all.answers++
		all.balance += vote
		if !c.covers(e) || !e.has(m.topic) {
			rest.answers++
			rest.balance += vote
		}
	}
	if rest.answers == 0 || all.answers == rest.answers {
		return nil
	}
	cost := 100 * (rest.balance/rest.answers - all.balance/all.answers)
	return &cost
}

var dayNames = [...]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// sentence says the finding in one line: "Slow service: store-012, Fri-Sat
// 18-20 h, 3.4x the usual (41 of 120 comments, 95 % 2.7-4.2x), since 3 May;
// costs 2.1 NPS points."
func (f *Finding) sentence(names map[string]string) string {
	var b strings.Builder
	name := names[f.Topic]
	if name == "" {
		name = "complaints about " + strings.ReplaceAll(f.Topic, ".", " ")
	}
	b.WriteString(strings.ToUpper(name[:1]) + name[1:] + ": ")
	var where []string
	for _, v := range []*string{f.Location, f.Channel, f.Product, f.Team, f.Segment} {
		if v != nil {
			where = append(where, *v)
		}
	}
	if n := len(f.Weekdays); n > 0 {
		days := dayNames[f.Weekdays[0]-1]
		switch {
		case n == weekDays:
			days = "daily"
		case n > 1:
			days += "-" + dayNames[f.Weekdays[n-1]-1]
		}
		where = append(where, fmt.Sprintf("%s %d-%d h", days, f.Hours[0], f.Hours[len(f.Hours)-1]+1))
	}
	if len(where) == 0 {
		where = append(where, "everywhere")
	}
	fmt.Fprintf(&b, "%s, %.1fx the usual (%d of %d comments, 95 %% %.1f-%.1fx)",
		strings.Join(where, ", "), f.Lift, f.Count, f.Exposure, f.LiftLow, f.LiftHigh)
	if f.Since != nil {
		b.WriteString(", since " + f.Since.Format("2 January"))
	}
	if f.NPSPoints != nil && math.Abs(*f.NPSPoints) >= 0.05 {
		fmt.Fprintf(&b, "; costs %.1f NPS points", *f.NPSPoints)
	}
	return b.String() + "."
}
