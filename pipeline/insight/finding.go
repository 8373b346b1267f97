package insight

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// finding measures a cell: how much more than elsewhere, since when, at what
// cost.
func (m *miner) finding(c candidate, inside *part, control *control) Finding {
	r := m.region(c.cell)
	f := Finding{Kind: "context", Topic: m.topics.names[m.topic], Sentiment: "negative", Q: control.of(&c), strength: c.ratio,
		Location: r.Location, Channel: r.Channel, Product: r.Product, Team: r.Team, Segment: r.Segment, Weekdays: r.Weekdays, Hours: r.Hours}
	for _, earlier := range m.told {
		f.Except = append(f.Except, m.region(earlier))
	}
	from := c.from
	if from == 0 {
		from = m.changeDay(c.cell, inside)
	}
	if from > 0 {
		since := m.date(from)
		f.Since = &since
	}
	hits, expected := inside.days.since(from)
	allHits, allDue := inside.days.since(0)
	f.Count, f.Exposure = hits, inside.events(from)
	rest := m.rest(allHits, allDue)
	f.Lift = float64(f.Count) / (expected * rest)
	f.LiftLow, f.LiftHigh = liftInterval(f.Count, expected*rest)
	f.NPSPoints = m.npsCost(c.cell)
	f.Sentence = f.sentence(m.opts.Names, m.date(m.span))
	f.ID = f.identify()
	f.Evidence = m.evidence(c, &f, from, control)
	return f
}

// rest corrects the rates, which were measured with a cell inside, by what is
// outside of it.
func (m *miner) rest(observed int, expected float64) float64 {
	whole := 0.0
	for ch, n := range m.seen.whole.total() {
		whole += n * m.rates[ch]
	}
	return (float64(len(m.hits)-observed) + 0.5) / (max(0, whole-expected) + 0.5)
}

// part is what lies inside a cell, by day.
type part struct {
	days     days
	feedback []int
	rows     []int32
}

func (p *part) events(from int32) (n int) {
	for _, k := range p.feedback[from:] {
		n += k
	}
	return n
}

// inside counts a cell's days, also those before it begins.
func (m *miner) inside(c cell) *part {
	c.from = 0
	p := &part{days: days{make([]int, m.span), make([]float64, m.span)}, feedback: make([]int, m.span)}
	k := c.key()
	for i, end := m.rowsOf(c); i < end; i++ {
		if e := &m.rows[i]; k.fits(e) && !m.out[i] {
			p.rows = append(p.rows, i)
			p.days.expected[e.day] += m.rates[e.values[Channel]]
			p.feedback[e.day]++
		}
	}
	for _, row := range m.hits {
		if e := &m.rows[row]; c.covers(e) {
			p.days.observed[e.day]++
		}
	}
	return p
}

// changeDay is the first day of a lasting rise within the cell, 0 if the period
// has none.
func (m *miner) changeDay(c cell, p *part) int32 {
	all := new(counts)
	all.fill(&m.seen.whole, m.rates)
	for _, row := range m.hits {
		all.days.observed[m.rows[row].day]++
	}
	rise, ok := m.rise(c, &counts{days: p.days}, all, ownLevel)
	if !ok || rise.p > changeP {
		return 0
	}
	if rise.settle(); rise.p <= changeP {
		return rise.from
	}
	return 0
}

// answer is a row's answer to the NPS question, nothing if it has none.
func (e *entry) answer() Votes {
	switch {
	case e.nps < 0:
		return Votes{}
	case e.nps >= 9:
		return Votes{1, 1}
	case e.nps <= 6:
		return Votes{1, -1}
	}
	return Votes{1, 0}
}

// answers are those of all rows.
func answers(t *Table) (all Votes) {
	for i := range t.rows {
		all = all.plus(t.rows[i].answer())
	}
	return all
}

// npsCost is how many NPS points the whole would gain without the complaining
// answers of the cell; nil without answers.
func (m *miner) npsCost(c cell) *float64 {
	all, gone := m.answers, Votes{}
	for _, row := range m.Table.hits[m.topic] {
		if e := &m.rows[row]; c.covers(e) {
			gone = gone.plus(e.answer())
		}
	}
	if all.Answers == gone.Answers || gone.Answers == 0 {
		return nil
	}
	cost := removal(all, gone)
	return &cost
}

var dayNames = [...]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

// sentence says the finding in one line: "Slow service: store-012, Fri-Sat
// 18-20 h, 3.4x the usual (41 of 120 comments, 95 % 2.7-4.2x), since 3 May;
// costs 2.1 NPS points." end is that of the period.
func (f *Finding) sentence(names map[string]string, end time.Time) string {
	var b strings.Builder
	name := names[f.Topic]
	if name == "" {
		name = "complaints about " + strings.ReplaceAll(strings.TrimSuffix(f.Topic, ".general"), ".", " ")
	}
	b.WriteString(capitalised(name) + ": ")
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
		day := "2 January"
		if f.Since.Before(end.AddDate(0, -11, 0)) { // which year would be a guess
			day += " 2006"
		}
		b.WriteString(", since " + f.Since.Format(day))
	}
	if f.NPSPoints != nil && math.Abs(*f.NPSPoints) >= 0.05 {
		fmt.Fprintf(&b, "; costs %.1f NPS points", *f.NPSPoints)
	}
	return b.String() + "."
}

func capitalised(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}
