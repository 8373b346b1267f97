package intake

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// dates reads the dates of a file.
type dates struct {
	layout string // Go layout; "" means the common forms
	zone   *time.Location
}

// isoLayouts are the forms read without --date-format. Go reads a fraction of
// a second behind any of them that has seconds.
var isoLayouts = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00",
	"2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05 Z0700",
	"2006-01-02T15:04:05Z07", "2006-01-02 15:04:05Z07",
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04",
	"2006-01-02",
}

// parse reads s; what has no offset of its own is in the zone.
func (d *dates) parse(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if d.layout != "" {
		t, err := time.ParseInLocation(d.layout, s, d.zone)
		return t, err == nil
	}
	if t, ok := parseEpoch(s, d.zone); ok {
		return t, true
	}
	if utc, ok := strings.CutSuffix(s, "UTC"); ok {
		s = strings.TrimSpace(utc) + "Z"
	}
	if len(s) < len("2006-01-02") || s[4] != '-' {
		return time.Time{}, false
	}
	for _, layout := range isoLayouts {
		if t, err := time.ParseInLocation(layout, s, d.zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// parseEpoch reads seconds since 1970 (9 or 10 digits, a fraction allowed) or
// milliseconds (12 or 13 digits).
func parseEpoch(s string, zone *time.Location) (time.Time, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n < 0 {
		return time.Time{}, false
	}
	switch len(whole) {
	case 12, 13:
		return time.UnixMilli(n).In(zone), fraction == ""
	case 9, 10:
		nanos, err := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
		return time.Unix(n, nanos).In(zone), err == nil && nanos >= 0
	}
	return time.Time{}, false
}

// strftime maps the directives of Python's and C's strftime to Go's layout.
var strftime = map[byte]string{
	'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'e': "_2", 'b': "Jan", 'h': "Jan", 'B': "January",
	'a': "Mon", 'A': "Monday", 'H': "15", 'I': "03", 'M': "04", 'S': "05", 'p': "PM", 'z': "-0700",
	'j': "002", 'F': "2006-01-02", 'T': "15:04:05", 'R': "15:04", 'D': "01/02/06", '%': "%",
}

// layoutOf turns a --date-format, Go's or strftime's, into a Go layout.
func layoutOf(format string) (string, error) {
	if format == "" {
		return "", nil
	}
	layout := format
	if strings.Contains(format, "%") {
		var err error
		if layout, err = fromStrftime(format); err != nil {
			return "", err
		}
	}
	if strings.Contains(layout, "MST") {
		return "", mappingErrorf("date format %q: names of zones are ambiguous; use an offset (%%z, -0700) or --timezone", format)
	}
	// A layout that prints two different days alike holds no date.
	a, b := time.Date(2001, 3, 4, 0, 0, 0, 0, time.UTC), time.Date(2012, 11, 25, 0, 0, 0, 0, time.UTC)
	if a.Format(layout) == b.Format(layout) {
		return "", mappingErrorf("date format %q holds no date; write it as %%d.%%m.%%Y %%H:%%M or 02.01.2006 15:04", format)
	}
	return layout, nil
}

func fromStrftime(format string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		i++
		if i < len(format) && format[i] == '-' { // %-d: without padding, which Go reads anyway
			i++
		}
		if i >= len(format) {
			return "", mappingErrorf("date format %q ends in a lone %%", format)
		}
		if format[i] == 'f' { // Go reads a fraction behind the seconds by itself
			trimmed := strings.TrimSuffix(b.String(), ".")
			b.Reset()
			b.WriteString(trimmed)
			continue
		}
		go1, ok := strftime[format[i]]
		if !ok {
			return "", mappingErrorf("date format %q: %%%c is not known; known are %%Y %%m %%d %%H %%M %%S %%y %%b %%B %%I %%p %%z", format, format[i])
		}
		b.WriteString(go1)
	}
	return b.String(), nil
}

// mappingError is a mistake in how the columns were mapped.
type mappingError struct{ text string }

func (e *mappingError) Error() string { return e.text }

func mappingErrorf(format string, args ...any) error {
	return &mappingError{text: fmt.Sprintf(format, args...)}
}
