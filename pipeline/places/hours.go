package places

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"earshot/pipeline"
)

// weekdays by their names of three letters; Sunday is 0, as in time.Weekday.
func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

// spansPerDay bounds the opening times of one day.
const spansPerDay = 8

// ParseHours reads opening hours such as "Mon-Fri 11:00-15:00 17:00-22:00, Sat-Sun
// 10:00-01:30": parts with a comma between them, each of weekdays and the times on
// them. A time that ends before it starts runs past midnight; days that no part names,
// or that one calls closed, are closed; "24h" is the whole day.
func ParseHours(s string) (*pipeline.OpeningHours, error) {
	h := new(pipeline.OpeningHours)
	var named [7]bool
	for part := range strings.SplitSeq(s, ",") {
		fields := strings.Fields(part)
		if len(fields) < 2 {
			return nil, fmt.Errorf("hours %q: expected weekdays and times, such as Mon-Fri 11:00-22:00", strings.TrimSpace(part))
		}
		days, err := parseDays(fields[0])
		if err != nil {
			return nil, err
		}
		spans, err := parseSpans(fields[1:])
		if err != nil {
			return nil, err
		}
		for _, day := range days {
			if named[day] {
				return nil, fmt.Errorf("hours: %s is named twice; put all its times behind one name", weekdays()[day])
			}
			named[day], h.Week[day] = true, spans
		}
	}
	return h, nil
}

// parseDays reads "mon", "mon-fri", "sat/sun" or "daily".
func parseDays(s string) (days []int, err error) {
	if strings.EqualFold(s, "daily") {
		return []int{0, 1, 2, 3, 4, 5, 6}, nil
	}
	for run := range strings.SplitSeq(s, "/") {
		from, to, ranged := strings.Cut(run, "-")
		first, ok := dayNumber(from)
		last := first
		if ranged && ok {
			last, ok = dayNumber(to)
		}
		if !ok {
			return nil, fmt.Errorf("hours: %q is no weekday; expected Mon, Mon-Fri, Sat/Sun or daily", s)
		}
		for day := first; ; day = (day + 1) % 7 {
			days = append(days, day)
			if day == last {
				break
			}
		}
	}
	return days, nil
}

func dayNumber(name string) (int, bool) {
	day := slices.Index(weekdays(), strings.ToLower(name))
	return day, day >= 0
}

func parseSpans(fields []string) (spans []pipeline.Span, err error) {
	if len(fields) == 1 && strings.EqualFold(fields[0], "closed") {
		return nil, nil
	}
	if len(fields) == 1 && strings.EqualFold(fields[0], "24h") {
		return []pipeline.Span{{From: 0, To: pipeline.MinutesOfDay}}, nil
	}
	if len(fields) > spansPerDay {
		return nil, fmt.Errorf("hours: more than %d times on a day", spansPerDay)
	}
	for _, f := range fields {
		span, err := parseSpan(f)
		if err != nil {
			return nil, err
		}
		if n := len(spans); n > 0 && span.From < spans[n-1].To {
			return nil, fmt.Errorf("hours: %s begins before the time in front of it ends", f)
		}
		spans = append(spans, span)
	}
	return spans, nil
}

func parseSpan(s string) (pipeline.Span, error) {
	from, to, ok := strings.Cut(s, "-")
	begin, okBegin := parseClock(from)
	end, okEnd := parseClock(to)
	if !ok || !okBegin || !okEnd || begin == pipeline.MinutesOfDay {
		return pipeline.Span{}, fmt.Errorf("hours: %q is no time of opening; expected one such as 11:00-22:00, 24h or closed", s)
	}
	if begin == end {
		return pipeline.Span{}, fmt.Errorf("hours: %q begins where it ends; write 24h for a whole day", s)
	}
	if end < begin {
		end += pipeline.MinutesOfDay
	}
	return pipeline.Span{From: begin, To: end}, nil
}

// parseClock reads 0:00 to 24:00 as minutes.
func parseClock(s string) (int, bool) {
	hour, minute, ok := strings.Cut(s, ":")
	h, okHour := digits(hour, 1)
	m, okMinute := digits(minute, 2)
	at := h*60 + m
	return at, ok && okHour && okMinute && m < 60 && at <= pipeline.MinutesOfDay
}

// digits reads a number of least to two digits.
func digits(s string, least int) (int, bool) {
	if len(s) < least || len(s) > 2 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
