package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"earshot/internal/embedded"
	"earshot/internal/telemetry"
	"earshot/pipeline"
	"earshot/sinks/clickhouse"
)

// exec runs a statement on the rig's database.
func (r *workerRig) exec(statement string) {
	r.t.Helper()
	conn, err := clickhouse.Open(clickhouse.At(r.cfg.ClickHouse.URL))
	if err != nil {
		r.t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Exec(context.Background(), statement); err != nil {
		r.t.Fatalf("%s: %v", statement, err)
	}
}

// fails runs a worker that has to end by itself, and returns why.
func (r *workerRig) fails() error {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	err := runWorkers(ctx, r.cfg, 1, telemetry.New(), slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err == nil {
		r.t.Fatal("the worker went on")
	}
	return err
}

// TestRefusedEventIsADeadLetter: a constraint that refuses one event costs that
// event alone.
func TestRefusedEventIsADeadLetter(t *testing.T) {
	rig := newWorkerRig(t)
	rig.exec("ALTER TABLE records ADD CONSTRAINT no_curse CHECK position(text, 'curse') = 0")
	values := testEvents(0, 1500)
	values[700] = strings.Replace(values[700], "The soup", "A curse: the soup", 1)
	rig.produce(values...)
	stop := rig.start(rig.cfg, telemetry.New())
	defer stop()
	rig.await("SELECT sum(span) FROM records", 1500)
	rig.exec("ALTER TABLE records DROP CONSTRAINT no_curse")
	rig.checkExact(1500)
	for query, want := range map[string]int64{
		"SELECT count() FROM feedback":                                                       1499,
		"SELECT count() FROM dead_letters WHERE reason = 'refused'":                          1,
		"SELECT count() FROM dead_letters WHERE position(payload, '\"id\":\"evt-700\"') > 0": 1,
		"SELECT count() FROM dead_letters WHERE position(detail, 'no_curse') > 0":            1,
	} {
		if n := rig.number(query); n != want {
			t.Errorf("%s = %d, want %d", query, n, want)
		}
	}
}

func TestWorkerWithoutTableStops(t *testing.T) {
	rig := newWorkerRig(t)
	rig.exec("ALTER TABLE records RENAME COLUMN agent TO agent_of_theirs")
	rig.produce(testEvents(0, 10)...)
	err := rig.fails()
	var fatal *pipeline.FatalError
	if !errors.As(err, &fatal) || !strings.Contains(err.Error(), "earshot migrate") {
		t.Errorf("the worker says: %v", err)
	}
}

// TestTopicMadeAnewStops: another log under the same name, which has grown past
// the table's position.
func TestTopicMadeAnewStops(t *testing.T) {
	rig := newWorkerRig(t)
	rig.produce(testEvents(0, 100)...)
	stop := rig.start(rig.cfg, telemetry.New())
	rig.await("SELECT sum(span) FROM records", 100)
	stop()
	broker, err := embedded.StartBroker(embedded.BrokerOptions{Dir: t.TempDir(), Listen: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer broker.Close()
	rig.cfg.Kafka.Brokers = []string{broker.Addr()}
	if err := (&workerParts{cfg: rig.cfg, log: slog.New(slog.DiscardHandler)}).prepare(context.Background()); err != nil {
		t.Fatal(err)
	}
	rig.produce(testEvents(5000, 400)...)
	err = rig.fails()
	var other *pipeline.PositionError
	if !errors.As(err, &other) || other.Found.IsZero() || !strings.Contains(err.Error(), "earshot position") {
		t.Errorf("the worker says: %v", err)
	}
	if n := rig.number("SELECT sum(span) FROM records"); n != 100 {
		t.Errorf("%d offsets after it", n)
	}
}
