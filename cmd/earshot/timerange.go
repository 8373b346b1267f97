package main

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

const day = 24 * time.Hour

// timeRange is the pair of flags --since and --until.
type timeRange struct {
	since, until string
	flags        *pflag.FlagSet
}

// addTimeRange defines --since and --until; since is the default of the former,
// "" for no bound.
func addTimeRange(flags *pflag.FlagSet, since string) *timeRange {
	r := &timeRange{flags: flags}
	flags.StringVar(&r.since, "since", since, "from this moment on: 30d, 2w, 12h (back from now), 2026-07-03 or RFC 3339")
	flags.StringVar(&r.until, "until", "", "up to, not including, this moment; written like --since (default: now)")
	return r
}

// bounds reads the flags as [since, until) in UTC. Without --since the range is
// open at its beginning (zero), without --until it ends at now.
func (r *timeRange) bounds(now time.Time) (since, until time.Time, err error) {
	if since, err = parseMoment("since", r.since, now); err != nil {
		return since, until, err
	}
	if until, err = parseMoment("until", r.until, now); err != nil {
		return since, until, err
	}
	if until.IsZero() {
		until = now.UTC()
	}
	if !since.Before(until) && !r.flags.Changed("since") {
		return since, until, usagef("--until %s is before the last %s, which are meant without --since: give --since, too", until.Format(time.RFC3339), r.since)
	}
	if !since.Before(until) {
		return since, until, usagef("--since %s is not before --until %s", since.Format(time.RFC3339), until.Format(time.RFC3339))
	}
	return since, until, nil
}

// parseMoment reads a moment: a span back from now (30d, 2w, a Go duration), a
// date (its midnight UTC) or RFC 3339. "" is the zero time.
func parseMoment(flag, value string, now time.Time) (time.Time, error) {
	value = strings.TrimSpace(value)
	if value == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, value); err == nil {
			return t.UTC(), nil
		}
	}
	if span, ok := parseSpan(value); ok {
		return now.UTC().Add(-span), nil
	}
	return time.Time{}, usagef("--%s %q: write a span back from now (30d, 2w, 12h), a date (2026-07-03) or RFC 3339 (2026-07-03T19:30:00Z)", flag, value)
}

// maxSpan is as far back as feedback can lie, and more: 100 years.
const maxSpan = 36_525 * day

// parseSpan reads a span that is not negative: a Go duration, or whole days or weeks.
func parseSpan(value string) (time.Duration, bool) {
	for suffix, unit := range map[string]time.Duration{"d": day, "w": 7 * day} {
		number, found := strings.CutSuffix(value, suffix)
		if n, err := strconv.Atoi(number); found && err == nil {
			return time.Duration(n) * unit, n >= 0 && n <= int(maxSpan/unit)
		}
	}
	d, err := time.ParseDuration(value)
	return d, err == nil && d >= 0 && d <= maxSpan
}
