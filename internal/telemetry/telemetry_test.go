package telemetry

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"earshot/pipeline"
)

var tp = pipeline.TopicPartition{Topic: "feedback.events", Partition: 3}

func get(t *testing.T, tel *Telemetry, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	tel.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(body)
}

func TestMetricNames(t *testing.T) {
	tel := New()
	tel.Written(pipeline.BatchStats{TopicPartition: tp, Rows: 12,
		Outcomes: map[pipeline.Outcome]int64{pipeline.OutcomeEvent: 10, pipeline.OutcomeDead: 2},
		Reasons:  map[pipeline.Reason]int{pipeline.BadJSON: 2},
		Stages:   map[pipeline.Stage]time.Duration{pipeline.StageWrite: 30 * time.Millisecond}})
	tel.Progress(tp, pipeline.Progress{Lag: 7, Behind: 1500 * time.Millisecond, Queued: 1})
	tel.Trouble(tp, pipeline.StageFetch, errors.New("gone"))
	code, body := get(t, tel, "/metrics")
	if code != http.StatusOK {
		t.Fatal(code)
	}
	for _, line := range []string{
		`earshot_records_total{outcome="event"} 10`, `earshot_records_total{outcome="duplicate"} 0`,
		`earshot_dead_letters_total{reason="bad_json"} 2`, `earshot_lag_events{partition="3"} 7`,
		`earshot_lag_seconds{partition="3"} 1.5`, `earshot_queue_depth{partition="3"} 1`,
		`earshot_retries_total{stage="fetch"} 1`, `earshot_batch_rows_count 1`, `earshot_batch_seconds_count 1`,
		`earshot_stage_seconds_count{stage="write"} 1`, `go_goroutines`, `process_resident_memory_bytes`,
	} {
		if !strings.Contains(body, "\n"+line) {
			t.Errorf("no line %s", line)
		}
	}
}

func TestReadiness(t *testing.T) {
	tel := New()
	steps := []struct {
		name string
		do   func()
		code int
		says string
	}{
		{"nothing to wait for", func() {}, 200, `"ready":true`},
		{"assigned", func() { tel.Assigned([]pipeline.TopicPartition{tp}) }, 503, "starting"},
		{"progress", func() { tel.Progress(tp, pipeline.Progress{}) }, 200, `"waiting":[]`},
		{"insert failed", func() { tel.Trouble(tp, pipeline.StageWrite, errors.New("connection refused")) }, 503, "feedback.events/3"},
		{"and says why", func() {}, 503, "write: connection refused"},
		{"progress again", func() { tel.Progress(tp, pipeline.Progress{}) }, 200, `"ready":true`},
		{"a failed commit only spoils the lag display", func() { tel.Trouble(tp, pipeline.StageCommit, errors.New("no")) }, 200, `"ready":true`},
		{"another part", func() { tel.SetReady("clickhouse", false, "connecting") }, 503, "connecting"},
	}
	for _, s := range steps {
		s.do()
		if code, body := get(t, tel, "/readyz"); code != s.code || !strings.Contains(body, s.says) {
			t.Errorf("%s: %d %s", s.name, code, body)
		}
		if code, _ := get(t, tel, "/healthz"); code != 200 {
			t.Errorf("%s: healthz %d", s.name, code)
		}
	}
}

func TestRegister(t *testing.T) {
	tel := New()
	c := prometheus.NewCounter(prometheus.CounterOpts{Name: "earshot_x_total", Help: "x"})
	if err := tel.Register(c); err != nil {
		t.Error(err)
	}
	if err := tel.Register(c); err == nil {
		t.Error("registered twice")
	}
}
