// Package config is Earshot's configuration: defaults, then earshot.yaml, then
// EARSHOT_* variables, then flags, then the endpoints of a running `earshot up`
// for addresses that nobody set. One Validate runs before any connection.
package config

import "time"

// Config is the whole configuration. A key's path in the file is its YAML name
// ("kafka.brokers"); its variable is that path in capitals with underscores
// (EARSHOT_KAFKA_BROKERS). The help tags are the reference of docs/operations.md.
type Config struct {
	Data       string     `mapstructure:"data" help:"folder of the embedded default; its endpoints.json gives the addresses that are not set"`
	Kafka      Kafka      `mapstructure:"kafka"`
	ClickHouse ClickHouse `mapstructure:"clickhouse"`
	Worker     Worker     `mapstructure:"worker"`
	Analysis   Analysis   `mapstructure:"analysis"`
	Serve      Serve      `mapstructure:"serve"`
	FollowUp   FollowUp   `mapstructure:"followup"`
	Alerts     Alerts     `mapstructure:"alerts"`
	Telemetry  Telemetry  `mapstructure:"telemetry"`
	Log        Log        `mapstructure:"log"`

	running endpointsUse
}

// Kafka says where the events come from.
type Kafka struct {
	Brokers          []string `mapstructure:"brokers" help:"Kafka brokers, host:port; empty: those of a running up"`
	EventsTopic      string   `mapstructure:"events_topic" help:"topic the events are read from"`
	DeadLettersTopic string   `mapstructure:"deadletters_topic" help:"topic for messages that are no valid event"`
	TLS              bool     `mapstructure:"tls" help:"encrypt the connections to the brokers"`
	CAFile           string   `mapstructure:"ca_file" help:"PEM file with the authorities that the brokers' certificates are checked by; empty: the system's"`
	CertFile         string   `mapstructure:"cert_file" help:"PEM file with the client's certificate, for brokers that ask for one (mutual TLS)"`
	KeyFile          string   `mapstructure:"key_file" help:"PEM file with the key of kafka.cert_file"`
	SASL             string   `mapstructure:"sasl" help:"how to log in: plain, scram-sha-256 or scram-sha-512; empty: not at all"`
	Username         string   `mapstructure:"username" help:"user of kafka.sasl"`
	Password         string   `mapstructure:"password" secret:"value" help:"password of kafka.username; better in the variable EARSHOT_KAFKA_PASSWORD or a file named by EARSHOT_KAFKA_PASSWORD_FILE"`
}

// ClickHouse says where the answers are kept.
type ClickHouse struct {
	URL            string `mapstructure:"url" secret:"url" help:"clickhouse://user:password@host:9000/earshot, several hosts with commas: the next is tried when one does not answer; empty: that of a running up"`
	ReaderURL      string `mapstructure:"reader_url" secret:"url" help:"the same server as a read-only user, for API, page and reports; empty: user earshot_reader of a running up, else clickhouse.url"`
	Password       string `mapstructure:"password" secret:"value" help:"password of the user of clickhouse.url, in place of one in the URL"`
	ReaderPassword string `mapstructure:"reader_password" secret:"value" help:"password of the user of clickhouse.reader_url, in place of one in the URL"`
	CAFile         string `mapstructure:"ca_file" help:"PEM file with the authorities that the server's certificate is checked by; turns TLS on, as ?secure=true in the URL does with the system's"`
	CertFile       string `mapstructure:"cert_file" help:"PEM file with the client's certificate; turns TLS on"`
	KeyFile        string `mapstructure:"key_file" help:"PEM file with the key of clickhouse.cert_file"`
}

// Worker tunes the stream worker.
type Worker struct {
	BatchRows     int           `mapstructure:"batch_rows" help:"rows of one INSERT at the most"`
	BatchBytes    int           `mapstructure:"batch_bytes" help:"bytes of messages in one batch at the most; all batches of a process share 48 MiB, or this if it is more"`
	BatchDelay    time.Duration `mapstructure:"batch_delay" help:"how long the first row of a batch may wait"`
	FetchBytes    int           `mapstructure:"fetch_bytes" help:"bytes asked for per partition and fetch"`
	IDFilterBytes int           `mapstructure:"id_filter_bytes" help:"memory for the filter of stored event ids at the most, 2 bytes an id; 0: ask ClickHouse about every id"`
	InsertTimeout time.Duration `mapstructure:"insert_timeout" help:"an INSERT without an answer for this long counts as unknown and is checked"`
	Index         int           `mapstructure:"index" help:"this worker takes the partitions p with p % of == index"`
	Of            int           `mapstructure:"of" help:"number of workers that share the partitions"`
	Group         string        `mapstructure:"group" help:"consumer group that deals the partitions out among its members, in place of index and of; empty: none"`
	Listen        string        `mapstructure:"listen" help:"metrics and health of earshot worker"`
}

// Analysis picks the language tools.
type Analysis struct {
	Pack        string        `mapstructure:"pack" help:"taxonomy: airline, bank, general, hotel, restaurant, retail, software or telecom, or one of analysis.packs"`
	Packs       string        `mapstructure:"packs" help:"folder of further taxonomy files"`
	Lexicon     string        `mapstructure:"lexicon" help:"file or folder of further lexicons, which correct the sentiment of words and phrases"`
	Model       string        `mapstructure:"model" help:"sentiment by base (the shipped model), vader (the lexicons alone), a file of earshot model train, or auto: the version in place by the table models, which may change while workers run"`
	ModelPoll   time.Duration `mapstructure:"model_poll" help:"with analysis.model auto: how often workers look for another version"`
	Adapt       time.Duration `mapstructure:"adapt" help:"with analysis.model auto: how often a worker adapts the model to the ratings that came in, and puts it in place if it is better on later events; 0: never"`
	Models      []string      `mapstructure:"models" help:"files of earshot model train for other languages, each for the language it was trained on; text in a language without a model is unknown"`
	TopicsModel string        `mapstructure:"topics_model" help:"file of earshot topics train, whose topics join those of the taxonomy; empty: none"`
	Timezone    string        `mapstructure:"timezone" help:"IANA zone for the local hour of events that come in UTC"`
	Locations   string        `mapstructure:"locations" help:"YAML or CSV file with time zone, opening hours and closed days of each location; empty: none"`
}

// Serve tunes API and page.
type Serve struct {
	Listen       string        `mapstructure:"listen" help:"address of API and page"`
	QueryTimeout time.Duration `mapstructure:"query_timeout" help:"a query that takes longer is given up"`
	Reviews      string        `mapstructure:"reviews" help:"whose answers the page's review of topics takes: auto those of this machine, on everybody's (put a login before the page), off none"`
}

// FollowUp sets the promises to customers.
type FollowUp struct {
	Window time.Duration `mapstructure:"window" help:"feedback older than this is no longer followed up"`
	SLA    time.Duration `mapstructure:"sla" help:"an unhappy customer gets an answer within"`
}

// Alerts says who is told when something stands out.
type Alerts struct {
	Watch         bool          `mapstructure:"watch" help:"let up look for alerts; false: somebody runs earshot alerts watch, or nobody wants any"`
	Interval      time.Duration `mapstructure:"interval" help:"how often public negatives are looked at"`
	Themes        time.Duration `mapstructure:"themes" help:"how often the texts of the last five weeks are read for new themes that no topic covers; 0: never"`
	Cooldown      time.Duration `mapstructure:"cooldown" help:"a burst in the same cell within this time of the last one is the same alert"`
	WebhookURL    string        `mapstructure:"webhook_url" secret:"value" help:"address that alerts are posted to as JSON; empty: none"`
	WebhookSecret string        `mapstructure:"webhook_secret" secret:"value" help:"key of the HMAC-SHA256 in the header X-Earshot-Signature; empty: not signed"`
	SMTPAddr      string        `mapstructure:"smtp_addr" help:"mail server, host:port, that alerts are sent by; empty: none"`
	SMTPTLS       string        `mapstructure:"smtp_tls" help:"starttls (required), tls (from the first byte) or none"`
	SMTPUsername  string        `mapstructure:"smtp_username" help:"user at the mail server; empty: no login"`
	SMTPPassword  string        `mapstructure:"smtp_password" secret:"value" help:"password of alerts.smtp_username; better in the variable EARSHOT_ALERTS_SMTP_PASSWORD or a file named by EARSHOT_ALERTS_SMTP_PASSWORD_FILE"`
	From          string        `mapstructure:"from" help:"sender of alerts by e-mail"`
	To            []string      `mapstructure:"to" help:"receivers of alerts by e-mail"`
	QuietHours    string        `mapstructure:"quiet_hours" help:"span of the day without webhook and e-mail, such as 22:00-07:00; what was held back is sent when it ends"`
	CrisisAnytime bool          `mapstructure:"crisis_anytime" help:"send crises in quiet hours, too"`
	Timezone      string        `mapstructure:"timezone" help:"IANA zone of alerts.quiet_hours"`
}

// Telemetry says where the process tells about itself beside /metrics.
type Telemetry struct {
	OTLPEndpoint string `mapstructure:"otlp_endpoint" secret:"url" help:"OpenTelemetry collector for traces and metrics over HTTP, such as http://collector:4318; empty: as the OTEL_EXPORTER_OTLP_ variables say, off without them"`
}

// Log tunes the diagnostic log on stderr.
type Log struct {
	Level  string `mapstructure:"level" help:"debug, info, warn or error"`
	Format string `mapstructure:"format" help:"text or json"`
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
			BatchRows: 10_000, BatchBytes: 32 << 20, BatchDelay: 200 * time.Millisecond,
			FetchBytes: 256 << 10, IDFilterBytes: 64 << 20, InsertTimeout: 30 * time.Second,
			Of: 1, Listen: "127.0.0.1:9464",
		},
		Analysis: Analysis{Pack: "restaurant", Model: "base", ModelPoll: 30 * time.Second, Adapt: 24 * time.Hour, Timezone: "UTC"},
		Serve:    Serve{Listen: "127.0.0.1:8080", QueryTimeout: 15 * time.Second, Reviews: "auto"},
		Alerts:   Alerts{Watch: true, Interval: 5 * time.Second, Themes: 6 * time.Hour, Cooldown: 2 * time.Hour, SMTPTLS: "starttls", Timezone: "UTC"},
		FollowUp: FollowUp{Window: 30 * 24 * time.Hour, SLA: 24 * time.Hour},
		Log:      Log{Level: "info", Format: "text"},
	}
}
