package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // analysis.timezone must work where no zone files are installed

	"earshot/pipeline/places"
)

// wrong is one value that Validate refuses.
type wrong struct {
	key      Key
	expected string
}

// Validate checks every value; it connects to nothing. The error is an
// *InvalidError with one line for each wrong key.
func Validate(cfg Config) error {
	var lines []string
	for _, w := range validate(cfg) {
		lines = append(lines, fmt.Sprintf("%s = %q: %s", w.key.Path, w.key.Show(cfg), w.expected))
	}
	if len(lines) == 0 {
		return nil
	}
	return &InvalidError{Problems: lines}
}

func validate(cfg Config) []wrong {
	c := checker{keys: map[string]Key{}}
	for _, k := range Keys() {
		c.keys[k.Path] = k
	}
	c.require(cfg.Data != "", "data", "expected a folder")
	c.kafka(cfg.Kafka)
	c.clickhouse(cfg.ClickHouse)
	c.worker(cfg.Worker)
	c.analysis(cfg.Analysis)
	c.address("serve.listen", cfg.Serve.Listen)
	c.oneOf("serve.reviews", cfg.Serve.Reviews, "auto", "on", "off")
	within(&c, "serve.query_timeout", cfg.Serve.QueryTimeout, 100*time.Millisecond, 10*time.Minute)
	within(&c, "followup.window", cfg.FollowUp.Window, time.Hour, 3650*24*time.Hour)
	within(&c, "followup.sla", cfg.FollowUp.SLA, time.Minute, 365*24*time.Hour)
	c.require(cfg.FollowUp.SLA <= cfg.FollowUp.Window, "followup.sla", "expected at most followup.window, or nothing could ever be overdue")
	c.alerts(cfg.Alerts)
	c.collector(cfg.Telemetry.OTLPEndpoint)
	c.oneOf("log.level", cfg.Log.Level, "debug", "info", "warn", "error")
	c.oneOf("log.format", cfg.Log.Format, "text", "json")
	return c.wrong
}

// checker collects wrong values.
type checker struct {
	keys  map[string]Key
	wrong []wrong
}

func (c *checker) require(ok bool, path, expected string) {
	if !ok {
		c.wrong = append(c.wrong, wrong{c.keys[path], expected})
	}
}

var topicName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,249}$`)

func (c *checker) kafka(k Kafka) {
	for _, broker := range k.Brokers {
		c.require(hostPort(broker, 1) == nil, "kafka.brokers", "expected host:port for each broker, such as localhost:9092")
	}
	c.topic("kafka.events_topic", k.EventsTopic)
	c.topic("kafka.deadletters_topic", k.DeadLettersTopic)
	c.require(k.EventsTopic != k.DeadLettersTopic, "kafka.deadletters_topic", "expected another topic than kafka.events_topic: dead letters would be read as events")
	c.kafkaAccess(k)
}

// topic names are restricted by Kafka (org.apache.kafka.common.internals.Topic).
func (c *checker) topic(path, name string) {
	ok := topicName.MatchString(name) && name != "." && name != ".."
	c.require(ok, path, "expected a Kafka topic name: letters, digits, '.', '_' and '-', 249 at the most")
}

func (c *checker) clickhouse(h ClickHouse) {
	c.clickhouseURL("clickhouse.url", h.URL)
	c.clickhouseURL("clickhouse.reader_url", h.ReaderURL)
	c.tlsFiles("clickhouse", h.tlsFiles())
	c.oneLine("clickhouse.password", h.Password)
	c.oneLine("clickhouse.reader_password", h.ReaderPassword)
}

func (c *checker) clickhouseURL(path, address string) {
	if address == "" {
		return
	}
	const form = "expected clickhouse://user:password@host:9000/earshot"
	first, hosts := splitHosts(address)
	u, err := url.Parse(first)
	switch {
	case err != nil:
		c.require(false, path, form)
	case u.Scheme == "http" || u.Scheme == "https":
		c.require(false, path, form+": the native protocol (port 9000), not HTTP")
	case u.Scheme != "clickhouse" && u.Scheme != "tcp":
		c.require(false, path, form)
	case u.Hostname() == "" || slices.ContainsFunc(hosts, func(host string) bool { return hostPort(host, 1) != nil }):
		c.require(false, path, form+", with host and port; several hosts with commas")
	case strings.Count(strings.Trim(u.Path, "/"), "/") > 0:
		c.require(false, path, form+", with one database")
	}
}

func (c *checker) worker(w Worker) {
	const mib = 1 << 20
	within(c, "worker.batch_rows", w.BatchRows, 1, 1_000_000)
	within(c, "worker.batch_bytes", w.BatchBytes, mib, 1024*mib) // one event may have 1 MiB
	within(c, "worker.batch_delay", w.BatchDelay, time.Millisecond, time.Minute)
	within(c, "worker.fetch_bytes", w.FetchBytes, mib/16, 256*mib)
	within(c, "worker.id_filter_bytes", w.IDFilterBytes, 0, 16*1024*mib)
	within(c, "worker.insert_timeout", w.InsertTimeout, time.Second, 10*time.Minute)
	within(c, "worker.of", w.Of, 1, 1024)
	c.require(w.Of < 1 || w.Index >= 0 && w.Index < w.Of, "worker.index", fmt.Sprintf("expected 0 to %d, for worker.of is %d", w.Of-1, w.Of))
	c.require(w.Group == "" || w.Of == 1 && w.Index == 0, "worker.group", "expected none beside worker.index and worker.of: either the group deals the partitions out, or they do")
	c.address("worker.listen", w.Listen)
}

var packName = regexp.MustCompile(`^[a-z0-9_-]{1,64}$`)

func (c *checker) analysis(a Analysis) {
	c.require(packName.MatchString(a.Pack), "analysis.pack", "expected the name of a taxonomy, such as restaurant or general")
	if a.Packs != "" {
		info, err := os.Stat(a.Packs)
		c.require(err == nil && info.IsDir(), "analysis.packs", "expected a folder with taxonomy files")
	}
	if a.Lexicon != "" {
		_, err := os.Stat(a.Lexicon)
		c.require(err == nil, "analysis.lexicon", "expected a lexicon file or a folder of them")
	}
	if a.Model != "base" && a.Model != "vader" && a.Model != "auto" {
		info, err := os.Stat(a.Model)
		c.require(err == nil && !info.IsDir(), "analysis.model", "expected base, vader, auto or a file of earshot model train")
	}
	within(c, "analysis.model_poll", a.ModelPoll, time.Second, 24*time.Hour)
	if a.Adapt != 0 {
		within(c, "analysis.adapt", a.Adapt, time.Second, 365*24*time.Hour)
	}
	for _, file := range a.Models {
		info, err := os.Stat(file)
		c.require(err == nil && !info.IsDir(), "analysis.models", "expected files of earshot model train")
	}
	if a.TopicsModel != "" {
		info, err := os.Stat(a.TopicsModel)
		c.require(err == nil && !info.IsDir(), "analysis.topics_model", "expected a file of earshot topics train")
	}
	zone, err := time.LoadLocation(a.Timezone)
	c.require(err == nil && a.Timezone != "", "analysis.timezone", "expected a zone of the IANA list, such as Europe/Berlin or UTC")
	if _, err := places.Read(a.Locations, zone); err != nil {
		c.require(false, "analysis.locations", err.Error())
	}
}

// collector checks the base address that /v1/traces and /v1/metrics are below.
func (c *checker) collector(address string) {
	if address == "" {
		return
	}
	u, err := url.Parse(address)
	ok := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.RawQuery == ""
	c.require(ok, "telemetry.otlp_endpoint", "expected the base address of an OTLP collector over HTTP, such as http://collector:4318")
}

// address checks something to listen on; port 0 picks a free one.
func (c *checker) address(path, addr string) {
	c.require(hostPort(addr, 0) == nil, path, "expected host:port, such as 127.0.0.1:8080")
}

func (c *checker) oneOf(path, value string, allowed ...string) {
	c.require(slices.Contains(allowed, value), path, "expected "+strings.Join(allowed, ", "))
}

func within[T int | time.Duration](c *checker, path string, value, low, high T) {
	c.require(value >= low && value <= high, path, fmt.Sprintf("expected %s to %s", format(low), format(high)))
}

// hostPort checks an address; one to connect to (lowest port 1) needs a host.
func hostPort(addr string, lowest int) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if host == "" && lowest > 0 {
		return errors.New("no host")
	}
	n, err := strconv.Atoi(port)
	if err != nil || n < lowest || n > 65535 {
		return fmt.Errorf("port %q", port)
	}
	return nil
}
