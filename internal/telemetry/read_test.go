package telemetry

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"earshot/pipeline"
)

// Read gets back what was told.
func TestRead(t *testing.T) {
	now := time.Date(2026, 7, 3, 12, 0, 0, 0, time.UTC)
	tel := newAt(func() time.Time { return now })
	tel.SetBuild("v1.2.3")
	other := pipeline.TopicPartition{Topic: tp.Topic, Partition: 11}
	tel.Written(pipeline.BatchStats{TopicPartition: tp, Newest: now.Add(-time.Minute), Reasons: map[pipeline.Reason]int{pipeline.BadJSON: 2, pipeline.BadTime: 1}})
	tel.Progress(tp, pipeline.Progress{Lag: 7, Behind: 1500 * time.Millisecond})
	tel.Trouble(other, pipeline.StageWrite, pipeline.Retryable, errors.New("connection refused"))
	tel.Trouble(other, pipeline.StageWrite, pipeline.FailsBatch, errors.New("too large"))
	server := httptest.NewServer(tel.Handler())
	defer server.Close()
	got, err := Read(t.Context(), server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	want := Snapshot{
		Version:    "v1.2.3",
		Partitions: []PartitionState{{Number: 3, LagEvents: 7, Behind: 1500 * time.Millisecond}, {Number: 11, Paused: true}},
		Retries:    map[string]float64{"write": 2}, DeadLetters: 3,
		LastWrite: now.Local(), NewestEvent: now.Add(-time.Minute).Local(),
		Waiting: []Waiting{{Name: "feedback.events/11", Reason: "write: too large"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadFromStrangers(t *testing.T) {
	for name, answer := range map[string]string{
		"a page": "<html>hello</html>", "other metrics": "up 1\n", "nothing": "", "endless": strings.Repeat("x 1\n", maxAnswer/2),
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(answer)) // the reader may stop
		}))
		if _, err := Read(t.Context(), server.Listener.Addr().String()); !errors.Is(err, ErrStranger) {
			t.Errorf("%s: %v", name, err)
		}
		server.Close()
	}
	if _, err := Read(t.Context(), "127.0.0.1:1"); err == nil || errors.Is(err, ErrStranger) {
		t.Errorf("nobody there: %v", err)
	}
}
