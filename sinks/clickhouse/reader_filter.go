package clickhouse

import (
	"strings"
	"time"

	chgo "github.com/ClickHouse/clickhouse-go/v2"
)

// clause is one condition of a Filter. Its SQL is fixed; only the bound value
// comes from outside.
type clause struct {
	sql   string
	name  string // of the parameter
	value any
}

// clauses are the conditions that f asks for, in a fixed order. Each of them
// stands alone, so that ClickHouse prunes by those that are there.
func (f Filter) clauses() []clause {
	var out []clause
	for _, t := range []struct {
		sql, name string
		at        time.Time
	}{
		// The day is what the table is sorted by: without it nothing is skipped.
		{"toDate(f.occurred_at) >= toDate({since:DateTime64(3, 'UTC')}) AND f.occurred_at >= {since:DateTime64(3, 'UTC')}", "since", f.Since},
		{"toDate(f.occurred_at) <= toDate({until:DateTime64(3, 'UTC')}) AND f.occurred_at < {until:DateTime64(3, 'UTC')}", "until", f.Until},
	} {
		if !t.at.IsZero() {
			out = append(out, clause{t.sql, t.name, keyTime(t.at)})
		}
	}
	for _, s := range f.texts() {
		if s.value != "" {
			out = append(out, s)
		}
	}
	if f.HourOfWeek != nil {
		out = append(out, clause{"f.hour_of_week = {hour_of_week:Int64}", "hour_of_week", int64(*f.HourOfWeek)})
	}
	if f.Hour != nil {
		out = append(out, clause{"f.hour_of_week % 24 = {hour:Int64}", "hour", int64(*f.Hour)})
	}
	if f.Contradiction {
		out = append(out, clause{"f.contradiction = {contradiction:Bool}", "contradiction", true})
	}
	return out
}

func (f Filter) texts() []clause {
	return []clause{
		{"f.source = {source:String}", "source", f.Source},
		{"f.platform = {platform:String}", "platform", f.Platform},
		{"f.location = {location:String}", "location", f.Location},
		{"f.product = {product:String}", "product", f.Product},
		{"f.team = {team:String}", "team", f.Team},
		{"f.agent = {agent:String}", "agent", f.Agent},
		{"f.customer_segment = {segment:String}", "segment", f.Segment},
		// A topic stands for those below it as well: service for service.speed.
		{"arrayExists(t -> t = {topic:String} OR startsWith(t, concat({topic:String}, '.')), f.topics)", "topic", f.Topic},
		{f.mentionSQL(), "topic_sentiment", f.TopicSentiment},
		{"has(f.contexts, {context:String})", "context", f.Context},
		{"f.sentiment = {sentiment:String}", "sentiment", f.Sentiment},
		{"f.language = {language:String}", "language", f.Language},
		{"f.customer_id = {customer_id:String}", "customer_id", f.CustomerID},
		// A plain substring: nothing in it is a pattern.
		{"(positionCaseInsensitiveUTF8(f.text, {text:String}) > 0 OR positionCaseInsensitiveUTF8(f.title, {text:String}) > 0" +
			" OR f.turns != '' AND arrayExists(t -> JSONExtractString(t, 'role') = 'customer'" +
			" AND positionCaseInsensitiveUTF8(JSONExtractString(t, 'text'), {text:String}) > 0, JSONExtractArrayRaw(f.turns)))", "text", f.Text},
	}
}

// mentionSQL is the condition for TopicSentiment; {topic} is bound by its own clause.
func (f Filter) mentionSQL() string {
	if f.Topic == "" {
		return "has(f.topic_sentiments, {topic_sentiment:String})"
	}
	return "arrayExists((t, s) -> s = {topic_sentiment:String} AND (t = {topic:String} OR startsWith(t, concat({topic:String}, '.'))), f.topics, f.topic_sentiments)"
}

// bound is the clause's value as the driver takes it.
func (c clause) bound() any {
	if at, ok := c.value.(time.Time); ok {
		return chgo.DateNamed(c.name, at, chgo.MilliSeconds)
	}
	return chgo.Named(c.name, c.value)
}

// where joins the clauses of f to a condition and binds their values.
func (f Filter) where() (sql string, args []any) {
	var parts []string
	for _, c := range f.clauses() {
		parts = append(parts, c.sql)
		args = append(args, c.bound())
	}
	if parts == nil {
		return "true", nil
	}
	return strings.Join(parts, "\n  AND "), args
}

// keyTime moves t into the days that the table's sorting key, a Date, can
// tell apart, and rounds it up to the column's milliseconds: no event lies
// between the two.
func keyTime(t time.Time) time.Time {
	first, last := time.Date(1971, 1, 1, 0, 0, 0, 0, time.UTC), endOfTime()
	switch {
	case t.Before(first):
		return first
	case t.After(last):
		return last
	}
	whole := t.Truncate(time.Millisecond)
	if whole.Before(t) {
		whole = whole.Add(time.Millisecond)
	}
	return whole.UTC()
}

// endOfTime is a day that no event reaches and that a Date can still hold.
func endOfTime() time.Time { return time.Date(2149, 1, 1, 0, 0, 0, 0, time.UTC) }
