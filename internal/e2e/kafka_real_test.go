package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"earshot/internal/kafkatest"
	"earshot/pipeline"
	"earshot/pipeline/kafka"
)

// realKafka is an Apache Kafka beside an `up` without workers, whose engine takes
// the rows.
type realKafka struct {
	*running
	broker *kafkatest.Broker
	source *kafka.Source
}

// TestRealKafka: a worker on an Apache Kafka, over TLS and with a login, takes in
// what a Java producer wrote in transactions and what the cleaner left of a
// compacted topic, alone and as a member of a group, and the audit finds every offset once.
func TestRealKafka(t *testing.T) {
	needEngine(t)
	broker := kafkatest.New(t, kafkatest.Options{Secure: true})
	in := newInstall(t)
	up := in.up("--workers", "0", "--kafka", broker.Addr())
	source := kafka.NewSource(kafka.Options{Cluster: kafka.Cluster{Brokers: []string{broker.Addr()}}})
	t.Cleanup(source.Close)
	r := &realKafka{running: up, broker: broker, source: source}
	t.Run("transactions", r.transactions)
	t.Run("compaction", r.compaction)
	t.Run("refused", r.refused)
}

// event is a valid one, in one line.
func event(id string) string {
	return fmt.Sprintf(`{"id":%q,"source":"social","occurred_at":%q,"text":"great soup, slow service"}`, id, time.Now().UTC().Format(time.RFC3339))
}

const realPartitions = 3

func (r *realKafka) topic(t *testing.T, config map[string]string) (name string, ctx context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	name = strings.ReplaceAll(t.Name(), "/", ".")
	cluster := kafka.Cluster{Brokers: []string{r.broker.Addr()}}
	if err := kafka.EnsureTopics(ctx, cluster, []kafka.TopicSpec{{Name: name, Partitions: realPartitions, Config: config}}); err != nil {
		t.Fatal(err)
	}
	return name, ctx
}

func (r *realKafka) transactions(t *testing.T) {
	topic, ctx := r.topic(t, nil)
	var script kafkatest.Script
	script.Topic(topic)
	want := 0
	for i, codec := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
		script.Open(codec, "tx-"+codec)
		for round := range 8 {
			script.Begin()
			for n := range 50 {
				script.Send(fmt.Sprintf("guest-%d", n), event(fmt.Sprintf("%s-%d-%d", codec, round, n)))
			}
			if (i+round)%3 == 0 {
				script.Abort()
			} else {
				script.Commit()
				want += 50
			}
		}
	}
	sent, err := r.broker.Run(ctx, &script)
	if err != nil {
		t.Fatal(err)
	}
	got := r.work(t, topic)
	if got["event"] != want || got["duplicate"]+got["dead"] != 0 || got["skipped"] < len(sent)-want {
		t.Errorf("outcomes %v of %d records sent, want %d events, the rest skipped", got, len(sent), want)
	}
}

func (r *realKafka) compaction(t *testing.T) {
	topic, ctx := r.topic(t, map[string]string{
		"cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0.001", "segment.ms": "200",
	})
	var script kafkatest.Script
	script.Topic(topic)
	const producers, keys = 6, 60
	for p := range producers { // each overwrites what all before it wrote
		script.Open("zstd", "")
		for k := range keys {
			script.Send(fmt.Sprintf("guest-%d", k), event(fmt.Sprintf("%d-%d", p, k)))
		}
		script.Flush()
	}
	if _, err := r.broker.Run(ctx, &script); err != nil {
		t.Fatal(err)
	}
	r.cleaned(ctx, t, topic)
	got := r.work(t, topic, "--group", "crew")
	if got["skipped"] < producers*keys/2 || got["event"] < keys || got["dead"] != 0 {
		t.Errorf("outcomes %v, want at least %d events and most of %d older ones skipped", got, keys, producers*keys)
	}
}

// cleaned waits until every partition begins with a hole. A segment is closed,
// and so cleaned, once a later message comes.
func (r *realKafka) cleaned(ctx context.Context, t *testing.T, topic string) {
	t.Helper()
	producer := kafka.NewProducer(kafka.Options{Cluster: kafka.Cluster{Brokers: []string{r.broker.Addr()}}, Topic: topic})
	defer producer.Close()
	rolls := 0
	eventually(t, 2*time.Minute, "compaction", func() bool {
		var roll []pipeline.OutMessage
		for range 20 { // some for each partition
			rolls++
			roll = append(roll, pipeline.OutMessage{Key: fmt.Appendf(nil, "roll-%d", rolls), Value: []byte(event(fmt.Sprintf("roll-%d", rolls)))})
		}
		if err := producer.Send(ctx, roll); err != nil {
			t.Fatal(err)
		}
		for partition := range int32(realPartitions) {
			chunk, err := r.source.Fetch(ctx, pipeline.TopicPartition{Topic: topic, Partition: partition}, 0)
			if err != nil || len(chunk.Messages) == 0 {
				t.Fatalf("%+v, %v", chunk, err)
			}
			if chunk.Messages[0].SkipReason == "" {
				return false
			}
		}
		return true
	})
}

// work runs a worker, with these flags, on the topic until everything in it is stored, audits it,
// and returns the offsets by what became of them.
func (r *realKafka) work(t *testing.T, topic string, flags ...string) map[string]int {
	t.Helper()
	out := &logged{}
	worker := r.secured(topic, append([]string{"worker", "--listen", "127.0.0.1:0"}, flags...)...)
	worker.Stdout, worker.Stderr = out, out
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	want := 0
	for partition := range int32(realPartitions) {
		first, end, err := r.source.Bounds(t.Context(), pipeline.TopicPartition{Topic: topic, Partition: partition})
		if err != nil {
			t.Error(err)
		}
		want += int(end - first)
	}
	eventually(t, 2*time.Minute, fmt.Sprintf("%d offsets stored, log of the worker: %s", want, out), func() bool {
		return r.number("SELECT sum(span) FROM records WHERE kafka_topic = '%s'", topic) >= want
	})
	if err := worker.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := worker.Wait(); err != nil {
		t.Errorf("worker: %v\n%s", err, out)
	}
	if strings.Contains(out.String(), r.broker.Secured().Password) {
		t.Errorf("the worker's log shows the password:\n%s", out)
	}
	audit := r.secured(topic, "audit")
	if text, err := audit.CombinedOutput(); err != nil {
		t.Errorf("audit: %v\n%s", err, text)
	}
	outcomes := map[string]int{}
	for _, line := range r.query("SELECT outcome, sum(span) FROM records WHERE kafka_topic = '%s' GROUP BY outcome", topic) {
		var name string
		var n int
		if _, err := fmt.Sscan(line, &name, &n); err != nil {
			t.Fatal(err)
		}
		outcomes[name] = n
	}
	return outcomes
}

// secured is a command that reaches the broker by TLS and a login, with the
// password in a file.
func (r *realKafka) secured(topic string, args ...string) *exec.Cmd {
	s := r.broker.Secured()
	file := filepath.Join(r.in.cwd, "password")
	if err := os.WriteFile(file, []byte(s.Password+"\n"), 0o600); err != nil {
		r.in.t.Fatal(err)
	}
	cmd := r.in.command(append(args, "--kafka", s.SASLTLS)...)
	cmd.Env = append(cmd.Env, "EARSHOT_KAFKA_EVENTS_TOPIC="+topic, "EARSHOT_KAFKA_TLS=true", "EARSHOT_KAFKA_CA_FILE="+s.CAFile,
		"EARSHOT_KAFKA_SASL=scram-sha-512", "EARSHOT_KAFKA_USERNAME="+s.Username, "EARSHOT_KAFKA_PASSWORD_FILE="+file)
	return cmd
}

// refused: a wrong password ends a worker with one line and exit code 3, doctor
// says the same, and no command shows it.
func (r *realKafka) refused(t *testing.T) {
	for _, args := range [][]string{{"worker", "--listen", "127.0.0.1:0"}, {"doctor"}, {"config", "show"}} {
		cmd := r.secured("t", args...)
		password := filepath.Join(r.in.cwd, "password")
		if err := os.WriteFile(password, []byte("hush-hush"), 0o600); err != nil {
			t.Fatal(err)
		}
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		_ = cmd.Run() // the exit code says it
		code, text := cmd.ProcessState.ExitCode(), stdout.String()+stderr.String()
		if strings.Contains(text, "hush") {
			t.Errorf("%v shows the password:\n%s", args, text)
		}
		if args[0] == "config" {
			continue
		}
		if code != 3 || !strings.Contains(text, "user app is refused: check kafka.username and kafka.password") {
			t.Errorf("%v: exit %d\n%s", args, code, text)
		}
		if _, complaint, _ := strings.Cut(stderr.String(), "earshot: "); args[0] == "worker" && strings.Count(complaint, "\n") != 1 {
			t.Errorf("worker complains in more than one line:\n%s", stderr.String())
		}
	}
}
