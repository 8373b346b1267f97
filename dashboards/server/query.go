package server

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// Bounds of the query parameters.
const (
	maxParamBytes = 256
	defaultLimit  = 50
	maxLimit      = 500
	maxOffset     = 1_000_000
	hoursOfWeek   = 168
	hoursOfDay    = 24
)

// query is a request's parameters, checked.
type query struct {
	filter        clickhouse.Filter
	limit, offset int
}

// paramError is a parameter that cannot be served: the caller's mistake.
type paramError struct {
	parameter, message string
}

func (e *paramError) Error() string { return e.parameter + ": " + e.message }

// paging are the parameters of endpoints that return a page of a list.
var paging = []string{"limit", "offset"}

// parseQuery reads the filter from the URL. Whatever it does not know, it
// refuses: a misspelt filter must not silently select everything.
func parseQuery(values url.Values, extra []string, now time.Time) (query, error) {
	q := query{limit: defaultLimit}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if slices.Contains(paging, name) && !slices.Contains(extra, name) {
			return q, &paramError{name, "this endpoint returns everything at once"}
		}
		value, err := single(name, values[name])
		if err != nil {
			return q, err
		}
		if err := q.set(name, value, now); err != nil {
			return q, err
		}
	}
	if f := q.filter; !f.Since.IsZero() && !f.Until.IsZero() && !f.Since.Before(f.Until) {
		return q, &paramError{"until", "must be later than since"}
	}
	return q, nil
}

func single(name string, values []string) (string, error) {
	if len(values) != 1 {
		return "", &paramError{name, "given more than once"}
	}
	v := values[0]
	switch {
	case v == "":
		return "", &paramError{name, "is empty; leave it out to select everything"}
	case len(v) > maxParamBytes:
		return "", &paramError{name, fmt.Sprintf("longer than %d bytes", maxParamBytes)}
	case !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl):
		return "", &paramError{name, "not printable UTF-8 text"}
	}
	return v, nil
}

func (q *query) set(name, value string, now time.Time) (err error) {
	if field := textField(&q.filter, name); field != nil {
		*field = value
		return checkEnum(name, value)
	}
	switch name {
	case "since":
		q.filter.Since, err = parseTime(name, value, now)
	case "until":
		q.filter.Until, err = parseTime(name, value, now)
	case "hour_of_week":
		var hour int
		hour, err = parseInt(name, value, 0, hoursOfWeek-1)
		q.filter.HourOfWeek = &hour
	case "hour":
		var hour int
		hour, err = parseInt(name, value, 0, hoursOfDay-1)
		q.filter.Hour = &hour
	case "contradiction":
		q.filter.Contradiction = true
		if value != "true" {
			err = &paramError{name, "must be true, or left out"}
		}
	case "limit":
		q.limit, err = parseInt(name, value, 1, maxLimit)
	case "offset":
		q.offset, err = parseInt(name, value, 0, maxOffset)
	default:
		err = &paramError{name, "unknown parameter"}
	}
	return err
}

// textField returns the filter's field for a parameter, nil if it has none.
func textField(f *clickhouse.Filter, name string) *string {
	return map[string]*string{
		"source": &f.Source, "platform": &f.Platform, "location": &f.Location, "product": &f.Product,
		"team": &f.Team, "agent": &f.Agent, "segment": &f.Segment, "topic": &f.Topic,
		"context": &f.Context, "sentiment": &f.Sentiment, "language": &f.Language,
		"customer_id": &f.CustomerID, "topic_sentiment": &f.TopicSentiment, "q": &f.Text,
	}[name]
}

func checkEnum(name, value string) error {
	var allowed []string
	switch name {
	case "source":
		allowed = pipeline.Channels
	case "sentiment", "topic_sentiment":
		allowed = []string{string(pipeline.Positive), string(pipeline.Neutral), string(pipeline.Negative), string(pipeline.Unknown)}
	default:
		return nil
	}
	if !slices.Contains(allowed, value) {
		return &paramError{name, "must be one of " + strings.Join(allowed, ", ")}
	}
	return nil
}

func parseInt(name, value string, low, high int) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < low || n > high {
		return 0, &paramError{name, fmt.Sprintf("must be a whole number from %d to %d", low, high)}
	}
	return n, nil
}

// parseTime accepts a point in time (RFC 3339, or YYYY-MM-DD for its midnight
// UTC) or how long ago it was (30d, 2w, or a Go duration).
func parseTime(name, value string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, value); err == nil {
			return t.UTC(), nil
		}
	}
	if ago, ok := parseAgo(value); ok && ago > 0 {
		return now.UTC().Add(-ago), nil
	}
	return time.Time{}, &paramError{name, "must be RFC 3339, YYYY-MM-DD or a span back from now such as 30d, 2w or 12h"}
}

const day = 24 * time.Hour

func parseAgo(value string) (time.Duration, bool) {
	for suffix, unit := range map[string]time.Duration{"d": day, "w": 7 * day} {
		number, found := strings.CutSuffix(value, suffix)
		if n, err := strconv.Atoi(number); found && err == nil {
			return time.Duration(n) * unit, n <= 36_500
		}
	}
	d, err := time.ParseDuration(value)
	return d, err == nil
}
