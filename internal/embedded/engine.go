package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const (
	startWait  = 60 * time.Second // for one start: loading many parts after a kill takes a while
	firstTries = 3                // an engine just killed may still hold the directory
	backoffMin = 200 * time.Millisecond
	backoffMax = 2 * time.Second
	steady     = 2 * time.Second // an engine that answered for this long starts the back-off anew
)

var errStopped = errors.New("stopped")

// EngineOptions say what runs, where its data is and where it listens.
type EngineOptions struct {
	Program Program
	Dir     string   // data, configuration and log
	TCP     string   // native protocol, host:port on the loopback; port 0 picks a free one
	HTTP    string   // likewise, on the same host
	Child   []string // arguments that make this executable call RunLibrary with those that follow
	Log     *slog.Logger
}

// Engine is a ClickHouse in a process of its own, started anew when it dies.
// It has two users without passwords that may log in from this machine only:
// default with all rights, and earshot_reader, which may read and no more.
type Engine struct {
	o         EngineOptions
	files     engineFiles
	tcp, http string
	restarts  atomic.Int64
	pid       atomic.Int64
	stopOnce  sync.Once
	stop      chan struct{}
	killOnce  sync.Once
	force     chan struct{} // closed: no time for running queries
	done      chan struct{} // closed once the supervisor has gone, and the process before it
}

// StartEngine returns once the engine answers on both ports.
func StartEngine(ctx context.Context, o EngineOptions) (*Engine, error) {
	dir, err := filepath.Abs(o.Dir) // the engine need not run where we do
	if err != nil {
		return nil, err
	}
	tcp, http, err := reserve(o.TCP, o.HTTP)
	if err != nil {
		return nil, err
	}
	e := &Engine{
		o: o, files: filesIn(dir), tcp: tcp, http: http,
		stop: make(chan struct{}), force: make(chan struct{}), done: make(chan struct{}),
	}
	if err := e.files.write(tcp, http); err != nil {
		return nil, fmt.Errorf("engine configuration: %w", err)
	}
	first := make(chan error, 1)
	go e.supervise(first)
	select {
	case err := <-first:
		if err != nil {
			<-e.done
			return nil, err
		}
		return e, nil
	case <-ctx.Done():
		e.Close()
		return nil, ctx.Err()
	}
}

// Addr is the native protocol's address, host:port.
func (e *Engine) Addr() string { return e.tcp }

// HTTPAddr is the HTTP interface's address, host:port.
func (e *Engine) HTTPAddr() string { return e.http }

// Restarts counts how often the engine died and was started anew.
func (e *Engine) Restarts() int { return int(e.restarts.Load()) }

// Close lets running queries finish for a while, then ends the engine, and
// returns when its process is gone.
func (e *Engine) Close() {
	e.stopOnce.Do(func() { close(e.stop) })
	<-e.done
}

// Kill ends the engine at once, running queries and all.
func (e *Engine) Kill() {
	e.killOnce.Do(func() { close(e.force) })
	e.Close()
}

// supervise keeps one engine running until Close. It reports the first start
// to first: nil, or why there will be no engine.
func (e *Engine) supervise(first chan<- error) {
	defer close(e.done)
	// The child is bound to the thread that starts it (see bound). Never
	// unlocked: the thread must live as long as any child, and ends with us.
	runtime.LockOSThread()
	up, backoff := false, backoffMin
	for tries := 1; ; tries++ {
		c, err := e.launch()
		switch {
		case err == nil && !up:
			up = true
			first <- nil
		case err == nil:
			e.restarts.Add(1)
			e.o.Log.Info("engine is back", "address", e.tcp)
		case errors.Is(err, errStopped):
			return
		case !up && tries == firstTries:
			first <- fmt.Errorf("%w (%s; its log: %s)", err, e.o.Program, e.files.Log)
			return
		default:
			e.o.Log.Warn("engine does not start, trying again", "error", err, "in", backoff)
		}
		if c != nil {
			began := time.Now()
			select {
			case <-e.stop:
				c.end(e.force)
				return
			case <-c.exited:
				if time.Since(began) > steady {
					backoff = backoffMin
				}
				e.o.Log.Error("engine died, starting it anew", "said", c.out.reason(), "state", c.state(), "in", backoff)
			}
		}
		select {
		case <-e.stop:
			return
		case <-time.After(backoff):
		}
		backoff = min(2*backoff, backoffMax)
	}
}

// launch starts the process and returns it once it answers; on any error the
// process is gone.
func (e *Engine) launch() (*child, error) {
	c, err := e.o.Program.start(e.o.Child, e.files)
	if err != nil {
		return nil, err
	}
	e.pid.Store(int64(c.cmd.Process.Pid))
	if err := e.await(c); err != nil {
		c.kill()
		return nil, err
	}
	return c, nil
}

// await brings the engine's ports up and waits until both answer.
func (e *Engine) await(c *child) error {
	timeout := time.After(startWait)
	if c.terminal != nil {
		for _, line := range []string{"SYSTEM START LISTEN TCP;", "SYSTEM START LISTEN HTTP;"} {
			if err := c.enter(line, timeout, e.stop); err != nil {
				return err
			}
		}
	}
	poll := time.NewTicker(20 * time.Millisecond)
	defer poll.Stop()
	var last error
	for {
		select {
		case <-e.stop:
			return errStopped
		case <-c.exited:
			return c.failure("ended")
		case <-timeout:
			return fmt.Errorf("the engine does not answer: %w", last)
		case <-poll.C:
		}
		if c.terminal != nil && c.out.contains("DB::Exception") {
			return c.failure("refuses to listen")
		}
		if last = answers(context.Background(), e.tcp, e.http); last == nil {
			return nil
		}
	}
}

// reserve checks both addresses and turns port 0 into a free one. The engine
// binds them itself, a moment later.
func reserve(tcp, http string) (string, string, error) {
	var hosts [2]net.IP
	var out [2]string
	for i, addr := range []string{tcp, http} {
		a, err := net.ResolveTCPAddr("tcp", addr)
		if err != nil {
			return "", "", fmt.Errorf("%q is not HOST:PORT: %w", addr, err)
		}
		if !a.IP.IsLoopback() {
			return "", "", fmt.Errorf("%s is not an address of this machine alone: the embedded engine has no passwords; listen on 127.0.0.1, or use a ClickHouse server of your own (clickhouse.url)", addr)
		}
		ln, err := listen(a.String())
		if err != nil {
			return "", "", err
		}
		defer ln.Close() // both stay bound until both are known, so that they differ
		hosts[i], out[i] = a.IP, ln.Addr().String()
	}
	if !hosts[0].Equal(hosts[1]) {
		return "", "", fmt.Errorf("%s and %s: the engine listens on one host", tcp, http)
	}
	return out[0], out[1], nil
}
