// Package kafka connects the pipeline to a Kafka cluster: an exact source, a
// producer and topic administration. It is the only package that imports
// kafka-go.
package kafka

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	kafkago "github.com/segmentio/kafka-go"
)

// Options say how to reach a cluster and what to do there.
type Options struct {
	Brokers    []string // host:port
	Topic      string   // the producer's topic; a Source takes it from each call
	Group      string   // consumer group that offsets are committed to; "" commits nothing
	FetchBytes int      // per fetch, before decompression; 0: 1 MiB
	MaxWait    time.Duration
	// MaxWait is how long the broker may hold a fetch for news; 0: 250 ms.
}

const (
	dialTimeout    = 5 * time.Second
	requestTimeout = 15 * time.Second // for one answer of a broker, beside the time a fetch may wait
	metadataTTL    = 2 * time.Second  // leaders move and topics appear: look again this often
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

func newTransport() *kafkago.Transport {
	return &kafkago.Transport{ClientID: "earshot", DialTimeout: dialTimeout, MetadataTTL: metadataTTL}
}

// reachable turns network errors into an UnreachableError and leaves others
// alone. kafka-go's own errors are net.Errors, too; that of a missing topic is
// the answer of a broker that was reached.
func reachable(brokers []string, err error) error {
	if errors.Is(err, kafkago.UnknownTopicOrPartition) {
		return err
	}
	var network net.Error
	if errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) {
		return &UnreachableError{Brokers: brokers, Err: err}
	}
	return err
}
