// Package kafkatest runs a real Apache Kafka (KRaft, one node) for tests: it is
// fetched once into the user's cache and needs Java 17 and, to be fetched, Maven.
package kafkatest

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Options of a broker.
type Options struct {
	Dir        string            // holds settings, certificates, data and log; must exist
	Secure     bool              // with the listeners of Secured beside the plain one
	Advertised string            // host:port that clients are sent to in place of Addr, as for a proxy before it
	Properties map[string]string // further settings of the broker
	Log        io.Writer         // gets the broker's log beside Dir/broker.log; may be nil
}

// Broker is an Apache Kafka process. Its methods are safe for concurrent use;
// its addresses stay the same over restarts.
type Broker struct {
	opts    Options
	files   files
	addrs   addresses
	secured *Secured

	mu  sync.Mutex
	run *process // nil while it is stopped
}

// Switch is the variable that decides about tests on this broker: unset skips
// them where Java or the jars are missing, 1 requires them, 0 is off. They take
// their time and are no part of a -short run; make e2e-kafka runs them.
const Switch = "EARSHOT_TEST_KAFKA_REAL"

// Require skips the test by Switch.
func Require(t testing.TB) {
	t.Helper()
	want := os.Getenv(Switch)
	if want == "0" {
		t.Skip(Switch + "=0: tests on a real Apache Kafka are off")
	}
	if testing.Short() {
		t.Skip("tests on a real Apache Kafka take their time: make e2e-kafka runs them")
	}
	if want == "1" {
		return
	}
	if _, err := exec.LookPath("java"); err != nil {
		t.Skip("no java on PATH; " + Switch + "=1 requires it")
	}
	dir, err := cached()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("Apache Kafka is not in the cache; " + Switch + "=1 fetches it")
	}
}

// New starts a broker for the test, by Require, in a folder of its own, and
// stops it at the end.
func New(t testing.TB, opts Options) *Broker {
	t.Helper()
	Require(t)
	if opts.Dir == "" {
		opts.Dir = t.TempDir()
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute) // the first fetch
	defer cancel()
	b, err := Start(ctx, opts)
	if err != nil {
		t.Fatalf("Apache Kafka: %v", err)
	}
	t.Cleanup(func() {
		if err := b.Kill(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// Start fetches the jars if need be, formats Dir and runs a broker on free
// ports. It returns once clients are served. The broker dies with this process.
func Start(ctx context.Context, opts Options) (*Broker, error) {
	lib, err := jars(ctx)
	if err != nil {
		return nil, err
	}
	addrs, err := freeAddresses()
	if err != nil {
		return nil, err
	}
	b := &Broker{opts: opts, files: filesIn(opts.Dir, lib), addrs: addrs}
	if opts.Secure {
		if b.secured, err = secure(b.files, addrs); err != nil {
			return nil, err
		}
	}
	if err := b.configure(); err != nil {
		return nil, err
	}
	if err := b.format(ctx); err != nil {
		return nil, err
	}
	return b, b.Restart(ctx)
}

// Addr is the plain listener, host:port.
func (b *Broker) Addr() string { return b.addrs[listenPlain] }

// Secured is what clients of the other listeners need; nil without Options.Secure.
func (b *Broker) Secured() *Secured { return b.secured }

// Jars is the class path of the broker and of Kafka's Java client.
func (b *Broker) Jars() string { return filepath.Join(b.files.lib, "*") }

// PID is the broker's process, 0 while it is stopped.
func (b *Broker) PID() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.run == nil {
		return 0
	}
	return b.run.cmd.Process.Pid
}

// Restart starts the broker again, on what it had stored, and returns once it
// serves clients; one that still runs is stopped first.
func (b *Broker) Restart(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.run != nil {
		if err := b.run.stop(); err != nil {
			return err
		}
	}
	run, err := b.launch(ctx)
	b.run = run
	return err
}

// Stop ends the broker in good order. One that takes longer than 30 s is killed.
func (b *Broker) Stop() error { return b.end((*process).stop) }

// Kill ends the broker with SIGKILL, also a paused one.
func (b *Broker) Kill() error { return b.end((*process).kill) }

func (b *Broker) end(how func(*process) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.run == nil {
		return nil
	}
	err := how(b.run)
	b.run = nil
	return err
}
