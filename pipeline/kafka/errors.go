package kafka

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	kafkago "github.com/segmentio/kafka-go"

	"earshot/internal/tlsconn"
)

// UnreachableError means that no broker answered.
type UnreachableError struct {
	Brokers []string
	Err     error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("kafka at %s: %v", strings.Join(e.Brokers, ","), e.Err)
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// AccessError means that a broker was reached and would not let us in, or we
// would not trust it: the configuration must change.
type AccessError struct {
	Brokers []string
	Reason  string
	Err     error
}

func (e *AccessError) Error() string {
	return fmt.Sprintf("kafka at %s: %s", strings.Join(e.Brokers, ","), e.Reason)
}

func (e *AccessError) Unwrap() error { return e.Err }

// explain turns refused connections into an AccessError, network errors into an
// UnreachableError and leaves others alone. kafka-go's own errors are net.Errors,
// too; that of a missing topic is the answer of a broker that was reached.
func (c Cluster) explain(err error) error {
	if err == nil || errors.Is(err, kafkago.UnknownTopicOrPartition) {
		return err
	}
	if reason := c.refusal(err); reason != "" {
		return &AccessError{Brokers: c.Brokers, Reason: reason, Err: err}
	}
	err = bare(err)
	var network net.Error
	var file *tlsconn.FileError
	switch {
	case cutOff(err):
		return &UnreachableError{Brokers: c.Brokers, Err: fmt.Errorf("%w (%s)", err, c.cutOffHint())}
	case errors.As(err, &network), errors.As(err, &file), errors.Is(err, context.DeadlineExceeded):
		return &UnreachableError{Brokers: c.Brokers, Err: err}
	}
	return err
}

// bare takes the name of kafka-go's function off the front of its error.
func bare(err error) error {
	if inner := errors.Unwrap(err); inner != nil && strings.HasPrefix(err.Error(), "kafka.(*Client)") {
		return inner
	}
	return err
}

// refusal says in one line, with the settings to look at, why a broker did not
// let us in; "" for any other error.
func (c Cluster) refusal(err error) string {
	switch {
	case errors.Is(err, kafkago.SASLAuthenticationFailed):
		return fmt.Sprintf("user %s is refused: check kafka.username and kafka.password", c.SASL.Username)
	case errors.Is(err, kafkago.UnsupportedSASLMechanism):
		return fmt.Sprintf("the broker does not offer %s: check kafka.sasl", c.SASL.Mechanism)
	case errors.Is(err, kafkago.IllegalSASLState):
		return "the broker does not expect a login there: check kafka.sasl and the port"
	case errors.Is(err, kafkago.TopicAuthorizationFailed), errors.Is(err, kafkago.ClusterAuthorizationFailed):
		return fmt.Sprintf("user %s may not do that: see the rights in docs/operations.md, Secured connections (%v)", c.SASL.Username, bare(err))
	}
	if reason := tlsconn.Explain(err); reason != "" {
		return reason + ": check kafka.tls, kafka.ca_file, kafka.cert_file and the port"
	}
	if strings.Contains(err.Error(), wantsTLS) {
		return "the broker wants TLS there: set kafka.tls: true, or use its plain port"
	}
	return ""
}

// wantsTLS is what kafka-go says of an answer that is a TLS alert; the error has
// no type of its own.
const wantsTLS = "appears to be expecting TLS"

// cutOffHint names what a broker closes connections for without a word, besides
// a restart.
func (c Cluster) cutOffHint() string {
	if c.TLS != nil {
		return "it closed the connection: does it speak TLS on that port?"
	}
	return "it closed the connection: does it want a login (kafka.sasl) or TLS (kafka.tls) on that port?"
}

// cutOff is true for a connection that the other side closed in the middle.
func cutOff(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
