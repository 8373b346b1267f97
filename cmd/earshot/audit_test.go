package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"earshot/cmd/earshot/config"
	"earshot/pipeline"
	"earshot/pipeline/kafka"
)

func TestAuditTableOnly(t *testing.T) {
	a := newAnswers(t)
	if got := a.done("audit", "--table-only"); got != "Nothing is stored yet.\n" {
		t.Errorf("empty: %q", got)
	}
	for range 3 {
		a.store(heard{}, heard{})
	}
	got := a.done("audit", "--table-only")
	if !strings.Contains(got, "6 offsets = 6 events + 0 duplicates + 0 dead letters + 0 skipped.\nEvery offset is there exactly once, and no event id twice.\n") {
		t.Errorf("sound: %s", got)
	}

	a.exec("INSERT INTO records (outcome, event_id, id_hash, kafka_topic, kafka_partition, kafka_offset) VALUES ('event', 'e2', xxHash64('e2'), 'feedback.events', 0, 2), ('event', 'e9', xxHash64('e9'), 'feedback.events', 0, 9)")
	code, stdout, stderr := a.run("audit", "--table-only")
	if code != exitCheckFailed || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "3 offsets missing, 1 there more than once, 1 ids stored as an event twice") ||
		!strings.Contains(stdout, "feedback.events/0: offset 2 more than once\nfeedback.events/0: offsets 6 to 8 missing\nid \"e2\" is an event more than once, at feedback.events/0/2 feedback.events/0/2\n") || strings.Contains(stdout, "exactly once") {
		t.Errorf("%d\n%s%s", code, stdout, stderr)
	}
	var answer struct {
		OK         bool        `json:"ok"`
		Totals     auditTotals `json:"totals"`
		Partitions []struct {
			Problems []map[string]any `json:"problems"`
		} `json:"partitions"`
	}
	code, stdout, _ = a.run("audit", "--table-only", "--json")
	if err := json.Unmarshal([]byte(stdout), &answer); err != nil || code != exitCheckFailed || answer.OK || answer.Totals.Gaps != 3 ||
		answer.Totals.Doubles != 1 || answer.Totals.Lag != nil || len(answer.Partitions[0].Problems) != 2 {
		t.Errorf("%d %v %s", code, err, stdout)
	}
	if code, stdout, _ = a.run("audit", "--table-only", "--format", "csv"); code != exitCheckFailed || !strings.HasPrefix(stdout, "partition,first,last,") {
		t.Errorf("%d %s", code, stdout)
	}
}

func TestAuditAgainstKafka(t *testing.T) {
	a := newAnswers(t)
	broker := startKafka(t)
	cfg := config.Default()
	if err := kafka.EnsureTopics(t.Context(), kafka.Cluster{Brokers: []string{broker}}, topicSpecs(cfg)); err != nil {
		t.Fatal(err)
	}
	a.partition = produce(t, broker, 3)
	a.store(heard{}, heard{})

	got := a.done("audit", "--kafka", broker)
	if !strings.Contains(got, "; 1 not consumed yet.\nEvery offset") || strings.Count(got, " ok\n") != 4 {
		t.Errorf("behind: %s", got)
	}
	a.store(heard{}, heard{}, heard{}) // two more than Kafka has
	if code, stdout, _ := a.run("audit", "--kafka", broker); code != exitCheckFailed || !strings.Contains(stdout, "offsets 3 to 4 stored, but beyond the end") {
		t.Errorf("beyond: %d %s", code, stdout)
	}
	a.exec("TRUNCATE TABLE records")
	a.next = 1
	a.store(heard{})
	if code, stdout, _ := a.run("audit", "--kafka", broker); code != exitCheckFailed || !strings.Contains(stdout, ": offset 0 missing\n") {
		t.Errorf("began too late: %d %s", code, stdout)
	}

	for _, args := range [][]string{{"audit"}, {"audit", "--kafka", "127.0.0.1:1"}} {
		if code, stdout, stderr := a.run(args...); code != exitUnreachable || !strings.Contains(stderr, "--table-only") || stdout != "" || strings.Count(stderr, "\n") != 1 {
			t.Errorf("no Kafka: %d %q %q", code, stdout, stderr)
		}
	}
}

// produce sends n messages of one key to the events topic and returns the
// partition that they are in.
func produce(t *testing.T, broker string, n int) int32 {
	t.Helper()
	producer := kafka.NewProducer(kafka.Options{Cluster: kafka.Cluster{Brokers: []string{broker}}, Topic: "feedback.events"})
	messages := make([]pipeline.OutMessage, n)
	for i := range messages {
		messages[i] = pipeline.OutMessage{Key: []byte("k"), Value: []byte("x")}
	}
	if err := errors.Join(producer.Send(t.Context(), messages), producer.Close()); err != nil {
		t.Fatal(err)
	}
	return eventMessages(t, broker)[0].Partition
}
