package config

import (
	"slices"
	"strings"

	"earshot/internal/tlsconn"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
)

// Cluster says how to reach the brokers.
func (k Kafka) Cluster() kafka.Cluster {
	c := kafka.Cluster{Brokers: k.Brokers, SASL: kafka.SASL{Mechanism: k.SASL, Username: k.Username, Password: k.Password}}
	if k.TLS {
		files := k.tlsFiles()
		c.TLS = &files
	}
	return c
}

// UseLocal makes an embedded broker the cluster: it knows neither TLS nor logins.
func (k *Kafka) UseLocal(addr string) {
	*k = Kafka{Brokers: []string{addr}, EventsTopic: k.EventsTopic, DeadLettersTopic: k.DeadLettersTopic}
}

// UseLocal makes an embedded engine the server, with its users, which have no
// passwords. A reader's address that was set stays.
func (h *ClickHouse) UseLocal(addr string) {
	local := ClickHouse{URL: "clickhouse://default@" + addr + "/earshot", ReaderURL: "clickhouse://earshot_reader@" + addr + "/earshot"}
	if h.ReaderURL != "" {
		local.ReaderURL, local.ReaderPassword = h.ReaderURL, h.ReaderPassword
	}
	*h = local
}

// Server says how to reach the server that is written to.
func (h ClickHouse) Server() clickhouse.Server {
	return clickhouse.Server{URL: h.URL, Password: h.Password, TLS: h.tls()}
}

// Reader says how to reach the server as the user who only reads; Server if
// there is none.
func (h ClickHouse) Reader() clickhouse.Server {
	if h.ReaderURL == "" {
		return h.Server()
	}
	return clickhouse.Server{URL: h.ReaderURL, Password: h.ReaderPassword, TLS: h.tls()}
}

func (k Kafka) tlsFiles() tlsconn.Files {
	return tlsconn.Files{CA: k.CAFile, Cert: k.CertFile, Key: k.KeyFile}
}

func (h ClickHouse) tlsFiles() tlsconn.Files {
	return tlsconn.Files{CA: h.CAFile, Cert: h.CertFile, Key: h.KeyFile}
}

// tls is nil when no file asks for it; the URL may still.
func (h ClickHouse) tls() *tlsconn.Files {
	files := h.tlsFiles()
	if files == (tlsconn.Files{}) {
		return nil
	}
	return &files
}

// kafkaAccess checks that the settings of encryption and login fit together.
func (c *checker) kafkaAccess(k Kafka) {
	for path, file := range map[string]string{"ca_file": k.CAFile, "cert_file": k.CertFile, "key_file": k.KeyFile} {
		c.require(k.TLS || file == "", "kafka."+path, "has no effect without kafka.tls: true")
	}
	c.tlsFiles("kafka", k.tlsFiles())
	if k.SASL == "" {
		c.require(k.Username == "", "kafka.username", "has no effect without kafka.sasl: "+strings.Join(kafka.Mechanisms(), ", "))
		c.require(k.Password == "", "kafka.password", "has no effect without kafka.sasl: "+strings.Join(kafka.Mechanisms(), ", "))
		return
	}
	if !slices.Contains(kafka.Mechanisms(), k.SASL) {
		c.oneOf("kafka.sasl", k.SASL, kafka.Mechanisms()...)
		return
	}
	c.require(k.Username != "", "kafka.username", "expected the user for kafka.sasl")
	c.oneLine("kafka.password", k.Password)
	c.require(k.Password != "", "kafka.password", "expected the password for kafka.sasl: EARSHOT_KAFKA_PASSWORD, or a file named by EARSHOT_KAFKA_PASSWORD_FILE")
	if err := k.Cluster().SASL.Check(); err != nil {
		c.require(false, "kafka.username", "expected user and password without control characters")
	}
}

// tlsFiles checks the PEM files of one connection. A mistake in one of them is
// reported once, at the file it is in.
func (c *checker) tlsFiles(section string, f tlsconn.Files) {
	if f.CA != "" {
		_, err := tlsconn.Files{CA: f.CA}.Config()
		c.readable(section+".ca_file", err)
	}
	switch {
	case f.Cert != "" && f.Key == "":
		c.require(false, section+".key_file", "expected the key of "+section+".cert_file")
	case f.Key != "" && f.Cert == "":
		c.require(false, section+".cert_file", "expected the certificate of "+section+".key_file")
	case f.Cert != "":
		_, err := tlsconn.Files{Cert: f.Cert, Key: f.Key}.Config()
		c.readable(section+".cert_file", err)
	}
}

func (c *checker) readable(path string, err error) {
	if err != nil {
		c.require(false, path, "expected a PEM file: "+err.Error())
	}
}

// oneLine refuses a password that is a whole file of something else.
func (c *checker) oneLine(path, password string) {
	c.require(!strings.ContainsAny(password, "\r\n"), path, "expected one line")
}
