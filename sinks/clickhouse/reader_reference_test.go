package clickhouse

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"earshot/pipeline"
)

// The functions below compute what the queries should answer, in plain Go.

func contains(s, substring string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(substring))
}

func customerWords(e *pipeline.Event) []string {
	var said []string
	for _, turn := range e.Turns {
		if turn.Role == "customer" {
			said = append(said, turn.Text)
		}
	}
	return said
}

// selects tells whether f selects the record.
func selects(f Filter, r *pipeline.Record) bool {
	if r.Outcome != pipeline.OutcomeEvent {
		return false
	}
	e, a := r.Event, r.Analysis
	customer := pipeline.Customer{}
	if e.Customer != nil {
		customer = *e.Customer
	}
	for _, pair := range [][2]string{
		{f.Source, e.Source}, {f.Platform, e.Platform}, {f.Location, e.Location}, {f.Product, e.Product}, {f.Team, e.Team},
		{f.Agent, e.Agent}, {f.Segment, customer.Segment}, {f.CustomerID, customer.ID},
		{f.Sentiment, string(a.Sentiment.Label)}, {f.Language, a.Language},
	} {
		if pair[0] != "" && pair[0] != pair[1] {
			return false
		}
	}
	topic := f.Topic == "" && f.TopicSentiment == "" || slices.ContainsFunc(a.Topics, func(m pipeline.Mention) bool {
		return (f.Topic == "" || m.Topic == f.Topic || strings.HasPrefix(m.Topic, f.Topic+".")) &&
			(f.TopicSentiment == "" || string(m.Sentiment) == f.TopicSentiment)
	})
	said := slices.ContainsFunc(customerWords(e), func(s string) bool { return contains(s, f.Text) })
	return (f.Since.IsZero() || !e.OccurredAt.Before(f.Since)) &&
		(f.Until.IsZero() || e.OccurredAt.Before(f.Until)) &&
		topic &&
		(!f.Contradiction || a.Joint.Contradiction) &&
		(f.Context == "" || slices.Contains(a.Contexts, f.Context)) &&
		(f.Text == "" || contains(e.Text, f.Text) || contains(e.Title, f.Text) || said) &&
		(f.HourOfWeek == nil || *f.HourOfWeek == int(pipeline.HourOfWeek(e.OccurredAt)))
}

func selected(f Filter, records []pipeline.Record) []*pipeline.Record {
	var out []*pipeline.Record
	for i := range records {
		if selects(f, &records[i]) {
			out = append(out, &records[i])
		}
	}
	return out
}

// meanOf averages what value returns for the records that have one.
func meanOf(records []*pipeline.Record, value func(*pipeline.Record) (float64, bool)) (mean *float64, n uint64) {
	var sum float64
	for _, r := range records {
		if v, ok := value(r); ok {
			sum, n = sum+v, n+1
		}
	}
	if n == 0 {
		return nil, 0
	}
	sum /= float64(n)
	return &sum, n
}

func netOf(r *pipeline.Record) (float64, bool) {
	return map[pipeline.Label]float64{pipeline.Positive: 100, pipeline.Negative: -100}[r.Analysis.Sentiment.Label],
		r.Analysis.Sentiment.Label != pipeline.Unknown
}

func csatOf(r *pipeline.Record) (float64, bool) {
	s := r.Event.Survey
	if s == nil || s.CSAT == nil {
		return 0, false
	}
	if *s.CSAT >= 4 {
		return 100, true
	}
	return 0, true
}

func npsOf(r *pipeline.Record) (float64, bool) {
	s := r.Event.Survey
	if s == nil || s.NPS == nil {
		return 0, false
	}
	switch {
	case *s.NPS >= 9:
		return 100, true
	case *s.NPS <= 6:
		return -100, true
	}
	return 0, true
}

func cesOf(r *pipeline.Record) (float64, bool) {
	s := r.Event.Survey
	if s == nil || s.CES == nil {
		return 0, false
	}
	return float64(*s.CES), true
}

func ratingOf(r *pipeline.Record) (float64, bool) {
	if r.Event.Rating == nil {
		return 0, false
	}
	return *r.Event.Rating, true
}

func countLabel(records []*pipeline.Record, label pipeline.Label) (n uint64) {
	for _, r := range records {
		if r.Analysis.Sentiment.Label == label {
			n++
		}
	}
	return n
}

func referenceKPIs(records []*pipeline.Record) KPIs {
	k := KPIs{
		Volume: uint64(len(records)), Positive: countLabel(records, pipeline.Positive), Neutral: countLabel(records, pipeline.Neutral),
		Negative: countLabel(records, pipeline.Negative), Unknown: countLabel(records, pipeline.Unknown),
	}
	k.NetSentiment, _ = meanOf(records, netOf)
	k.CSAT, k.CSATAnswers = meanOf(records, csatOf)
	k.NPS, k.NPSAnswers = meanOf(records, npsOf)
	k.CES, k.CESAnswers = meanOf(records, cesOf)
	k.Rating, k.Ratings = meanOf(records, ratingOf)
	seconds := responseSeconds(records)
	if k.Responses = uint64(len(seconds)); k.Responses > 0 {
		median := (seconds[(len(seconds)-1)/2] + seconds[len(seconds)/2]) / 2
		k.FirstResponseSeconds = &median
	}
	return k
}

// responseSeconds is the first response of each thread, sorted.
func responseSeconds(records []*pipeline.Record) []float64 {
	type times struct{ opened, answered *time.Time }
	earlier := func(a, b *time.Time) *time.Time {
		if a == nil || b != nil && b.Before(*a) {
			return b
		}
		return a
	}
	threads := map[string]times{}
	for _, r := range records {
		c := r.Event.Contact
		if c == nil {
			continue
		}
		key := "thread " + c.ThreadID
		if c.ThreadID == "" {
			key = "event " + r.Event.ID
		}
		t := threads[key]
		threads[key] = times{earlier(t.opened, c.OpenedAt), earlier(t.answered, c.FirstResponseAt)}
	}
	var seconds []float64
	for _, t := range threads {
		if t.opened != nil && t.answered != nil && !t.answered.Before(*t.opened) {
			seconds = append(seconds, t.answered.Sub(*t.opened).Seconds())
		}
	}
	slices.Sort(seconds)
	return seconds
}

func referenceTrend(f Filter, records []*pipeline.Record) []TrendPoint {
	byDay := groupBy(records, func(r *pipeline.Record) time.Time { return r.Event.OccurredAt.Truncate(24 * time.Hour) })
	if len(byDay) == 0 {
		return []TrendPoint{}
	}
	days := slices.SortedFunc(maps.Keys(byDay), time.Time.Compare)
	first, end := days[0], days[len(days)-1].AddDate(0, 0, 1)
	if !f.Since.IsZero() {
		first = f.Since.Truncate(24 * time.Hour)
	}
	if !f.Until.IsZero() {
		end = f.Until
	}
	var out []TrendPoint
	for d := first; d.Before(end); d = d.AddDate(0, 0, 1) {
		rows := byDay[d]
		p := TrendPoint{
			Day: d, Volume: uint64(len(rows)), Positive: countLabel(rows, pipeline.Positive),
			Neutral: countLabel(rows, pipeline.Neutral), Negative: countLabel(rows, pipeline.Negative),
		}
		p.NetSentiment, _ = meanOf(rows, netOf)
		p.CSAT, _ = meanOf(rows, csatOf)
		p.NPS, _ = meanOf(rows, npsOf)
		out = append(out, p)
	}
	return out
}

func groupBy[K comparable](records []*pipeline.Record, key func(*pipeline.Record) K) map[K][]*pipeline.Record {
	out := map[K][]*pipeline.Record{}
	for _, r := range records {
		out[key(r)] = append(out[key(r)], r)
	}
	return out
}

func referenceTopics(records []*pipeline.Record) []TopicStat {
	stats := map[string]TopicStat{}
	for _, r := range records {
		for _, m := range r.Analysis.Topics {
			s := stats[m.Topic]
			s.Topic, s.Mentions, s.Score = m.Topic, s.Mentions+1, s.Score+m.Score
			switch m.Sentiment {
			case pipeline.Positive:
				s.Positive++
			case pipeline.Neutral:
				s.Neutral++
			case pipeline.Negative:
				s.Negative++
			}
			stats[m.Topic] = s
		}
	}
	out := []TopicStat{}
	for _, s := range stats {
		s.Score /= float64(s.Mentions)
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b TopicStat) int {
		return cmp.Or(cmp.Compare(b.Mentions, a.Mentions), strings.Compare(a.Topic, b.Topic))
	})
	return out
}

func referenceHeatmap(records []*pipeline.Record) []HeatCell {
	cells := map[HeatCell]HeatCell{}
	for _, r := range records {
		for _, m := range r.Analysis.Topics {
			key := HeatCell{Topic: m.Topic, HourOfWeek: pipeline.HourOfWeek(r.Event.OccurredAt)}
			cell := cells[key]
			cell.Topic, cell.HourOfWeek, cell.Mentions = key.Topic, key.HourOfWeek, cell.Mentions+1
			if m.Sentiment == pipeline.Negative {
				cell.Negative++
			}
			cells[key] = cell
		}
	}
	out := append([]HeatCell{}, slices.Collect(maps.Values(cells))...)
	slices.SortFunc(out, func(a, b HeatCell) int {
		return cmp.Or(strings.Compare(a.Topic, b.Topic), cmp.Compare(a.HourOfWeek, b.HourOfWeek))
	})
	return out
}

func referenceLocations(records []*pipeline.Record) []PlaceStat {
	out := []PlaceStat{}
	for location, rows := range groupBy(records, func(r *pipeline.Record) string { return r.Event.Location }) {
		if location == "" {
			continue
		}
		s := PlaceStat{Location: location, Volume: uint64(len(rows)), Negative: countLabel(rows, pipeline.Negative)}
		s.NetSentiment, s.Scored = meanOf(rows, netOf)
		s.CSAT, _ = meanOf(rows, csatOf)
		s.NPS, _ = meanOf(rows, npsOf)
		var most uint64
		for _, topic := range referenceTopics(rows) {
			if topic.Negative > most || topic.Negative == most && most > 0 && topic.Topic < s.WorstTopic {
				most, s.WorstTopic = topic.Negative, topic.Topic
			}
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b PlaceStat) int {
		return cmp.Or(cmp.Compare(b.Volume, a.Volume), strings.Compare(a.Location, b.Location))
	})
	return out
}

func referenceHours(records []*pipeline.Record) []HourStat {
	out := []HourStat{}
	for hour, rows := range groupBy(records, func(r *pipeline.Record) uint8 { return pipeline.HourOfWeek(r.Event.OccurredAt) }) {
		s := HourStat{HourOfWeek: hour, Volume: uint64(len(rows)), Negative: countLabel(rows, pipeline.Negative)}
		s.NetSentiment, s.Scored = meanOf(rows, netOf)
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b HourStat) int { return cmp.Compare(a.HourOfWeek, b.HourOfWeek) })
	return out
}

func referenceTags(records []*pipeline.Record) []TagStat {
	stats := map[string]TagStat{}
	for _, r := range records {
		for _, tag := range r.Analysis.Tags {
			s := stats[tag]
			s.Tag, s.Mentions = tag, s.Mentions+1
			if r.Analysis.Sentiment.Label == pipeline.Negative {
				s.Negative++
			}
			stats[tag] = s
		}
	}
	out := append([]TagStat{}, slices.Collect(maps.Values(stats))...)
	slices.SortFunc(out, func(a, b TagStat) int {
		return cmp.Or(cmp.Compare(b.Mentions, a.Mentions), strings.Compare(a.Tag, b.Tag))
	})
	return out
}

// referenceIDs are the ids that a search returns, newest first.
func referenceIDs(records []*pipeline.Record) []string {
	sorted := slices.SortedFunc(slices.Values(records), func(a, b *pipeline.Record) int {
		return cmp.Or(b.Event.OccurredAt.Compare(a.Event.OccurredAt), strings.Compare(a.Event.ID, b.Event.ID))
	})
	ids := []string{}
	for _, r := range sorted {
		ids = append(ids, r.Event.ID)
	}
	return ids
}
