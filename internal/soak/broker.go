package soak

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"earshot/internal/embedded"
	"earshot/internal/kafkatest"
)

// broker is a Kafka that can be ill-treated.
type broker interface {
	Addr() string
	Kill() error
	Restart(ctx context.Context) error // returns once it serves clients
	Pause() error
	Resume() error
	Stop() error
}

var (
	_ broker = (*kafkatest.Broker)(nil)
	_ broker = (*embeddedBroker)(nil)
)

// The kinds of broker.
const (
	BrokerEmbedded = "embedded"
	BrokerKafka    = "kafka"
)

// startBroker starts a broker whose clients are sent to advertised.
func (r *rig) startBroker(ctx context.Context, advertised string) (broker, error) {
	dir := filepath.Join(r.dir, "broker")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if r.o.Broker == BrokerKafka {
		return kafkatest.Start(ctx, kafkatest.Options{
			Dir: dir, Advertised: advertised,
			Properties: map[string]string{"broker.session.timeout.ms": "3000", "log.retention.ms": "-1"},
		})
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	b := &embeddedBroker{addr: addr, process: r.process("broker", r.o.Self, "broker", "-dir", dir, "-listen", addr, "-advertise", advertised)}
	return b, b.Restart(ctx)
}

// embeddedBroker is the embedded broker in a process of its own.
type embeddedBroker struct {
	process *process
	addr    string
}

func (b *embeddedBroker) Addr() string  { return b.addr }
func (b *embeddedBroker) Kill() error   { return b.process.kill() }
func (b *embeddedBroker) Pause() error  { return b.process.signal(syscall.SIGSTOP) }
func (b *embeddedBroker) Resume() error { return b.process.signal(syscall.SIGCONT) }
func (b *embeddedBroker) Stop() error   { return b.process.end(syscall.SIGTERM, 20*time.Second) }

func (b *embeddedBroker) Restart(ctx context.Context) error {
	if err := b.process.start(); err != nil {
		return err
	}
	return await(ctx, 60*time.Second, "the broker listens", func() bool {
		conn, err := net.DialTimeout("tcp", b.addr, time.Second)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	})
}

// ServeBroker is the embedded broker's process. It runs until ctx ends.
func ServeBroker(ctx context.Context, dir, listen, advertise string) error {
	b, err := embedded.StartBroker(embedded.BrokerOptions{
		Dir: dir, Listen: listen, Advertise: advertise, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	if err != nil {
		return err
	}
	defer b.Close()
	<-ctx.Done()
	return nil
}

// Ports below the range that the kernel takes for outgoing connections: a
// server that is down for a moment must find its port free again.
const firstPort, portRange = 20_000, 12_000

// freeAddr is an address of this machine that nobody listens on now.
func freeAddr() (string, error) {
	var err error
	for range 100 {
		addr := "127.0.0.1:" + strconv.Itoa(firstPort+rand.IntN(portRange))
		var l net.Listener
		if l, err = net.Listen("tcp", addr); err == nil {
			return addr, l.Close()
		}
	}
	return "", fmt.Errorf("no free port: %w", err)
}

// await polls until done, at most for limit.
func await(parent context.Context, limit time.Duration, what string, done func() bool) error {
	ctx, cancel := context.WithTimeout(parent, limit)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			if err := parent.Err(); err != nil {
				return err
			}
			return fmt.Errorf("%s: not within %v", what, limit)
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}
