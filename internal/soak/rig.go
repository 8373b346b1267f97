package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// Options of a run.
type Options struct {
	Earshot string // the program under test
	Self    string // this program, which the broker and the producers run, too
	Broker  string // BrokerEmbedded or BrokerKafka
	Dir     string // holds logs and data; removed after a run without violations
	Seed    uint64
	Faults  int
	Events  int
	Workers int
	Group   bool // workers share the partitions as a consumer group
	Report  string
	Out     io.Writer

	again     string   // command that repeats it; empty: that of a soak
	workerEnv []string // further settings of the workers
}

// rig is everything that runs.
type rig struct {
	o        Options
	dir      string
	spawn    *spawner
	feed     *feed
	ledger   *ledger
	feeder   *feeder
	broker   broker
	kafka    *proxy // before the broker
	engine   *engine
	workers  []*worker
	guest    *worker // joins and leaves the group; nil until it first does
	store    *store
	closings []func()
	done     bool // without violations: nobody needs logs and data
}

// worker is an `earshot worker` and the proxy between it and ClickHouse.
type worker struct {
	process *process
	proxy   *proxy
	metrics string // host:port
}

// engine is the ClickHouse of an `earshot up` that runs nothing else.
type engine struct {
	process   *process
	tcp, http string
	dir       string // of its data
	small     bool   // dir is a file system of its own
}

// pid is the ClickHouse process, which its supervisor starts anew when it dies.
func (e *engine) pid() (int, error) { return childOf(e.process.pid()) }

func newRig(o Options, f *feed) (*rig, error) {
	dir, err := os.MkdirTemp(o.Dir, "earshot-soak-")
	if err != nil {
		return nil, err
	}
	r := &rig{o: o, dir: dir, spawn: newSpawner(), feed: f, ledger: newLedger(f.Count)}
	r.feeder = &feeder{ledger: r.ledger}
	r.closings = append(r.closings, r.spawn.close)
	return r, nil
}

// close ends everything, the last started first.
func (r *rig) close() {
	for i := len(r.closings) - 1; i >= 0; i-- {
		r.closings[i]()
	}
	if r.done {
		_ = os.RemoveAll(r.dir) // what is left of it does not matter
	}
}

func (r *rig) onClose(f func()) { r.closings = append(r.closings, f) }

func (r *rig) process(name, program string, args ...string) *process {
	return &process{name: name, dir: r.dir, program: program, args: args, spawn: r.spawn}
}

// start brings everything up, producers excepted.
func (r *rig) start(ctx context.Context) error {
	for _, step := range []func(context.Context) error{r.startKafka, r.startEngine, r.startWorkers, r.startProducers} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *rig) startKafka(ctx context.Context) error {
	advertised, err := freeAddr()
	if err != nil {
		return err
	}
	// The proxy must be known to the broker and the broker to the proxy.
	if r.broker, err = r.startBroker(ctx, advertised); err != nil {
		return err
	}
	r.onClose(func() { _ = r.broker.Stop() })
	if r.kafka, err = newProxy("kafka", advertised, r.broker.Addr()); err != nil {
		return err
	}
	r.onClose(r.kafka.close)
	return nil
}

func (r *rig) startEngine(ctx context.Context) error {
	e := &engine{dir: filepath.Join(r.dir, "engine", "clickhouse")}
	var err error
	if e.tcp, err = freeAddr(); err != nil {
		return err
	}
	if e.http, err = freeAddr(); err != nil {
		return err
	}
	if err := os.MkdirAll(e.dir, 0o700); err != nil {
		return err
	}
	// About 300 bytes an event, with the parts that were merged away and stay for
	// minutes.
	if err := mountSmallDisk(e.dir, 1<<30+int64(r.o.Events)*400); err == nil {
		e.small = true
		r.onClose(func() { unmount(e.dir) })
	} else {
		r.say("The disk is never filled: no small file system for the engine (%v).", err)
	}
	e.process = r.process("engine", r.o.Earshot, "up", "--workers", "0", "--data", filepath.Dir(e.dir), "--kafka", r.kafka.addr(),
		"--listen", "127.0.0.1:0", "--clickhouse-listen", e.tcp, "--clickhouse-http-listen", e.http)
	r.engine, r.store = e, &store{addr: e.http}
	r.onClose(func() { _ = e.process.end(syscall.SIGTERM, 30*time.Second) })
	if err := e.process.start(); err != nil {
		return err
	}
	return r.awaitTable(ctx)
}

// awaitTable waits for the schema: the first engine may have to be fetched.
func (r *rig) awaitTable(ctx context.Context) error {
	err := await(ctx, 5*time.Minute, "the engine has its tables", func() bool {
		_, err := r.store.positions(ctx)
		return err == nil || r.engine.process.missing()
	})
	if err == nil && r.engine.process.missing() {
		err = errors.New("the engine does not start")
	}
	if err != nil {
		return fmt.Errorf("%w:\n%s", err, r.engine.process.lastWords(10))
	}
	return nil
}

func (r *rig) startWorkers(context.Context) error {
	for i := range r.o.Workers {
		w, err := r.newWorker(i)
		if err != nil {
			return err
		}
		r.workers = append(r.workers, w)
		if err := w.process.start(); err != nil {
			return err
		}
	}
	return nil
}

// newWorker makes a worker, not started.
func (r *rig) newWorker(i int) (*worker, error) {
	metrics, err := freeAddr()
	if err != nil {
		return nil, err
	}
	args := []string{"worker", "--kafka", r.kafka.addr(), "--listen", metrics}
	if r.o.Group {
		args = append(args, "--group", "soak")
	} else {
		args = append(args, "--index", strconv.Itoa(i), "--of", strconv.Itoa(r.o.Workers))
	}
	w := &worker{process: r.process("worker-"+strconv.Itoa(i), r.o.Earshot, args...), metrics: metrics}
	if err := r.connect(w); err != nil {
		return nil, err
	}
	r.onClose(func() {
		if w.process.running() {
			_ = w.process.signal(syscall.SIGCONT) // it may be stopped
		}
		_ = w.process.end(syscall.SIGTERM, 30*time.Second)
	})
	return w, nil
}

// connect gives a worker a proxy of its own before ClickHouse, from its next
// start on.
func (r *rig) connect(w *worker) error {
	var err error
	if w.proxy, err = newProxy(w.process.name, "127.0.0.1:0", r.engine.tcp); err != nil {
		return err
	}
	r.onClose(w.proxy.close)
	w.process.setenv(append([]string{"EARSHOT_CLICKHOUSE_URL=clickhouse://default@" + w.proxy.addr() + "/earshot"}, r.o.workerEnv...)...)
	return nil
}

// producers is how many processes feed.
const producers = 2

func (r *rig) startProducers(context.Context) error {
	for i := range producers {
		p := &producer{process: r.process("producer-"+strconv.Itoa(i), r.o.Self, "produce", "-kafka", r.kafka.addr(),
			"-seed", strconv.FormatUint(r.feed.Seed, 10), "-count", strconv.Itoa(r.feed.Count),
			"-distance", strconv.Itoa(r.feed.Distance), "-began", strconv.FormatInt(r.feed.Began.Unix(), 10))}
		p.process.piped = true
		r.feeder.producers = append(r.feeder.producers, p)
		if err := p.start(r.feeder); err != nil {
			return err
		}
	}
	r.onClose(r.feeder.close)
	return nil
}

// supervise starts what ended by itself again, as an init system would.
func (r *rig) supervise(ctx context.Context) {
	for tick := time.NewTicker(300 * time.Millisecond); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		for _, w := range r.workers {
			if w.process.missing() {
				_ = w.process.start() // the next tick tries again
			}
		}
		if r.engine.process.missing() {
			_ = r.engine.process.start()
		}
		for _, p := range r.feeder.producers {
			if p.process.missing() {
				_ = r.feeder.kill(p)
				_ = p.start(r.feeder)
			}
		}
	}
}

func (r *rig) say(format string, args ...any) { fmt.Fprintf(r.o.Out, format+"\n", args...) }
