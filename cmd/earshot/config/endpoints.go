package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"earshot/sinks/clickhouse"
)

// Endpoints are the addresses of a running `up`, host:port each, as its
// endpoints.json holds them.
type Endpoints struct {
	Kafka          string `json:"kafka"`
	ClickHouse     string `json:"clickhouse"`
	ClickHouseHTTP string `json:"clickhouse_http"`
	Web            string `json:"web"`
}

// EndpointsFile is the name of that file in the data directory.
const EndpointsFile = "endpoints.json"

// ReadEndpoints reads the endpoints of an `up` on dir; fs.ErrNotExist if none runs.
func ReadEndpoints(dir string) (Endpoints, error) {
	var e Endpoints
	data, err := os.ReadFile(filepath.Join(dir, EndpointsFile))
	if err != nil {
		return e, err
	}
	if err := json.Unmarshal(data, &e); err != nil {
		return e, fmt.Errorf("%s: %w", filepath.Join(dir, EndpointsFile), err)
	}
	return e, nil
}

// endpointsUse says which addresses were taken from an endpoints file.
type endpointsUse struct {
	file              string
	own               []string // addresses that the process of that `up` itself serves
	kafka, clickhouse bool     // taken from it
}

// fillEndpoints takes the addresses that nobody set from a running `up`.
func (l *Loaded) fillEndpoints() error {
	if len(l.Kafka.Brokers) > 0 && l.ClickHouse.URL != "" {
		return nil
	}
	e, err := ReadEndpoints(l.Data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	file := filepath.Join(l.Data, EndpointsFile)
	l.running = endpointsUse{file: file, own: []string{e.Web, e.Kafka}}
	if len(l.Kafka.Brokers) == 0 && e.Kafka != "" {
		l.Kafka.UseLocal(e.Kafka)
		l.running.kafka = true
		l.Origin["kafka.brokers"] = file
	}
	if l.ClickHouse.URL != "" || e.ClickHouse == "" {
		return nil
	}
	l.Origin["clickhouse.url"] = file
	if l.ClickHouse.ReaderURL == "" {
		l.Origin["clickhouse.reader_url"] = file
	}
	l.ClickHouse.UseLocal(e.ClickHouse)
	l.running.clickhouse = true
	return nil
}

// RequireKafka returns a *MissingError unless there is a Kafka address to try.
func (c Config) RequireKafka() error {
	if len(c.Kafka.Brokers) == 0 {
		return missing("Kafka", "--kafka / EARSHOT_KAFKA_BROKERS / kafka.brokers")
	}
	if c.running.kafka {
		return c.running.answers()
	}
	return nil
}

// RequireClickHouse returns a *MissingError unless there is a ClickHouse
// address to try.
func (c Config) RequireClickHouse() error {
	if c.ClickHouse.URL == "" {
		return missing("ClickHouse", "--clickhouse / EARSHOT_CLICKHOUSE_URL / clickhouse.url")
	}
	if c.running.clickhouse {
		return c.running.answers()
	}
	return nil
}

// Reader returns the server to read from, as the read-only user if there is
// one. The error is a *MissingError.
func (c Config) Reader() (clickhouse.Server, error) {
	if c.ClickHouse.ReaderURL == "" || c.running.clickhouse {
		if err := c.RequireClickHouse(); err != nil {
			return clickhouse.Server{}, err
		}
	}
	return c.ClickHouse.Reader(), nil
}

func missing(what, ways string) error {
	return &MissingError{Reason: fmt.Sprintf("no %s address: start `earshot up`, or set %s", what, ways)}
}

// answers finds out whether the `up` that wrote the endpoints file still runs:
// killed, it leaves the file behind. The engine is a process of its own that
// may be restarting, so the broker and the page are asked.
func (u endpointsUse) answers() error {
	for _, addr := range u.own {
		if addr == "" {
			continue
		}
		if conn, err := net.DialTimeout("tcp", addr, time.Second); err == nil {
			return conn.Close()
		}
	}
	dir := filepath.Dir(u.file)
	return &MissingError{Reason: fmt.Sprintf(
		"no `earshot up` runs on %s any more (its %s is left over): start it again with `earshot up --data %s`", dir, EndpointsFile, dir)}
}
