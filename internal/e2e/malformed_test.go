package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/kafka"
)

// bad holds messages that must become dead letters, each with its reason.
var bad = []struct {
	name, reason, value string
}{
	{"not JSON", "bad_json", `hello`},
	{"cut off", "bad_json", `{"source":"review","occurred_at":"2026-`},
	{"two objects", "bad_json", `{"a":1}{"b":2}`},
	{"array", "bad_json", `[{"source":"review"}]`},
	{"empty", "bad_json", ``},
	{"null", "bad_json", `null`},
	{"deep", "bad_json", strings.Repeat("[", 100_000)},
	{"invalid UTF-8", "bad_encoding", "{\"source\":\"review\",\"occurred_at\":\"2026-05-01T10:00:00Z\",\"text\":\"caf\xe9\"}"},
	{"binary", "", "\x00\x01\x02\xff\xfe"},
	{"too large", "too_large", `{"source":"review","occurred_at":"2026-05-01T10:00:00Z","text":"` + strings.Repeat("long ", 1<<18) + `"}`},
	{"text is a number", "bad_type", `{"source":"review","occurred_at":"2026-05-01T10:00:00Z","text":17}`},
	{"survey is a list", "", `{"source":"survey","occurred_at":"2026-05-01T10:00:00Z","survey":[1,2]}`},
	{"turns is a string", "", `{"source":"chat","occurred_at":"2026-05-01T10:00:00Z","turns":"hi"}`},
	{"no time", "bad_time", `{"source":"review","text":"fine"}`},
	{"time is no time", "bad_time", `{"source":"review","occurred_at":"yesterday","text":"fine"}`},
	{"time of long ago", "bad_time", `{"source":"review","occurred_at":"1970-01-01T00:00:00Z","text":"fine"}`},
	{"time to come", "bad_time", `{"source":"review","occurred_at":"2999-01-01T00:00:00Z","text":"fine"}`},
	{"no source", "bad_source", `{"occurred_at":"2026-05-01T10:00:00Z","text":"fine"}`},
	{"unknown source", "bad_source", `{"source":"telepathy","occurred_at":"2026-05-01T10:00:00Z","text":"fine"}`},
	{"nothing said", "no_content", `{"source":"review","occurred_at":"2026-05-01T10:00:00Z"}`},
	{"blank text", "no_content", `{"source":"review","occurred_at":"2026-05-01T10:00:00Z","text":"  \n "}`},
	{"six stars", "bad_rating", `{"source":"review","occurred_at":"2026-05-01T10:00:00Z","rating":6}`},
	{"NPS 11", "bad_survey", `{"source":"survey","occurred_at":"2026-05-01T10:00:00Z","survey":{"nps":11}}`},
	{"long id", "bad_id", `{"id":"` + strings.Repeat("x", 129) + `","source":"review","occurred_at":"2026-05-01T10:00:00Z","text":"fine"}`},
}

func TestMalformedEventsBecomeDeadLetters(t *testing.T) {
	needEngine(t)
	in := newInstall(t)
	up := in.up()
	producer := up.producer()
	now := time.Now().UTC().Format(time.RFC3339)
	good := func(i int) pipeline.OutMessage {
		return pipeline.OutMessage{Key: []byte("one partition"), Value: fmt.Appendf(nil, `{"id":"good-%d","source":"review","occurred_at":%q,"text":"fine"}`, i, now)}
	}
	for i, b := range bad {
		message := pipeline.OutMessage{Key: []byte("one partition"), Value: []byte(b.value)}
		if err := producer.Send(t.Context(), []pipeline.OutMessage{message, good(i)}); err != nil {
			t.Fatalf("%s: %v", b.name, err)
		}
	}
	if err := producer.Send(t.Context(), []pipeline.OutMessage{{Value: []byte(`{"key": "null"`)}}); err != nil {
		t.Fatal(err)
	}
	up.drained(30 * time.Second)
	if got := up.outcomes(); got["event"] != len(bad) || got["dead"] != len(bad)+1 {
		t.Fatalf("outcomes %v, want %d events and %d dead letters", got, len(bad), len(bad)+1)
	}
	checkDeadLetters(t, up)
	list := in.must("deadletters", "list", "--json")
	if n := len(decode[[]map[string]any](t, list)); n != len(bad)+1 {
		t.Errorf("deadletters list has %d of %d", n, len(bad)+1)
	}
	in.must("audit")
}

// checkDeadLetters compares each with the message at its offset in Kafka.
func checkDeadLetters(t *testing.T, up *running) {
	t.Helper()
	source := kafka.NewSource(kafka.Options{Cluster: kafka.Cluster{Brokers: []string{up.Kafka}}, Topic: eventsTopic})
	defer source.Close()
	reasons := map[string]string{}
	for _, b := range bad {
		reasons[b.value] = b.reason
	}
	for _, line := range up.query("SELECT reason, detail, base64Encode(payload), kafka_partition, kafka_offset FROM dead_letters ORDER BY kafka_partition, kafka_offset") {
		f := strings.Split(line, "\t")
		payload, err := base64.StdEncoding.DecodeString(f[2])
		if err != nil {
			t.Fatal(err)
		}
		if want := reasons[string(payload)]; want != "" && f[0] != want {
			t.Errorf("%.60q: reason %s (%s), want %s", payload, f[0], f[1], want)
		}
		if f[1] == "" {
			t.Errorf("%.60q: no detail", payload)
		}
		if original := messageAt(t, source, f[3], f[4]); !bytes.Equal(original, payload) {
			t.Errorf("dead letter of offset %s holds %.60q, Kafka %.60q", f[4], payload, original)
		}
	}
}

func messageAt(t *testing.T, source *kafka.Source, partition, offset string) []byte {
	t.Helper()
	p, err := strconv.ParseInt(partition, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	at, err := strconv.ParseInt(offset, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	chunk, err := source.Fetch(ctx, pipeline.TopicPartition{Topic: eventsTopic, Partition: int32(p)}, at)
	if err != nil || len(chunk.Messages) == 0 {
		t.Fatalf("offset %d: %v", at, err)
	}
	return chunk.Messages[0].Value
}
