// Package config is Earshot's configuration: defaults, then earshot.yaml, then
// EARSHOT_* variables, then flags, then the endpoints of a running `earshot up`
// for addresses that nobody set. One Validate runs before any connection.
package config

import "time"

// Config is the whole configuration. A key's path in the file is its YAML name
// ("kafka.brokers"); its variable is that path in capitals with underscores
// (EARSHOT_KAFKA_BROKERS).
type Config struct {
	Data       string     `mapstructure:"data"` // directory of the embedded default
	Kafka      Kafka      `mapstructure:"kafka"`
	ClickHouse ClickHouse `mapstructure:"clickhouse"`
	Worker     Worker     `mapstructure:"worker"`
	Analysis   Analysis   `mapstructure:"analysis"`
	Serve      Serve      `mapstructure:"serve"`
	FollowUp   FollowUp   `mapstructure:"followup"`
	Log        Log        `mapstructure:"log"`
}

// Kafka says where the events come from.
type Kafka struct {
	Brokers          []string `mapstructure:"brokers"` // host:port; empty: taken from a running `up`
	EventsTopic      string   `mapstructure:"events_topic"`
	DeadLettersTopic string   `mapstructure:"deadletters_topic"`
}

// ClickHouse says where the answers are kept.
type ClickHouse struct {
	URL       string `mapstructure:"url" secret:"url"`        // clickhouse://user:password@host:9000/earshot; empty: taken from a running `up`
	ReaderURL string `mapstructure:"reader_url" secret:"url"` // read-only user for the page; empty: like URL with user earshot_reader when embedded
}

// Worker tunes the stream worker.
type Worker struct {
	BatchRows     int           `mapstructure:"batch_rows"`  // rows of one INSERT at the most
	BatchBytes    int           `mapstructure:"batch_bytes"` // bytes of message values in one batch at the most
	BatchDelay    time.Duration `mapstructure:"batch_delay"` // how long the first row of a batch may wait
	FetchBytes    int           `mapstructure:"fetch_bytes"` // per partition and fetch
	InsertTimeout time.Duration `mapstructure:"insert_timeout"`
	Index         int           `mapstructure:"index"` // this worker's share of the partitions: those with p % of == index
	Of            int           `mapstructure:"of"`
	Listen        string        `mapstructure:"listen"` // metrics and health of `earshot worker`
}

// Analysis picks the language tools.
type Analysis struct {
	Pack     string `mapstructure:"pack"`     // taxonomy: restaurant or general
	Packs    string `mapstructure:"packs"`    // folder of further taxonomy files
	Timezone string `mapstructure:"timezone"` // local hour of events that come in UTC
}

// Serve tunes API and page.
type Serve struct {
	Listen       string        `mapstructure:"listen"`
	QueryTimeout time.Duration `mapstructure:"query_timeout"`
}

// FollowUp sets the promises to customers.
type FollowUp struct {
	Window time.Duration `mapstructure:"window"` // feedback older than this is no longer followed up
	SLA    time.Duration `mapstructure:"sla"`    // an unhappy customer gets an answer within
}

// Log tunes the diagnostic log on stderr.
type Log struct {
	Level  string `mapstructure:"level"`  // debug, info, warn or error
	Format string `mapstructure:"format"` // text or json
}

// Default returns the configuration that needs no file.
func Default() Config {
	return Config{
		Data: defaultData(),
		Kafka: Kafka{
			EventsTopic:      "feedback.events",
			DeadLettersTopic: "feedback.deadletters",
		},
		Worker: Worker{
			BatchRows: 20_000, BatchBytes: 32 << 20, BatchDelay: 200 * time.Millisecond,
			FetchBytes: 4 << 20, InsertTimeout: 30 * time.Second,
			Of: 1, Listen: "127.0.0.1:9464",
		},
		Analysis: Analysis{Pack: "restaurant", Timezone: "UTC"},
		Serve:    Serve{Listen: "127.0.0.1:8080", QueryTimeout: 15 * time.Second},
		FollowUp: FollowUp{Window: 30 * 24 * time.Hour, SLA: 24 * time.Hour},
		Log:      Log{Level: "info", Format: "text"},
	}
}
