package soak

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

// inflict begins a fault and returns what ends it. The fault's recovery is
// counted from the end of heal.
func (r *rig) inflict(ctx context.Context, f fault) (heal func() error, err error) {
	switch f.Kind.target() {
	case "worker":
		return r.inflictWorker(ctx, f)
	case "engine":
		return r.inflictEngine(ctx, f)
	case "broker":
		return r.inflictBroker(ctx, f)
	case "producer":
		return r.inflictProducer(f)
	case "ClickHouse":
		p := r.workers[f.Worker].proxy
		return func() error { return p.heal(ctx) }, p.trouble(f.Kind.effect())
	case "Kafka":
		return func() error { return r.kafka.heal(ctx) }, r.kafka.trouble(f.Kind.effect())
	}
	return nil, fmt.Errorf("nobody knows how to do %q", f.Kind)
}

// effect is the kind without its target.
func (k faultKind) effect() string {
	_, effect, _ := strings.Cut(string(k), " ")
	return effect
}

func (r *rig) inflictWorker(ctx context.Context, f fault) (func() error, error) {
	switch f.Kind {
	case "worker joins and leaves":
		return r.inflictGuest(syscall.SIGTERM)
	case "worker joins and is killed":
		return r.inflictGuest(syscall.SIGKILL)
	}
	p := r.workers[f.Worker].process
	if err := p.awaitRunning(); err != nil {
		return nil, err
	}
	switch f.Kind.effect() {
	case killedLate.effect():
		return func() error { return r.killLate(ctx, f) }, r.workers[f.Worker].proxy.add(lateInserts)
	case "stopped":
		return func() error { return p.signal(syscall.SIGCONT) }, p.signal(syscall.SIGSTOP)
	case "redeployed":
		return p.start, p.end(syscall.SIGTERM, 30*time.Second)
	default:
		return p.start, p.kill()
	}
}

// lateInserts holds everything on the way to ClickHouse back.
const lateInserts = `{"type":"latency","stream":"upstream","attributes":{"latency":2500}}`

// killLate kills a worker once an insert of its own has run for the fault's
// time without its rows, and starts it again on a way of its own: it is there
// before they are.
func (r *rig) killLate(ctx context.Context, f fault) error {
	w := r.workers[f.Worker]
	// None may come: the worker may have nothing to write. Then it is a kill.
	_ = await(ctx, 10*time.Second, "an insert under way", func() bool {
		oldest, err := r.store.row(ctx, fmt.Sprintf(`SELECT toInt64(max(elapsed) * 1000) AS ms FROM system.processes
WHERE query_kind = 'Insert' AND read_rows = 0 AND toInt32OrZero(extract(query_id, '-([0-9]+)-')) %% %d = %d`, r.o.Workers, f.Worker))
		return err == nil && oldest["ms"] > f.Hold.Milliseconds()
	})
	if err := w.process.kill(); err != nil {
		return err
	}
	old := w.proxy
	time.AfterFunc(recoverLimit, old.close) // by then all it held is delivered
	if err := r.connect(w); err != nil {
		return err
	}
	return w.process.start()
}

// inflictGuest lets one more worker join the group; it leaves by the signal.
func (r *rig) inflictGuest(leave syscall.Signal) (func() error, error) {
	if r.guest == nil {
		var err error
		if r.guest, err = r.newWorker(len(r.workers)); err != nil {
			return nil, err
		}
	}
	return func() error { return r.guest.process.end(leave, 30*time.Second) }, r.guest.process.start()
}

func (r *rig) inflictEngine(ctx context.Context, f fault) (func() error, error) {
	e := r.engine
	if strings.Contains(string(f.Kind), "supervisor") {
		return e.process.start, e.process.kill()
	}
	if strings.Contains(string(f.Kind), "disk") {
		return r.fillUp(ctx)
	}
	var pid int
	err := await(context.Background(), recoverLimit, "the engine's process is there", func() (found bool) {
		var err error
		pid, err = e.pid()
		return err == nil
	})
	if err != nil {
		return nil, err
	}
	if f.Kind.effect() == "stopped" {
		return func() error { return gone(syscall.Kill(pid, syscall.SIGCONT)) }, syscall.Kill(pid, syscall.SIGSTOP)
	}
	return func() error { return nil }, syscall.Kill(pid, syscall.SIGKILL)
}

// recoverLimit is how long a process that ended by itself has to be back.
const recoverLimit = 30 * time.Second

// awaitRunning waits for the supervisor: what ended by itself cannot be killed.
func (p *process) awaitRunning() error {
	return await(context.Background(), recoverLimit, p.name+" runs", p.running)
}

// fillUp fills the engine's disk: below what inserts must find free, and, once
// those that had begun have ended, to its last blocks. Merges go on meanwhile:
// what they break the workers have to mend (docs/reliability.md).
func (r *rig) fillUp(ctx context.Context) (free func() error, err error) {
	if free, err = fill(r.engine.dir, nearlyFull); err != nil {
		return free, err
	}
	err = await(ctx, patience, "inserts under way end", func() bool {
		busy, err := r.store.row(ctx, "SELECT toInt64(count()) AS n FROM system.processes WHERE query_kind = 'Insert'")
		return err == nil && busy["n"] == 0
	})
	if err != nil {
		return free, err
	}
	return fill(r.engine.dir, 64<<10)
}

// nearlyFull is below the free space that an insert of Earshot asks for.
const nearlyFull = 100 << 20

// gone drops the error of a process that ended before its signal.
func gone(err error) error {
	if errors.Is(err, syscall.ESRCH) || errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

func (r *rig) inflictBroker(ctx context.Context, f fault) (func() error, error) {
	if f.Kind.effect() == "stopped" {
		return r.broker.Resume, r.broker.Pause()
	}
	return func() error { return r.broker.Restart(ctx) }, r.broker.Kill()
}

func (r *rig) inflictProducer(f fault) (func() error, error) {
	p := r.feeder.producers[f.Hold.Milliseconds()%int64(len(r.feeder.producers))]
	if err := p.process.awaitRunning(); err != nil {
		return nil, err
	}
	if f.Kind.effect() == "stopped" {
		return func() error { return p.process.signal(syscall.SIGCONT) }, p.process.signal(syscall.SIGSTOP)
	}
	return func() error { return p.start(r.feeder) }, r.feeder.kill(p)
}

// affected are the partitions that a fault keeps from moving.
func (r *rig) affected(f fault, partitions map[int32]int64) map[int32]bool {
	all := map[int32]bool{}
	for p := range partitions {
		if r.o.Group || f.Worker < 0 || int(p)%r.o.Workers == f.Worker {
			all[p] = true
		}
	}
	return all
}
