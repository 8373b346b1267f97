package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"earshot/pipeline"
	"earshot/pipeline/insight"
	"earshot/pipeline/kafka"
	"earshot/sinks/notify"
)

const hookSecret = "shared-with-the-receiver"

// hook is a web server that takes alerts as a customer's would.
type hook struct {
	*httptest.Server
	mu   sync.Mutex
	told []notify.Message
}

func newHook(t *testing.T) *hook {
	h := &hook{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = notify.Verify(hookSecret, r.Header.Get(notify.SignatureHeader), body, time.Now(), 5*time.Minute)
		}
		var m notify.Message
		if err == nil {
			err = json.Unmarshal(body, &m)
		}
		if err != nil {
			t.Errorf("webhook: %v in %.300s", err, body)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.told = append(h.told, m)
	}))
	t.Cleanup(h.Close)
	return h
}

// crises are the messages about crises, in order of arrival.
func (h *hook) crises() (found []notify.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, m := range h.told {
		if m.Alert.Kind == insight.KindCrisis {
			found = append(found, m)
		}
	}
	return found
}

// A burst of public complaints is one alert: in the list, at the webhook and in
// Kafka, each once; who takes it is told to all.
func TestCrisisIsTold(t *testing.T) {
	needEngine(t)
	in := newInstall(t)
	hook := newHook(t)
	settings := fmt.Sprintf("alerts:\n  interval: 1s\n  webhook_url: %s/alerts\n  webhook_secret: %s\n", hook.URL, hookSecret)
	if err := os.WriteFile(filepath.Join(in.cwd, "earshot.yaml"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	up := in.up()
	complain(t, up, 30)
	up.drained(90 * time.Second)

	var alerts []insight.Alert
	eventually(t, 90*time.Second, "an alert of 30 complaints", func() bool {
		alerts = decode[[]insight.Alert](t, in.must("alerts", "list", "--kind", "crisis", "--json"))
		return len(alerts) > 0 && alerts[0].Count == 30
	})
	if len(alerts) != 1 || alerts[0].State != insight.AlertOpen || alerts[0].Sentence == "" {
		t.Fatalf("alerts %+v, expected one that is open", alerts)
	}
	id := alerts[0].ID
	eventually(t, 90*time.Second, "the webhook to be told", func() bool { return len(hook.crises()) > 0 })
	eventually(t, 90*time.Second, "Kafka to be told", func() bool { return len(crisesInKafka(t, up)) > 0 })

	in.must("alerts", "ack", id[:8], "--by", "kim", "--note", "calling the location")
	eventually(t, 90*time.Second, "all to know who takes it", func() bool {
		return len(hook.crises()) > 1 && len(crisesInKafka(t, up)) > 1
	})
	for target, told := range map[string][]notify.Message{"webhook": hook.crises(), "Kafka": crisesInKafka(t, up)} {
		if len(told) != 2 || told[0].Change != insight.ChangeRaised || told[1].Change != insight.ChangeAcknowledged {
			t.Fatalf("%s was told %+v, expected raised and acknowledged", target, told)
		}
		if told[0].Alert.ID != id || told[1].Alert.ID != id || told[1].Alert.AckBy != "kim" {
			t.Errorf("%s was told of another alert than %s: %+v", target, id, told)
		}
	}
	if rest := decode[[]insight.Alert](t, in.must("alerts", "list", "--state", "acknowledged", "--json")); len(rest) != 1 || rest[0].AckNote != "calling the location" {
		t.Errorf("acknowledged: %+v", rest)
	}
}

// complain sends public complaints of now.
func complain(t *testing.T, up *running, n int) {
	t.Helper()
	now := time.Now().UTC().Format(time.RFC3339)
	messages := make([]pipeline.OutMessage, n)
	for i := range messages {
		messages[i] = pipeline.OutMessage{Key: fmt.Append(nil, i), Value: fmt.Appendf(nil,
			`{"id":"angry-%d","source":"social","occurred_at":%q,"text":"Terrible. The food made me sick, worst place ever. %d"}`, i, now, i)}
	}
	if err := up.producer().Send(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
}

// crisesInKafka reads the topic of alerts from its beginning.
func crisesInKafka(t *testing.T, up *running) (found []notify.Message) {
	t.Helper()
	source := kafka.NewSource(kafka.Options{Cluster: kafka.Cluster{Brokers: []string{up.Kafka}}})
	defer source.Close()
	tp := pipeline.TopicPartition{Topic: "feedback.alerts"}
	next, end, err := source.Bounds(t.Context(), tp)
	if err != nil {
		t.Fatal(err)
	}
	for next < end {
		chunk, err := source.Fetch(t.Context(), tp, next)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range chunk.Messages {
			if told := decode[notify.Message](t, string(m.Value)); told.Alert.Kind == insight.KindCrisis {
				found = append(found, told)
			}
			next = m.Offset + m.Span
		}
	}
	return found
}
