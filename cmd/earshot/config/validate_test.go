package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"earshot/internal/testca"
	"earshot/internal/tlsconn"
	"earshot/pipeline/kafka"
)

func TestDefaultIsValid(t *testing.T) {
	if err := Validate(Default()); err != nil {
		t.Fatal(err)
	}
}

// Each case changes one field of the default and names the key it breaks.
func TestValidateOneFieldAtATime(t *testing.T) {
	ca, cert, key := certificates(t)
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
		{"kafka.tls", func(c *Config) { c.Kafka.TLS, c.Kafka.CAFile = false, ca }, "has no effect without kafka.tls"},
		{"kafka.ca_file", func(c *Config) { c.Kafka.TLS, c.Kafka.CAFile = true, "/nowhere/ca.pem" }, "no such file"},
		{"kafka.ca_file", func(c *Config) { c.Kafka.TLS, c.Kafka.CAFile = true, key }, "holds no certificate"},
		{"kafka.cert_file", func(c *Config) { c.Kafka.TLS, c.Kafka.KeyFile = true, key }, "the certificate of kafka.key_file"},
		{"kafka.cert_file", func(c *Config) { c.Kafka.TLS, c.Kafka.CertFile, c.Kafka.KeyFile = true, ca, key }, "private key"},
		{"kafka.key_file", func(c *Config) { c.Kafka.TLS, c.Kafka.CertFile = true, cert }, "the key of kafka.cert_file"},
		{"kafka.sasl", func(c *Config) { c.Kafka.SASL = "gssapi" }, "plain, scram-sha-256, scram-sha-512"},
		{"kafka.username", func(c *Config) { c.Kafka.Username = "app" }, "without kafka.sasl"},
		{"kafka.username", func(c *Config) { c.Kafka.SASL, c.Kafka.Password = "plain", "pw" }, "expected the user"},
		{"kafka.username", func(c *Config) { c.Kafka.SASL, c.Kafka.Username, c.Kafka.Password = "scram-sha-256", "a\x00b", "pw" }, "control characters"},
		{"kafka.password", func(c *Config) { c.Kafka.Password = "pw" }, "without kafka.sasl"},
		{"kafka.password", func(c *Config) { c.Kafka.SASL, c.Kafka.Username = "plain", "app" }, "EARSHOT_KAFKA_PASSWORD_FILE"},
		{"kafka.password", func(c *Config) { c.Kafka.SASL, c.Kafka.Username, c.Kafka.Password = "plain", "app", "a\nb" }, "one line"},
		{"clickhouse.url", func(c *Config) { c.ClickHouse.URL = "clickhouse://a:9000,b/earshot" }, "several hosts with commas"},
		{"clickhouse.password", func(c *Config) { c.ClickHouse.Password = "a\nb" }, "one line"},
		{"clickhouse.reader_password", func(c *Config) { c.ClickHouse.ReaderPassword = "a\nb" }, "one line"},
		{"clickhouse.ca_file", func(c *Config) { c.ClickHouse.CAFile = "/nowhere/ca.pem" }, "no such file"},
		{"clickhouse.cert_file", func(c *Config) { c.ClickHouse.KeyFile = key }, "the certificate of clickhouse.key_file"},
		{"clickhouse.key_file", func(c *Config) { c.ClickHouse.CertFile = cert }, "the key of clickhouse.cert_file"},
		{"clickhouse.url", func(c *Config) { c.ClickHouse.URL = "http://localhost:8123" }, "not HTTP"},
		{"clickhouse.url", func(c *Config) { c.ClickHouse.URL = "localhost:9000" }, "clickhouse://"},
		{"clickhouse.url", func(c *Config) { c.ClickHouse.URL = "clickhouse://localhost/earshot" }, "host and port"},
		{"clickhouse.url", func(c *Config) { c.ClickHouse.URL = "clickhouse://h:9000/a/b" }, "one database"},
		{"clickhouse.reader_url", func(c *Config) { c.ClickHouse.ReaderURL = "postgres://h:1/x" }, "clickhouse://"},
		{"worker.batch_rows", func(c *Config) { c.Worker.BatchRows = 0 }, "1 to 1000000"},
		{"worker.batch_bytes", func(c *Config) { c.Worker.BatchBytes = 1000 }, "1048576 to"},
		{"worker.batch_delay", func(c *Config) { c.Worker.BatchDelay = -1 }, "1ms to 1m"},
		{"worker.fetch_bytes", func(c *Config) { c.Worker.FetchBytes = 1 }, "65536 to"},
		{"worker.id_filter_bytes", func(c *Config) { c.Worker.IDFilterBytes = -1 }, "0 to"},
		{"worker.insert_timeout", func(c *Config) { c.Worker.InsertTimeout = time.Hour }, "1s to 10m"},
		{"worker.of", func(c *Config) { c.Worker.Of = 0 }, "1 to 1024"},
		{"worker.group", func(c *Config) { c.Worker.Group, c.Worker.Of = "g", 2 }, "either"},
		{"worker.index", func(c *Config) { c.Worker.Index = 1 }, "expected 0 to 0"},
		{"worker.index", func(c *Config) { c.Worker.Index = -1 }, "expected 0 to 0"},
		{"worker.listen", func(c *Config) { c.Worker.Listen = "9464" }, "host:port"},
		{"analysis.pack", func(c *Config) { c.Analysis.Pack = "../etc" }, "taxonomy"},
		{"analysis.lexicon", func(c *Config) { c.Analysis.Lexicon = "/nowhere/at/all" }, "folder"},
		{"analysis.model", func(c *Config) { c.Analysis.Model = "/nowhere.model" }, "model train"},
		{"analysis.model_poll", func(c *Config) { c.Analysis.ModelPoll = 0 }, "1s"},
		{"analysis.adapt", func(c *Config) { c.Analysis.Adapt = -time.Hour }, "1s"},
		{"analysis.models", func(c *Config) { c.Analysis.Models = []string{"/nowhere.model"} }, "model train"},
		{"analysis.topics_model", func(c *Config) { c.Analysis.TopicsModel = "/nowhere.topics" }, "topics train"},
		{"analysis.packs", func(c *Config) { c.Analysis.Packs = "/nowhere/at/all" }, "folder"},
		{"analysis.timezone", func(c *Config) { c.Analysis.Timezone = "Europe/Nowhere" }, "IANA"},
		{"analysis.locations", func(c *Config) { c.Analysis.Locations = "/nowhere.yaml" }, "no such file"},
		{"serve.listen", func(c *Config) { c.Serve.Listen = "127.0.0.1:70000" }, "host:port"},
		{"serve.reviews", func(c *Config) { c.Serve.Reviews = "everybody" }, "auto"},
		{"serve.query_timeout", func(c *Config) { c.Serve.QueryTimeout = 0 }, "100ms to 10m"},
		{"followup.window", func(c *Config) { c.FollowUp.Window = 4000 * 24 * time.Hour }, "1h to 3650d"},
		{"followup.sla", func(c *Config) { c.FollowUp.SLA = 0 }, "1m to 365d"},
		{"followup.sla", func(c *Config) { c.FollowUp.SLA = 31 * 24 * time.Hour }, "at most followup.window"},
		{"alerts.interval", func(c *Config) { c.Alerts.Interval = 0 }, "1s to 1m"},
		{"alerts.themes", func(c *Config) { c.Alerts.Themes = time.Minute }, "10m to 7d"},
		{"alerts.cooldown", func(c *Config) { c.Alerts.Cooldown = 0 }, "1m to 30d"},
		{"alerts.webhook_url", func(c *Config) { c.Alerts.WebhookURL = "hooks.example.com" }, "https://"},
		{"alerts.webhook_secret", func(c *Config) { c.Alerts.WebhookSecret = "s" }, "without alerts.webhook_url"},
		{"alerts.smtp_addr", mailed(func(a *Alerts) { a.SMTPAddr = "mail" }), "host:port"},
		{"alerts.smtp_tls", func(c *Config) { c.Alerts.SMTPTLS = "ssl" }, "starttls, tls, none"},
		{"alerts.smtp_tls", mailed(func(a *Alerts) { a.SMTPTLS = "none" }), "in the clear"},
		{"alerts.smtp_username", mailed(func(a *Alerts) { a.SMTPUsername = "" }), "user of alerts.smtp_password"},
		{"alerts.smtp_password", mailed(func(a *Alerts) { a.SMTPPassword = "a\nb" }), "one line"},
		{"alerts.from", mailed(func(a *Alerts) { a.From = "nobody" }), "sender's address"},
		{"alerts.to", mailed(func(a *Alerts) { a.To = nil }), "at least one"},
		{"alerts.to", mailed(func(a *Alerts) { a.To = []string{"nobody"} }), "expected addresses"},
		{"alerts.to", func(c *Config) { c.Alerts.To = []string{"a@example.com"} }, "without alerts.smtp_addr"},
		{"alerts.quiet_hours", func(c *Config) { c.Alerts.QuietHours = "late" }, "span of the day"},
		{"alerts.timezone", func(c *Config) { c.Alerts.Timezone = "Europe/Nowhere" }, "IANA"},
		{"telemetry.otlp_endpoint", func(c *Config) { c.Telemetry.OTLPEndpoint = "collector:4318" }, "such as http://collector:4318"},
		{"telemetry.otlp_endpoint", func(c *Config) { c.Telemetry.OTLPEndpoint = "grpc://collector:4317" }, "over HTTP"},
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
		if tc.key == "kafka.tls" { // is told at the setting that does nothing without it
			tc.key = "kafka.ca_file"
		}
		if line := invalid.Problems[0]; !strings.HasPrefix(line, tc.key+" = ") || !strings.Contains(line, tc.want) {
			t.Errorf("%s: %q lacks %q", tc.key, line, tc.want)
		}
	}
	for _, k := range Keys() {
		if _, either := k.Value(Default()).(bool); !either && !covered[k.Path] {
			t.Errorf("no case breaks %s: is it validated?", k.Path)
		}
	}
}

// mailed is a change to a configuration that sends mail.
func mailed(change func(*Alerts)) func(*Config) {
	return func(c *Config) {
		a := &c.Alerts
		a.SMTPAddr, a.SMTPUsername, a.SMTPPassword, a.From, a.To = "mail:587", "u", "p", "a@example.com", []string{"b@example.com"}
		change(a)
	}
}

// certificates makes the PEM files of an authority and of a client.
func certificates(t *testing.T) (ca, cert, key string) {
	t.Helper()
	authority, err := testca.New(t.TempDir(), "ca")
	if err != nil {
		t.Fatal(err)
	}
	if cert, key, err = authority.Issue("client"); err != nil {
		t.Fatal(err)
	}
	return authority.CertFile(), cert, key
}

// No login and no certificate is tried that the settings do not ask for.
func TestAccess(t *testing.T) {
	ca, cert, key := certificates(t)
	cfg := Default()
	if c, s := cfg.Kafka.Cluster(), cfg.ClickHouse.Server(); c.TLS != nil || c.SASL.Mechanism != "" || s.TLS != nil {
		t.Errorf("the default is secured: %v %v", c, s)
	}
	cfg.Kafka.TLS, cfg.Kafka.CAFile, cfg.Kafka.CertFile, cfg.Kafka.KeyFile = true, ca, cert, key
	cfg.Kafka.SASL, cfg.Kafka.Username, cfg.Kafka.Password = "scram-sha-512", "app", "hush"
	cfg.ClickHouse = ClickHouse{URL: "clickhouse://w@h:9440", ReaderURL: "clickhouse://r@h:9440", Password: "hush", ReaderPassword: "hush2", CAFile: ca}
	if err := Validate(cfg); err != nil {
		t.Fatal(err)
	}
	files := tlsconn.Files{CA: ca, Cert: cert, Key: key}
	if c := cfg.Kafka.Cluster(); *c.TLS != files || c.SASL != (kafka.SASL{Mechanism: "scram-sha-512", Username: "app", Password: "hush"}) {
		t.Errorf("Kafka: %+v", c)
	}
	if s := cfg.ClickHouse.Reader(); s.URL != cfg.ClickHouse.ReaderURL || s.Password != "hush2" || s.TLS.CA != ca {
		t.Errorf("reader: %+v", s)
	}
	shown := fmt.Sprintf("%v %+v %#v", cfg.Kafka.Cluster(), kafka.Options{Cluster: cfg.Kafka.Cluster()}, cfg.Kafka.Cluster())
	shown += fmt.Sprintf("%v %+v %#v", cfg.ClickHouse.Server(), cfg.ClickHouse.Reader(), cfg.ClickHouse.Server())
	for _, k := range Keys() {
		shown += k.Show(cfg)
	}
	if strings.Contains(shown, "hush") {
		t.Errorf("a password is shown: %s", shown)
	}
	cfg.Kafka.UseLocal("127.0.0.1:9092")
	cfg.ClickHouse.UseLocal("127.0.0.1:9000")
	if c, s := cfg.Kafka.Cluster(), cfg.ClickHouse.Server(); c.TLS != nil || c.SASL.Mechanism != "" || s.TLS != nil || s.Password != "" {
		t.Errorf("an embedded server is secured: %v %v", c, s)
	}
	if err := Validate(cfg); err != nil {
		t.Error(err)
	}
}

func TestValidAddresses(t *testing.T) {
	cfg := Default()
	cfg.Kafka.Brokers = []string{"localhost:9092", "[::1]:9093", "broker.example:19092"}
	cfg.Serve.Listen = ":0"
	for _, url := range []string{
		"clickhouse://h:9000", "clickhouse://u:p%2Css@a:9000,b:9440,[::1]:9000/earshot?secure=true", "clickhouse://u:p%40ss@h:9000/earshot?dial_timeout=1s", "tcp://h:9440/x?secure=true",
	} {
		cfg.ClickHouse.URL = url
		if err := Validate(cfg); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}
