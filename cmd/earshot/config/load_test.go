package config

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// isolated makes the test see no file and no variable but its own.
func isolated(t *testing.T) string {
	t.Helper()
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, envPrefix) && !strings.HasPrefix(name, testPrefix) {
			t.Setenv(name, "") // an empty variable counts as not set
		}
	}
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("XDG_DATA_HOME", filepath.Join(dir, "share"))
	return dir
}

func load(t *testing.T, args ...string) (*Loaded, error) {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	AddFlags(flags)
	flags.String("listen", "", "")
	BindFlag(flags, "listen", "serve.listen")
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	return Load(flags)
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLayers(t *testing.T) {
	isolated(t)
	write(t, "earshot.yaml", `
kafka:
  brokers: [file:9092, second:9092]
  events_topic: from.file
serve:
  listen: 127.0.0.1:1
followup:
  window: 60d
worker:
  batch_rows: 500
log: # an empty section is no mistake
`)
	t.Setenv("EARSHOT_KAFKA_EVENTS_TOPIC", "from.env")
	t.Setenv("EARSHOT_SERVE_LISTEN", "127.0.0.1:2")
	t.Setenv("EARSHOT_WORKER_BATCH_DELAY", "1s")
	got, err := load(t, "--listen", "127.0.0.1:3", "--clickhouse", "clickhouse://h:9000")
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Kafka.Brokers = []string{"file:9092", "second:9092"}
	want.Kafka.EventsTopic = "from.env"
	want.Serve.Listen = "127.0.0.1:3"
	want.FollowUp.Window = 60 * 24 * time.Hour
	want.Worker.BatchRows = 500
	want.Worker.BatchDelay = time.Second
	want.ClickHouse.URL = "clickhouse://h:9000"
	origins := map[string]string{
		"kafka.brokers": "earshot.yaml", "kafka.events_topic": "EARSHOT_KAFKA_EVENTS_TOPIC", "serve.listen": "--listen",
		"followup.window": "earshot.yaml", "worker.batch_rows": "earshot.yaml",
		"worker.batch_delay": "EARSHOT_WORKER_BATCH_DELAY", "clickhouse.url": "--clickhouse",
	}
	for _, k := range Keys() {
		if g, w := k.Show(got.Config), k.Show(want); g != w {
			t.Errorf("%s = %s, want %s", k.Path, g, w)
		}
		origin := origins[k.Path]
		if origin == "" {
			origin = "default"
		}
		if got.Origin[k.Path] != origin {
			t.Errorf("%s comes from %q, want %q", k.Path, got.Origin[k.Path], origin)
		}
	}
}

// Every key can be set by its variable, the short forms included.
func TestEveryVariable(t *testing.T) {
	ca, cert, key := certificates(t)
	locations := filepath.Join(t.TempDir(), "locations.yaml")
	if err := os.WriteFile(locations, []byte("store-1: {timezone: Europe/Berlin}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mailer := map[string]string{"EARSHOT_ALERTS_SMTP_ADDR": "mail:587", "EARSHOT_ALERTS_SMTP_USERNAME": "u",
		"EARSHOT_ALERTS_FROM": "a@example.com", "EARSHOT_ALERTS_TO": "b@example.com"}
	needs := map[string]map[string]string{ // other variables, without which the key means nothing
		"kafka.ca_file":        {"EARSHOT_KAFKA_TLS": "true"},
		"kafka.cert_file":      {"EARSHOT_KAFKA_TLS": "true", "EARSHOT_KAFKA_KEY_FILE": key},
		"kafka.key_file":       {"EARSHOT_KAFKA_TLS": "true", "EARSHOT_KAFKA_CERT_FILE": cert},
		"kafka.sasl":           {"EARSHOT_KAFKA_USERNAME": "u", "EARSHOT_KAFKA_PASSWORD": "p"},
		"kafka.username":       {"EARSHOT_KAFKA_SASL": "plain", "EARSHOT_KAFKA_PASSWORD": "p"},
		"kafka.password":       {"EARSHOT_KAFKA_SASL": "plain", "EARSHOT_KAFKA_USERNAME": "u"},
		"clickhouse.cert_file": {"EARSHOT_CLICKHOUSE_KEY_FILE": key},
		"clickhouse.key_file":  {"EARSHOT_CLICKHOUSE_CERT_FILE": cert},

		"alerts.webhook_secret": {"EARSHOT_ALERTS_WEBHOOK_URL": "https://hooks.example.com/x"},
		"alerts.smtp_addr":      mailer, "alerts.smtp_password": mailer, "alerts.to": mailer,
	}
	for _, k := range Keys() {
		t.Run(k.Path, func(t *testing.T) {
			dir := isolated(t)
			for name, value := range needs[k.Path] {
				t.Setenv(name, value)
			}
			values := map[string]string{
				"data": dir, "kafka.brokers": "a:1,b:2", "kafka.events_topic": "x", "kafka.deadletters_topic": "y",
				"kafka.tls": "true", "kafka.ca_file": ca, "kafka.cert_file": cert, "kafka.key_file": key,
				"kafka.sasl": "scram-sha-256", "kafka.username": "app", "kafka.password": "***",
				"clickhouse.password": "***", "clickhouse.reader_password": "***",
				"clickhouse.ca_file": ca, "clickhouse.cert_file": cert, "clickhouse.key_file": key,
				"clickhouse.url": "clickhouse://h:1/d", "clickhouse.reader_url": "clickhouse://h:2/d",
				"worker.batch_rows": "7", "worker.batch_bytes": "2000000", "worker.batch_delay": "3s", "worker.fetch_bytes": "100000", "worker.id_filter_bytes": "1000000",
				"worker.insert_timeout": "5s", "worker.index": "0", "worker.of": "3", "worker.group": "g", "worker.listen": "h:4",
				"analysis.pack": "general", "analysis.packs": dir, "analysis.lexicon": dir, "analysis.model": "vader", "analysis.model_poll": "5s", "analysis.adapt": "12h", "analysis.models": ca + "," + ca, "analysis.topics_model": ca, "analysis.timezone": "Europe/Berlin", "analysis.locations": locations,
				"serve.listen": "h:5", "serve.query_timeout": "6s", "serve.reviews": "off", "followup.window": "90d", "followup.sla": "2h",
				"alerts.watch": "false", "alerts.interval": "7s", "alerts.themes": "12h", "alerts.cooldown": "3h", "alerts.webhook_url": "***", "alerts.webhook_secret": "***",
				"alerts.smtp_addr": "mail:25", "alerts.smtp_tls": "tls", "alerts.smtp_username": "u", "alerts.smtp_password": "***",
				"alerts.from": "c@example.com", "alerts.to": "d@example.com,e@example.com", "alerts.quiet_hours": "22:00-07:00",
				"alerts.crisis_anytime": "true", "alerts.timezone": "Europe/Berlin",
				"telemetry.otlp_endpoint": "http://collector:4318",
				"log.level":               "debug", "log.format": "json",
			}
			for _, name := range []string{k.Env, k.Short} {
				if name == "" {
					continue
				}
				value := values[k.Path]
				if k.Path == "alerts.webhook_url" { // what is hidden must be an address
					value = "https://hooks.example.com/x"
				}
				t.Setenv(name, value)
				got, err := load(t)
				if err != nil {
					t.Fatal(err)
				}
				if k.Show(got.Config) != values[k.Path] || got.Origin[k.Path] != name {
					t.Errorf("%s: got %q from %q, want %q", name, k.Show(got.Config), got.Origin[k.Path], values[k.Path])
				}
				t.Setenv(name, "")
			}
		})
	}
}

func TestMistakesAreNamed(t *testing.T) {
	cases := []struct {
		name, file string
		env        map[string]string
		args       []string
		want       []string
	}{
		{name: "unknown key", file: "kafka: {broker: x}", want: []string{"unknown key kafka.broker in earshot.yaml: did you mean kafka.brokers?"}},
		{name: "key without its section", file: "sla: 3h", want: []string{"unknown key sla", "did you mean followup.sla?"}},
		{name: "nothing near", file: "qqqqqqqq: 1", want: []string{"unknown key qqqqqqqq", "config show"}},
		{name: "section as a value", file: "kafka: localhost:9092", want: []string{"kafka in earshot.yaml: expected a section"}},
		{name: "not YAML", file: "kafka: [", want: []string{"earshot.yaml: "}},
		{name: "key twice", file: "data: a\ndata: b", want: []string{"already defined"}},
		{name: "wrong type", file: "worker: {batch_rows: many}", want: []string{`worker.batch_rows = "many" (earshot.yaml): expected a whole number`}},
		{name: "fraction", file: "worker: {batch_rows: 1.5}", want: []string{"expected a whole number"}},
		{name: "number without unit", file: "followup: {sla: 24}", want: []string{"expected a duration with its unit"}},
		{name: "list of numbers", file: "kafka: {brokers: [1]}", want: []string{"expected a list of texts"}},
		{name: "number as text", file: "analysis: {pack: 1}", want: []string{"expected text"}},
		{name: "unknown variable", env: map[string]string{"EARSHOT_KAFKA_BROKER": "h:1"}, want: []string{"unknown variable EARSHOT_KAFKA_BROKER: did you mean EARSHOT_KAFKA_BROKERS?"}},
		{name: "test variables are free", env: map[string]string{"EARSHOT_TEST_ANYTHING": "1"}},
		{name: "two variables, two values", env: map[string]string{"EARSHOT_KAFKA": "a:1", "EARSHOT_KAFKA_BROKERS": "b:1"}, want: []string{"disagree"}},
		{name: "wrong value of a variable", env: map[string]string{"EARSHOT_LOG_LEVEL": "loud"}, want: []string{`log.level = "loud" (EARSHOT_LOG_LEVEL): expected debug`}},
		{name: "wrong value of a flag", args: []string{"--kafka", "localhost"}, want: []string{`kafka.brokers = "localhost" (--kafka): expected host:port`}},
		{name: "named file is missing", args: []string{"--config", "none.yaml"}, want: []string{"--config: ", "none.yaml", "no such file"}},
		{name: "file of the variable is missing", env: map[string]string{"EARSHOT_CONFIG": "none.yaml"}, want: []string{"EARSHOT_CONFIG: ", "none.yaml"}},
		{name: "password that YAML takes for a number", file: "kafka: {sasl: plain, username: u, password: 4711}",
			want: []string{`kafka.password = "***" (earshot.yaml): expected text`}},
		{name: "neither true nor false", env: map[string]string{"EARSHOT_KAFKA_TLS": "yes"}, want: []string{`kafka.tls = "yes" (EARSHOT_KAFKA_TLS): expected true or false`}},
		{name: "secret file is missing", env: map[string]string{"EARSHOT_CLICKHOUSE_URL_FILE": "none"}, want: []string{"EARSHOT_CLICKHOUSE_URL_FILE: ", "none"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			isolated(t)
			if tc.file != "" {
				write(t, "earshot.yaml", tc.file)
			}
			for name, value := range tc.env {
				t.Setenv(name, value)
			}
			_, err := load(t, tc.args...)
			if len(tc.want) == 0 {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var invalid *InvalidError
			if !errors.As(err, &invalid) || len(invalid.Problems) != 1 {
				t.Fatalf("%v, want one problem", err)
			}
			for _, part := range tc.want {
				if !strings.Contains(invalid.Problems[0], part) {
					t.Errorf("%q lacks %q", invalid.Problems[0], part)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("%q has more than one line", err)
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	isolated(t)
	write(t, "earshot.yaml", "kafak: {}\nlog: {level: loud}\nworker: {of: x}\nnope: 1\n")
	_, err := load(t)
	var invalid *InvalidError
	if !errors.As(err, &invalid) || len(invalid.Problems) < 2 {
		t.Fatalf("%v, want several problems", err)
	}
	if !strings.Contains(err.Error(), "more: see `earshot config check`") {
		t.Errorf("%q does not say that there are more", err)
	}
}

func TestSecretFromFile(t *testing.T) {
	isolated(t)
	write(t, "secret", "clickhouse://u:pw@h:9000/earshot\n")
	t.Setenv("EARSHOT_CLICKHOUSE_URL_FILE", "secret")
	got, err := load(t)
	if err != nil {
		t.Fatal(err)
	}
	if got.ClickHouse.URL != "clickhouse://u:pw@h:9000/earshot" || got.Origin["clickhouse.url"] != "EARSHOT_CLICKHOUSE_URL_FILE" {
		t.Errorf("url %q from %q", got.ClickHouse.URL, got.Origin["clickhouse.url"])
	}
	t.Setenv("EARSHOT_CLICKHOUSE", "clickhouse://h:1")
	if _, err := load(t); err == nil || !strings.Contains(err.Error(), "both set") {
		t.Errorf("both set: %v", err)
	}
}

func TestEndpointsOfARunningUp(t *testing.T) {
	dir := isolated(t)
	broker, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := broker.Addr().String()
	file := filepath.Join(dir, "run", EndpointsFile)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, file, `{"kafka":"`+addr+`","clickhouse":"127.0.0.1:9009"}`)
	t.Setenv("EARSHOT_DATA", filepath.Dir(file))

	got, err := load(t)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Kafka.Brokers, []string{addr}) ||
		got.ClickHouse.URL != "clickhouse://default@127.0.0.1:9009/earshot" ||
		got.ClickHouse.ReaderURL != "clickhouse://earshot_reader@127.0.0.1:9009/earshot" {
		t.Errorf("addresses %+v %+v", got.Kafka, got.ClickHouse)
	}
	for _, key := range []string{"kafka.brokers", "clickhouse.url", "clickhouse.reader_url"} {
		if got.Origin[key] != file {
			t.Errorf("%s comes from %q", key, got.Origin[key])
		}
	}
	if err := errors.Join(got.RequireKafka(), got.RequireClickHouse()); err != nil {
		t.Error(err)
	}
	if server, err := got.Reader(); err != nil || server.URL != got.ClickHouse.ReaderURL {
		t.Errorf("reads from %q, %v", server.URL, err)
	}

	own, err := load(t, "--kafka", "other:9092", "--clickhouse", "clickhouse://other:9000")
	if err != nil {
		t.Fatal(err)
	}
	if server, err := own.Reader(); err != nil || server.URL != own.ClickHouse.URL {
		t.Errorf("reads from %q, %v", server.URL, err)
	}
	if own.Kafka.Brokers[0] != "other:9092" || own.ClickHouse.ReaderURL != "" {
		t.Errorf("set addresses were overruled: %+v %+v", own.Kafka, own.ClickHouse)
	}

	if err := broker.Close(); err != nil {
		t.Fatal(err)
	}
	_, reader := got.Reader()
	for _, err := range []error{got.RequireKafka(), got.RequireClickHouse(), reader} {
		var missing *MissingError
		if !errors.As(err, &missing) || !strings.Contains(missing.Reason, "left over") {
			t.Errorf("after its end: %v", err)
		}
	}
}

func TestDamagedEndpoints(t *testing.T) {
	dir := isolated(t)
	write(t, filepath.Join(dir, EndpointsFile), `{"kafka":`)
	if _, err := load(t, "--data", dir); err == nil || !strings.Contains(err.Error(), EndpointsFile) {
		t.Errorf("%v", err)
	}
}

func TestNoAddress(t *testing.T) {
	isolated(t)
	got, err := load(t)
	if err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{"--kafka": got.RequireKafka(), "--clickhouse": got.RequireClickHouse()} {
		var missing *MissingError
		if !errors.As(err, &missing) || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), "earshot up") {
			t.Errorf("%v", err)
		}
	}
}
