package e2e

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"earshot/internal/embedded"
	"earshot/internal/kafkatest"
	"earshot/pipeline"
)

// TestRecovery kills what can be killed, EARSHOT_TEST_RECOVERY times each, while
// events flow, and prints how long it takes until a new event is a row: after the
// start of a worker's successor, and after ClickHouse or the broker answers again;
// with the broker, that the producer notices is part of it. It judges nothing but the audit: times depend on what else the machine does.
func TestRecovery(t *testing.T) {
	kills, _ := strconv.Atoi(os.Getenv("EARSHOT_TEST_RECOVERY"))
	if kills < 1 {
		t.Skip("EARSHOT_TEST_RECOVERY is not set to how often: `make recovery` runs it")
	}
	needEngine(t)
	t.Run("embedded broker", func(t *testing.T) {
		addr, again := embeddedBroker(t)
		newRecovery(t, addr, again).all(kills)
	})
	t.Run("Apache Kafka", func(t *testing.T) {
		broker := kafkatest.New(t, kafkatest.Options{})
		newRecovery(t, broker.Addr(), func() {
			if err := broker.Kill(); err != nil {
				t.Fatal(err)
			}
			if err := broker.Restart(t.Context()); err != nil {
				t.Fatal(err)
			}
		}).all(kills)
	})
}

// embeddedBroker runs a broker in this process; again closes it and starts
// another on the same log.
func embeddedBroker(t *testing.T) (addr string, again func()) {
	o := embedded.BrokerOptions{Dir: t.TempDir(), Listen: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)}
	start := func() *embedded.Broker {
		b, err := embedded.StartBroker(o)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	broker := start()
	t.Cleanup(func() { broker.Close() })
	o.Listen = broker.Addr()
	return o.Listen, func() {
		broker.Close()
		broker = start()
	}
}

type recovery struct {
	*install
	up          *running
	brokerAgain func() // kills the broker and returns when it answers again
	worker      *member
}

func newRecovery(t *testing.T, broker string, again func()) *recovery {
	in := newInstall(t)
	up := in.up("--workers", "0", "--kafka", broker)
	up.Kafka = broker
	return &recovery{install: in, up: up, brokerAgain: again}
}

func (r *recovery) all(kills int) {
	defer r.flow()()
	for _, share := range []string{"fixed share", "group"} {
		args := []string{"worker", "--listen", "127.0.0.1:0", "--kafka", r.up.Kafka}
		if share == "group" {
			args = append(args, "--group", "earshot-e2e")
		}
		r.worker = r.start(args...)
		r.awaitNews(time.Now())
		r.measure(kills, "worker killed, "+share, func() time.Time {
			r.worker.end(syscall.SIGKILL)
			began := time.Now()
			r.worker = r.start(args...)
			return began
		})
		r.measure(kills, "broker killed, "+share, func() time.Time {
			r.brokerAgain()
			return time.Now()
		})
		r.measure(kills, "ClickHouse killed, "+share, r.killEngine)
		if code := r.worker.end(syscall.SIGTERM); code != 0 {
			r.t.Errorf("exit %d of a worker that was asked to end", code)
		}
	}
	r.worker = r.start("worker", "--listen", "127.0.0.1:0", "--kafka", r.up.Kafka)
}

// flow sends an event now and then until stop is called, which has the rest
// stored and audited.
func (r *recovery) flow() (stop func()) {
	ctx, cancel := context.WithCancel(r.t.Context())
	producer, done := r.up.producer(), make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ctx.Err() == nil; n++ {
			call, cancel := context.WithTimeout(ctx, time.Second)
			key := strconv.Itoa(n)
			_ = producer.Send(call, []pipeline.OutMessage{{Key: []byte(key), Value: []byte(event("recovery-" + key))}}) // the broker may be down
			cancel()
			time.Sleep(20 * time.Millisecond)
		}
	}()
	return func() {
		cancel()
		<-done
		r.up.drained(time.Minute)
		r.must("audit", "--kafka", r.up.Kafka)
	}
}

func (r *recovery) killEngine() time.Time {
	for _, pid := range r.engines() {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			r.t.Fatal(err)
		}
	}
	eventually(r.t, time.Minute, "ClickHouse after a kill", func() bool { return r.rows(time.Time{}) >= 0 })
	return time.Now()
}

// rows counts what was sent after since; -1 while ClickHouse is down.
func (r *recovery) rows(since time.Time) int {
	text, err := r.up.tryQuery(fmt.Sprintf("SELECT count() FROM records WHERE kafka_time > fromUnixTimestamp64Milli(%d)", since.UnixMilli()))
	n, parseErr := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || parseErr != nil {
		return -1
	}
	return n
}

// awaitNews waits until an event that was sent after since is a row: others may
// be those of an insert that was under way.
func (r *recovery) awaitNews(since time.Time) {
	r.t.Helper()
	eventually(r.t, time.Minute, "rows", func() bool { return r.rows(since) > 0 })
}

// measure prints the quantiles of the times between what kill returns and the
// first row of an event sent after it.
func (r *recovery) measure(kills int, what string, kill func() time.Time) {
	r.t.Helper()
	var took []time.Duration
	for range kills {
		back := kill()
		r.awaitNews(back)
		took = append(took, time.Since(back).Round(10*time.Millisecond))
		time.Sleep(time.Second) // the next kill meets a calm worker
	}
	slices.Sort(took)
	fmt.Printf("%-16s %-32s n %d  median %v  95 %% %v  most %v\n", r.t.Name()[len("TestRecovery/"):], what, kills,
		took[(len(took)-1)/2], took[(len(took)*95+99)/100-1], took[len(took)-1])
}
