package kafka

import (
	"context"
	"fmt"
	"net"
	"time"

	kafkago "github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"

	"earshot/internal/tlsconn"
)

// Cluster says how to reach a Kafka cluster.
type Cluster struct {
	Brokers []string       // host:port
	TLS     *tlsconn.Files // nil: not encrypted
	SASL    SASL           // the zero value logs in nowhere
}

// SASL is a login. Its text form hides the password.
type SASL struct {
	Mechanism string // one of Mechanisms, "" for none
	Username  string
	Password  string `json:"-"`
}

// Mechanisms lists the SASL mechanisms there are.
func Mechanisms() []string { return []string{"plain", "scram-sha-256", "scram-sha-512"} }

func (s SASL) String() string { return fmt.Sprintf("%s %s", s.Mechanism, s.Username) }

// GoString keeps %#v from printing the password.
func (s SASL) GoString() string { return s.String() }

const (
	dialTimeout    = 5 * time.Second
	requestTimeout = 15 * time.Second // for one answer of a broker, beside the time a fetch may wait
	metadataTTL    = 2 * time.Second  // leaders move and topics appear: look again this often
)

// dial opens a connection to a broker, encrypted if the cluster is.
func (c Cluster) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if c.TLS != nil {
		return c.TLS.Dial(ctx, network, addr)
	}
	return (&net.Dialer{Timeout: dialTimeout}).DialContext(ctx, network, addr)
}

// Check returns why nobody could log in with this: an unknown mechanism, or
// characters that it cannot send.
func (s SASL) Check() error {
	_, err := s.mechanism()
	return err
}

// mechanism is nil for a cluster without a login.
func (s SASL) mechanism() (sasl.Mechanism, error) {
	switch s.Mechanism {
	case "":
		return nil, nil
	case "plain":
		return plain.Mechanism{Username: s.Username, Password: s.Password}, nil
	case "scram-sha-256":
		return scram.Mechanism(scram.SHA256, s.Username, s.Password)
	case "scram-sha-512":
		return scram.Mechanism(scram.SHA512, s.Username, s.Password)
	}
	return nil, fmt.Errorf("unknown SASL mechanism %q", s.Mechanism)
}

func (c Cluster) transport() *kafkago.Transport {
	t := &kafkago.Transport{ClientID: "earshot", Dial: c.dial, DialTimeout: dialTimeout, MetadataTTL: metadataTTL}
	mechanism, err := c.SASL.mechanism()
	if err != nil { // every call says so
		t.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, err }
	}
	t.SASL = mechanism
	return t
}

// client returns a client and the transport below it, which the caller closes.
func (c Cluster) client() (*kafkago.Client, *kafkago.Transport) {
	t := c.transport()
	return &kafkago.Client{Addr: kafkago.TCP(c.Brokers...), Transport: t, Timeout: requestTimeout}, t
}
