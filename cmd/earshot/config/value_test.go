package config

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"200ms": 200 * time.Millisecond, "24h": 24 * time.Hour, "30d": 30 * 24 * time.Hour, "2w": 14 * 24 * time.Hour, " 1h30m ": 90 * time.Minute,
	} {
		if got, err := toDuration(text); err != nil || got != want {
			t.Errorf("%q = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "24", "d", "1.5d", "-1d", "999999999w", "1y"} {
		if got, err := toDuration(text); err == nil {
			t.Errorf("%q = %v, want an error", text, got)
		}
	}
}

// What is shown can be written back: the table of settings is a valid file.
func TestDurationsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(1<<62)).Draw(t, "d"))
		unit := rapid.SampledFrom([]time.Duration{1, time.Millisecond, time.Second, time.Minute, time.Hour, 24 * time.Hour}).Draw(t, "unit")
		d = d.Truncate(unit)
		got, err := toDuration(formatDuration(d))
		if err != nil || got != d {
			t.Fatalf("%v -> %q -> %v, %v", d, formatDuration(d), got, err)
		}
	})
}

func TestMask(t *testing.T) {
	for address, want := range map[string]string{
		"":                                          "",
		"clickhouse://h:9000/d":                     "clickhouse://h:9000/d",
		"clickhouse://u@h:9000/d":                   "clickhouse://u@h:9000/d",
		"clickhouse://u:secret@h:9000/d":            "clickhouse://u:***@h:9000/d",
		"clickhouse://:secret@h:9000/d":             "clickhouse://:***@h:9000/d",
		"clickhouse://u:secret@a:9000,b:9000/d":     "clickhouse://u:***@a:9000,b:9000/d",
		"clickhouse://a:9000,b:9000/d":              "clickhouse://a:9000,b:9000/d",
		"clickhouse://h:9000/d?password=secret&x=1": "clickhouse://h:9000/d?password=***&x=1",
		"clickhouse://u:se/cret@h:9000":             "***", // cannot be parsed
		"clickhouse://u:12/se@h:9000":               "***", // host u:12, if one believes net/url
		"u:secret@h:9000":                           "***",
	} {
		if got := Mask(address); got != want {
			t.Errorf("Mask(%q) = %q, want %q", address, got, want)
		}
	}
}

// No message about an address, valid or not, holds its password.
func TestPasswordsStayHidden(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		password := "Secr3t" + rapid.StringMatching(`[ -~]{0,12}`).Draw(t, "tail")
		if rapid.Bool().Draw(t, "escaped") {
			password = url.QueryEscape(password)
		}
		form := rapid.SampledFrom([]string{
			"clickhouse://user:%s@host:9000/db", "clickhouse://user:%s@a:9000,b:9000/db", "clickhouse://user:1%s@a:9000", "http://user:%s@host/", "clickhouse://user:%s@host", "user:%s@host:1",
			"clickhouse://user:%s", "clickhouse://host:9000/db?username=u&password=%s", "%s",
		}).Draw(t, "form")
		cfg := Default()
		cfg.ClickHouse.URL = strings.ReplaceAll(form, "%s", password)
		shown := Mask(cfg.ClickHouse.URL)
		if err := Validate(cfg); err != nil {
			shown += err.Error()
		}
		if strings.Contains(shown, "Secr3t") {
			t.Fatalf("%q shows the password of %q", shown, cfg.ClickHouse.URL)
		}
	})
}
