package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/internal/embedded"
	"earshot/internal/telemetry"
	"earshot/pipeline"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
)

// workerRig is a broker in this process, a database of its own on the engine at
// EARSHOT_TEST_CLICKHOUSE, and the configuration of a worker between them.
type workerRig struct {
	t   *testing.T
	cfg config.Config
	// ask runs a query for one number straight on the engine.
	ask func(query string) (int64, error)
}

func newWorkerRig(t *testing.T) *workerRig {
	t.Helper()
	engine := os.Getenv("EARSHOT_TEST_CLICKHOUSE")
	if engine == "" {
		t.Skip("EARSHOT_TEST_CLICKHOUSE is not set: no ClickHouse to test against")
	}
	broker, err := embedded.StartBroker(embedded.BrokerOptions{Dir: t.TempDir(), Listen: "127.0.0.1:0", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(broker.Close)
	cfg := config.Default()
	cfg.Kafka.Brokers = []string{broker.Addr()}
	database := fmt.Sprintf("worker_test_%d", time.Now().UnixNano())
	cfg.ClickHouse.URL = "clickhouse://default@" + engine + "/" + database
	cfg.Worker.BatchDelay = 20 * time.Millisecond
	cfg.Worker.InsertTimeout = 15 * time.Second
	ctx := context.Background()
	if err := clickhouse.Migrate(ctx, clickhouse.At(cfg.ClickHouse.URL), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if err := kafka.EnsureTopics(ctx, cfg.Kafka.Cluster(), topicSpecs(cfg)); err != nil {
		t.Fatal(err)
	}
	conn, err := clickhouse.Open(clickhouse.At(cfg.ClickHouse.URL))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Exec(ctx, "DROP DATABASE "+database); err != nil {
			t.Error(err)
		}
		conn.Close()
	})
	ask := func(query string) (n int64, err error) {
		err = conn.QueryRow(ctx, "SELECT toInt64(("+query+"))").Scan(&n)
		return n, err
	}
	return &workerRig{t: t, cfg: cfg, ask: ask}
}

// produce sends the values, keyed by their number.
func (r *workerRig) produce(values ...string) {
	r.t.Helper()
	r.produceWith(func(i int) int { return i }, values)
}

// produceWith takes the key of each message: those of one key lie in one partition.
func (r *workerRig) produceWith(key func(i int) int, values []string) {
	r.t.Helper()
	producer := kafka.NewProducer(kafka.Options{Cluster: r.cfg.Kafka.Cluster(), Topic: r.cfg.Kafka.EventsTopic})
	defer producer.Close()
	msgs := make([]pipeline.OutMessage, len(values))
	for i, v := range values {
		msgs[i] = pipeline.OutMessage{Key: fmt.Append(nil, key(i)), Value: []byte(v)}
	}
	if err := producer.Send(context.Background(), msgs); err != nil {
		r.t.Fatal(err)
	}
}

// start runs workers until the returned function is called.
func (r *workerRig) start(cfg config.Config, tel *telemetry.Telemetry) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() {
		for ctx.Err() == nil { // as `up` does
			if err := runWorkers(ctx, cfg, 1, tel, slog.New(slog.DiscardHandler)); err != nil {
				r.t.Log("workers gave up:", err)
				time.Sleep(50 * time.Millisecond)
			}
		}
	})
	return sync.OnceFunc(func() { cancel(); done.Wait() })
}

func (r *workerRig) number(query string) int64 {
	r.t.Helper()
	n, err := r.ask(query)
	if err != nil {
		r.t.Fatalf("%s: %v", query, err)
	}
	return n
}

func (r *workerRig) await(query string, want int64) {
	r.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		n := r.number(query)
		if n == want {
			return
		}
		if n > want || time.Now().After(deadline) {
			r.t.Fatalf("%s = %d, want %d", query, n, want)
		}
	}
}

// checkExact is the audit in short: in each partition the rows cover every
// offset from 0 to the last one, none twice, and no event id is stored twice.
func (r *workerRig) checkExact(offsets int64) {
	r.t.Helper()
	for query, want := range map[string]int64{
		"SELECT sum(span) FROM records":                                                                   offsets,
		"SELECT uniqExact(kafka_partition, kafka_offset) FROM records":                                    r.number("SELECT count() FROM records"),
		"SELECT sum(e) FROM (SELECT max(kafka_offset + span) AS e FROM records GROUP BY kafka_partition)": offsets,
		"SELECT count() - uniqExact(event_id) FROM records WHERE outcome = 'event'":                       0,
	} {
		if n := r.number(query); n != want {
			r.t.Errorf("%s = %d, want %d", query, n, want)
		}
	}
}

func testEvents(from, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf(`{"id":"evt-%d","source":"review","occurred_at":%q,"rating":2,"location":"store-%03d","text":"The soup was cold and the service painfully slow at lunch time."}`,
			from+i, time.Now().Add(-time.Duration(i)*time.Minute).UTC().Format(time.RFC3339), i%40)
	}
	return out
}

func TestWorkerStoresEveryOffsetOnce(t *testing.T) {
	rig := newWorkerRig(t)
	rig.produce(testEvents(0, 500)...)
	rig.produce(testEvents(0, 100)...) // the same ids again
	rig.produce("{not json", `{"id":"x","source":"review"}`, "\xff\xfe", `{"text":"`+strings.Repeat("a", 2<<20)+`"}`)
	tel := telemetry.New()
	stop := rig.start(rig.cfg, tel)
	defer stop()
	rig.await("SELECT sum(span) FROM records", 604)
	stop()
	rig.produce(testEvents(450, 100)...) // half of them known
	stop = rig.start(rig.cfg, tel)
	defer stop()
	rig.await("SELECT sum(span) FROM records", 704)
	rig.checkExact(704)
	for query, want := range map[string]int64{
		"SELECT count() FROM feedback":                                                                   550,
		"SELECT count() FROM records WHERE outcome = 'duplicate'":                                        150,
		"SELECT count() FROM dead_letters":                                                               4,
		"SELECT count() FROM dead_letters WHERE length(payload) > 2000000":                               1,
		"SELECT count() FROM dead_letters WHERE payload = unhex('FFFE')":                                 1,
		"SELECT count() FROM feedback WHERE has(tags, 'slow service at peak hours')":                     550,
		"SELECT count() FROM records WHERE outcome = 'event' AND id_hash = 0":                            0,
		"SELECT uniqExact(toYYYYMM(ingested_at), _partition_id) = uniqExact(_partition_id) FROM records": 1,
	} {
		if n := rig.number(query); n != want {
			t.Errorf("%s = %d, want %d", query, n, want)
		}
	}
	letters := kafka.NewSource(kafka.Options{Cluster: rig.cfg.Kafka.Cluster()})
	defer letters.Close()
	if _, end, err := letters.Bounds(context.Background(), pipeline.TopicPartition{Topic: rig.cfg.Kafka.DeadLettersTopic}); err != nil || end != 4 {
		t.Errorf("%d dead letters published, %v", end, err)
	}
}

// TestWorkerThroughBrokenConnections runs two workers that both believe to own
// all partitions, over connections that break at random, also between an insert
// and its answer.
func TestWorkerThroughBrokenConnections(t *testing.T) {
	rig := newWorkerRig(t)
	var values []string
	id := func(i int) int { return i * 7 % 2500 } // 500 of them repeat
	for i := range 3000 {
		values = append(values, testEvents(id(i), 1)...)
	}
	// Copies lie in one partition: while connections are cut, the two workers may come to
	// copies in two partitions at the same moment, for which nothing is promised.
	rig.produceWith(id, values)
	proxy := newCuttingProxy(t, os.Getenv("EARSHOT_TEST_CLICKHOUSE"))
	cfg := rig.cfg
	cfg.ClickHouse.URL = strings.Replace(cfg.ClickHouse.URL, os.Getenv("EARSHOT_TEST_CLICKHOUSE"), proxy.addr, 1)
	cfg.Worker.BatchRows = 100
	for range 2 {
		stop := rig.start(cfg, telemetry.New())
		defer stop()
	}
	rig.await("SELECT sum(span) FROM records", 3000)
	rig.checkExact(3000)
	if n := rig.number("SELECT count() FROM feedback"); n != 2500 {
		t.Errorf("%d events, want 2500", n)
	}
	if cuts := proxy.cutCount(); cuts < enoughCuts {
		t.Errorf("only %d connections were cut: the test proves nothing", cuts)
	}
}

// cuttingProxy forwards TCP connections and breaks each, until it has broken
// enough: every other one on the way to the server, so that an insert is cut in
// the middle, the others on the way back, so that its answer is lost.
type cuttingProxy struct {
	addr        string
	mu          sync.Mutex
	opened, cut int
}

const enoughCuts = 12

func newCuttingProxy(t *testing.T, target string) *cuttingProxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &cuttingProxy{addr: listener.Addr().String()}
	var conns sync.WaitGroup
	t.Cleanup(func() { listener.Close(); conns.Wait() })
	conns.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			conns.Go(func() { p.forward(client, target) })
		}
	})
	return p
}

func (p *cuttingProxy) forward(client net.Conn, target string) {
	defer client.Close()
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer server.Close()
	limits := [2]int64{1 << 40, 1 << 40} // bytes up, bytes down
	p.mu.Lock()
	if p.cut < enoughCuts {
		limits[p.opened%2] = int64(4000 + 1000*p.cut)
	}
	p.opened++
	p.mu.Unlock()
	var both sync.WaitGroup
	pipe := func(to, from net.Conn, limit int64) {
		if n, _ := io.CopyN(to, from, limit); n == limit {
			p.mu.Lock()
			p.cut++
			p.mu.Unlock()
		}
		to.Close()
		from.Close()
	}
	both.Go(func() { pipe(server, client, limits[0]) })
	both.Go(func() { pipe(client, server, limits[1]) })
	both.Wait()
}

func (p *cuttingProxy) cutCount() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cut
}
