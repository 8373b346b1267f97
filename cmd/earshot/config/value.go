package config

import (
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// assign converts raw, as a file, variable or flag gave it, to the type of the
// field. The error says what was expected. Nothing is coerced in silence.
func assign(field reflect.Value, raw any) error {
	value, err := convert(field.Interface(), raw)
	if err != nil {
		return err
	}
	field.Set(reflect.ValueOf(value))
	return nil
}

// convert turns raw into the type of like.
func convert(like, raw any) (any, error) {
	switch like.(type) {
	case string:
		if s, ok := raw.(string); ok {
			return strings.TrimSpace(s), nil
		}
		return nil, fmt.Errorf("expected text")
	case int:
		return toInt(raw)
	case bool:
		return toBool(raw)
	case time.Duration:
		return toDuration(raw)
	case []string:
		return toList(raw)
	}
	return nil, fmt.Errorf("a %T cannot be configured", like)
}

func toInt(raw any) (int, error) {
	switch v := raw.(type) {
	case int:
		return v, nil
	case string:
		n, err := strconv.Atoi(strings.ReplaceAll(strings.TrimSpace(v), "_", ""))
		if err == nil {
			return n, nil
		}
	}
	return 0, fmt.Errorf("expected a whole number")
}

func toBool(raw any) (bool, error) {
	switch v := raw.(type) {
	case bool:
		return v, nil
	case string:
		switch strings.TrimSpace(v) {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
	}
	return false, fmt.Errorf("expected true or false")
}

// toDuration takes Go durations and, beyond them, whole days and weeks.
func toDuration(raw any) (time.Duration, error) {
	wrong := fmt.Errorf("expected a duration with its unit, such as 200ms, 24h or 30d")
	if d, ok := raw.(time.Duration); ok {
		return d, nil
	}
	s, ok := raw.(string)
	if !ok {
		return 0, wrong
	}
	s = strings.TrimSpace(s)
	for suffix, unit := range map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		n, err := strconv.ParseInt(strings.TrimSuffix(s, suffix), 10, 32)
		if err == nil && strings.HasSuffix(s, suffix) {
			if n > int64((1<<63-1)/unit) || n < 0 {
				return 0, wrong
			}
			return time.Duration(n) * unit, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, wrong
	}
	return d, nil
}

// toList takes a YAML list or text with commas.
func toList(raw any) ([]string, error) {
	var parts []string
	switch v := raw.(type) {
	case string:
		parts = strings.Split(v, ",")
	case []string:
		parts = v
	case []any:
		for _, item := range v {
			s, ok := item.(string)
			if !ok {
				return nil, fmt.Errorf("expected a list of texts, not %v in it", item)
			}
			parts = append(parts, s)
		}
	default:
		return nil, fmt.Errorf("expected a list")
	}
	var list []string
	for _, s := range parts {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list, nil
}

// format writes a value the way the file would hold it.
func format(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case []string:
		return strings.Join(v, ",")
	case time.Duration:
		return formatDuration(v)
	}
	return fmt.Sprint(value)
}

func formatDuration(d time.Duration) string {
	const day = 24 * time.Hour
	if d > day && d%day == 0 {
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	s := d.String() // such as 24h0m0s
	if rest, ok := strings.CutSuffix(s, "m0s"); ok {
		s = rest + "m"
	}
	if rest, ok := strings.CutSuffix(s, "h0m"); ok {
		s = rest + "h"
	}
	return s
}

const hidden = "***"

var (
	passwordInUser  = regexp.MustCompile(`(://[^/?#:@]*):[^/?#]*@`)
	passwordInQuery = regexp.MustCompile(`([?&](?:password|token)=)[^&]*`)
)

// Mask hides the password of an address. An address that cannot be parsed, or
// has an @ where none belongs, is hidden whole: nobody can say which part of it
// is the password.
func Mask(address string) string {
	if address == "" {
		return ""
	}
	first, _ := splitHosts(address)
	u, err := url.Parse(first)
	if err != nil || u.Host == "" || strings.Contains(u.Path+u.RawQuery+u.Fragment, "@") {
		return hidden
	}
	masked := passwordInUser.ReplaceAllString(address, "${1}:"+hidden+"@")
	return passwordInQuery.ReplaceAllString(masked, "${1}"+hidden)
}

// hostsOf finds the hosts of an address that names several.
var hostsOf = regexp.MustCompile(`^([a-z]+://(?:[^/?#]*@)?)([^/?#]*)`)

// splitHosts returns the address with the first of its hosts alone, which
// net/url can parse, and all hosts.
func splitHosts(address string) (first string, hosts []string) {
	at := hostsOf.FindStringSubmatchIndex(address)
	if at == nil {
		return address, []string{""}
	}
	hosts = strings.Split(address[at[4]:at[5]], ",")
	return address[:at[4]] + hosts[0] + address[at[5]:], hosts
}
