// Package embedded runs what Earshot needs when nothing is configured: a broker
// that speaks the Kafka protocol and a real ClickHouse engine, both on this
// machine and under one data directory. It is the only package that imports
// kfake and purego.
//
// The broker lives in this process; the engine is a supervised child process.
// Neither knows passwords: they are for one machine, for development and small
// sites. Production uses Apache Kafka and a ClickHouse server.
package embedded

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"
)

// BusyError means that another process listens on Addr.
type BusyError struct{ Addr string }

func (e *BusyError) Error() string { return e.Addr + " is in use by another process" }

// releaseWait is how long a port may stay busy before it counts as taken: the
// engine of a killed `up` needs a moment to go.
const releaseWait = 2 * time.Second

// listen binds addr, waiting a little for a dying predecessor to let it go.
func listen(addr string) (net.Listener, error) {
	deadline := time.Now().Add(releaseWait)
	for {
		ln, err := net.Listen("tcp", addr)
		switch {
		case err == nil:
			return ln, nil
		case !errors.Is(err, syscall.EADDRINUSE):
			return nil, fmt.Errorf("listen: %w", err)
		case time.Now().After(deadline):
			return nil, &BusyError{Addr: addr}
		}
		time.Sleep(50 * time.Millisecond)
	}
}
