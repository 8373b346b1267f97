package config

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestDefaultIsValid(t *testing.T) {
	if err := Validate(Default()); err != nil {
		t.Fatal(err)
	}
}

// Each case changes one field of the default and names the key it breaks.
func TestValidateOneFieldAtATime(t *testing.T) {
	cases := []struct {
		key    string
		change func(*Config)
		want   string
	}{
		{"data", func(c *Config) { c.Data = "" }, "expected a folder"},
		{"kafka.brokers", func(c *Config) { c.Kafka.Brokers = []string{"localhost"} }, "host:port"},
		{"kafka.brokers", func(c *Config) { c.Kafka.Brokers = []string{":9092"} }, "host:port"},
		{"kafka.brokers", func(c *Config) { c.Kafka.Brokers = []string{"a:9092", "b:0"} }, "host:port"},
		{"kafka.events_topic", func(c *Config) { c.Kafka.EventsTopic = "feed back" }, "topic name"},
		{"kafka.events_topic", func(c *Config) { c.Kafka.EventsTopic = ".." }, "topic name"},
		{"kafka.deadletters_topic", func(c *Config) { c.Kafka.DeadLettersTopic = "" }, "topic name"},
		{"kafka.deadletters_topic", func(c *Config) { c.Kafka.DeadLettersTopic = c.Kafka.EventsTopic }, "another topic"},
		{"clickhouse.url", func(c *Config) { c.ClickHouse.URL = "http://localhost:8123" }, "not HTTP"},
		{"clickhouse.url", func(c *Config) { c.ClickHouse.URL = "localhost:9000" }, "clickhouse://"},
		{"clickhouse.url", func(c *Config) { c.ClickHouse.URL = "clickhouse://localhost/earshot" }, "host and port"},
		{"clickhouse.url", func(c *Config) { c.ClickHouse.URL = "clickhouse://h:9000/a/b" }, "one database"},
		{"clickhouse.reader_url", func(c *Config) { c.ClickHouse.ReaderURL = "postgres://h:1/x" }, "clickhouse://"},
		{"worker.batch_rows", func(c *Config) { c.Worker.BatchRows = 0 }, "1 to 1000000"},
		{"worker.batch_bytes", func(c *Config) { c.Worker.BatchBytes = 1000 }, "1048576 to"},
		{"worker.batch_delay", func(c *Config) { c.Worker.BatchDelay = -1 }, "1ms to 1m"},
		{"worker.fetch_bytes", func(c *Config) { c.Worker.FetchBytes = 1 }, "65536 to"},
		{"worker.insert_timeout", func(c *Config) { c.Worker.InsertTimeout = time.Hour }, "1s to 10m"},
		{"worker.of", func(c *Config) { c.Worker.Of = 0 }, "1 to 1024"},
		{"worker.index", func(c *Config) { c.Worker.Index = 1 }, "expected 0 to 0"},
		{"worker.index", func(c *Config) { c.Worker.Index = -1 }, "expected 0 to 0"},
		{"worker.listen", func(c *Config) { c.Worker.Listen = "9464" }, "host:port"},
		{"analysis.pack", func(c *Config) { c.Analysis.Pack = "../etc" }, "taxonomy"},
		{"analysis.packs", func(c *Config) { c.Analysis.Packs = "/nowhere/at/all" }, "folder"},
		{"analysis.timezone", func(c *Config) { c.Analysis.Timezone = "Europe/Nowhere" }, "IANA"},
		{"serve.listen", func(c *Config) { c.Serve.Listen = "127.0.0.1:70000" }, "host:port"},
		{"serve.query_timeout", func(c *Config) { c.Serve.QueryTimeout = 0 }, "100ms to 10m"},
		{"followup.window", func(c *Config) { c.FollowUp.Window = 4000 * 24 * time.Hour }, "1h to 3650d"},
		{"followup.sla", func(c *Config) { c.FollowUp.SLA = 0 }, "1m to 365d"},
		{"followup.sla", func(c *Config) { c.FollowUp.SLA = 31 * 24 * time.Hour }, "at most followup.window"},
		{"log.level", func(c *Config) { c.Log.Level = "verbose" }, "debug, info, warn, error"},
		{"log.format", func(c *Config) { c.Log.Format = "xml" }, "text, json"},
	}
	covered := map[string]bool{}
	for _, tc := range cases {
		covered[tc.key] = true
		cfg := Default()
		tc.change(&cfg)
		var invalid *InvalidError
		if err := Validate(cfg); !errors.As(err, &invalid) {
			t.Errorf("%s: %v, want an InvalidError", tc.key, err)
			continue
		}
		if len(invalid.Problems) != 1 {
			t.Errorf("%s: %d problems, want 1: %q", tc.key, len(invalid.Problems), invalid.Problems)
		}
		if line := invalid.Problems[0]; !strings.HasPrefix(line, tc.key+" = ") || !strings.Contains(line, tc.want) {
			t.Errorf("%s: %q lacks %q", tc.key, line, tc.want)
		}
	}
	for _, k := range Keys() {
		if !covered[k.Path] {
			t.Errorf("no case breaks %s: is it validated?", k.Path)
		}
	}
}

func TestValidAddresses(t *testing.T) {
	cfg := Default()
	cfg.Kafka.Brokers = []string{"localhost:9092", "[::1]:9093", "broker.example:19092"}
	cfg.Serve.Listen = ":0"
	for _, url := range []string{
		"clickhouse://h:9000", "clickhouse://u:p%40ss@h:9000/earshot?dial_timeout=1s", "tcp://h:9440/x?secure=true",
	} {
		cfg.ClickHouse.URL = url
		if err := Validate(cfg); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}
