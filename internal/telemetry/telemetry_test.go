package telemetry

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"earshot/pipeline"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

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

func TestMetrics(t *testing.T) {
	now := time.Date(2026, 7, 3, 12, 0, 0, 0, time.UTC)
	tel := newAt(func() time.Time { return now })
	tel.SetBuild("v1.2.3")
	tel.Assigned([]pipeline.TopicPartition{tp})
	tel.Written(pipeline.BatchStats{TopicPartition: tp, Rows: 12, Newest: now.Add(-90 * time.Second),
		Outcomes: map[pipeline.Outcome]int64{pipeline.OutcomeEvent: 10, pipeline.OutcomeDead: 2},
		Reasons:  map[pipeline.Reason]int{pipeline.BadJSON: 2},
		Stages:   map[pipeline.Stage]time.Duration{pipeline.StageWrite: 30 * time.Millisecond, pipeline.StageFetch: time.Hour}})
	tel.Progress(tp, pipeline.Progress{Lag: 7, Behind: 1500 * time.Millisecond, Queued: 1})
	tel.Request("/api/v1/kpis", 200, time.Second)
	tel.Request("/api/v1/kpis", 503, time.Second)
	now = now.Add(2 * time.Second)
	lines(t, tel,
		`earshot_records_total{outcome="event"} 10`, `earshot_records_total{outcome="duplicate"} 0`,
		`earshot_dead_letters_total{reason="bad_json"} 2`, `earshot_dead_letters_total{reason="analysis_failed"} 0`,
		`earshot_lag_events{partition="3"} 7`, `earshot_lag_seconds{partition="3"} 3.5`, `earshot_queue_depth{partition="3"} 1`,
		`earshot_partition_paused{partition="3"} 0`, `earshot_ready 1`, `earshot_build_info{go="go`,
		`earshot_last_write_timestamp_seconds `, `earshot_newest_event_timestamp_seconds `,
		`earshot_batch_rows_count 1`, `earshot_batch_seconds_sum 0.03`,
		`earshot_stage_seconds_count{stage="write"} 1`, `earshot_stage_seconds_sum{stage="fetch"} 3600`,
		`earshot_http_requests_total{code="2xx",route="/api/v1/kpis"} 1`, `earshot_http_requests_total{code="5xx",route="/api/v1/kpis"} 1`,
		`earshot_http_request_seconds_count{route="/api/v1/kpis"} 2`, `go_goroutines`, `process_resident_memory_bytes`)
}

// A paused partition shows, and its lag in time grows, although nobody reports.
func TestPausedPartition(t *testing.T) {
	now := time.Date(2026, 7, 3, 12, 0, 0, 0, time.UTC)
	tel := newAt(func() time.Time { return now })
	tel.Progress(tp, pipeline.Progress{})
	tel.Trouble(tp, pipeline.StageCommit, pipeline.Retryable, errors.New("no coordinator"))
	lines(t, tel, `earshot_partition_paused{partition="3"} 0`, `earshot_retries_total{class="retryable",stage="commit"} 1`)
	tel.Trouble(tp, pipeline.StageWrite, pipeline.FailsBatch, errors.New("timeout"))
	now = now.Add(time.Minute)
	tel.Trouble(tp, pipeline.StageRecover, pipeline.Retryable, errors.New("connection refused"))
	now = now.Add(time.Minute)
	lines(t, tel, `earshot_partition_paused{partition="3"} 1`, `earshot_lag_seconds{partition="3"} 120`, `earshot_ready 0`,
		`earshot_retries_total{class="batch",stage="write"} 1`, `earshot_retries_total{class="retryable",stage="recover"} 1`)
	tel.Progress(tp, pipeline.Progress{Lag: 1, Behind: time.Second})
	lines(t, tel, `earshot_partition_paused{partition="3"} 0`, `earshot_lag_seconds{partition="3"} 1`, `earshot_ready 1`)
}

// A partition that went to another worker is neither waited for nor shown.
func TestReleasedPartition(t *testing.T) {
	tel, other := New(), pipeline.TopicPartition{Topic: tp.Topic, Partition: 4}
	tel.Assigned([]pipeline.TopicPartition{tp, other})
	tel.Progress(other, pipeline.Progress{})
	tel.Released([]pipeline.TopicPartition{tp})
	lines(t, tel, `earshot_lag_events{partition="4"} 0`, `earshot_ready 1`)
	if _, body := get(t, tel, "/metrics"); strings.Contains(body, `partition="3"`) {
		t.Error("a released partition is shown")
	}
}

func TestIDs(t *testing.T) {
	tel := New()
	if _, body := get(t, tel, "/metrics"); strings.Contains(body, "earshot_id") {
		t.Error("look-ups are shown although nobody does any")
	}
	tel.WatchIDs(func() IDs { return IDs{Checked: 100, Asked: 3, Loaded: true, Held: 7, Bytes: 4096} })
	lines(t, tel, "earshot_ids_checked_total 100", "earshot_ids_asked_total 3", "earshot_id_filter_loaded 1", "earshot_id_filter_ids 7", "earshot_id_filter_bytes 4096")
	tel.WatchIDs(nil)
	if _, body := get(t, tel, "/metrics"); strings.Contains(body, "earshot_id") {
		t.Error("look-ups are shown although nobody does any more")
	}
}

func TestModels(t *testing.T) {
	tel := New()
	lines(t, tel, `earshot_model_behind 0`, `earshot_model_rounds_total{result="adopted"} 0`)
	tel.SetModel("0123456789ab", false)
	tel.SetModel("ba9876543210", true)
	tel.CountRound(RoundRefused)
	lines(t, tel, `earshot_model_info{version="ba9876543210"} 1`, `earshot_model_behind 1`, `earshot_model_rounds_total{result="refused"} 1`)
	if _, body := get(t, tel, "/metrics"); strings.Contains(body, "0123456789ab") {
		t.Error("a version that does not score any more is shown")
	}
}

// A producer's clock that runs ahead does not make the table fresher than now.
func TestNewestEventIsNotInTheFuture(t *testing.T) {
	now := time.Unix(1_780_000_000, 0)
	tel := newAt(func() time.Time { return now })
	if _, body := get(t, tel, "/metrics"); strings.Contains(body, "timestamp_seconds") && strings.Contains(body, "\nearshot_last_write") {
		t.Error("a time is shown before there is one")
	}
	tel.Written(pipeline.BatchStats{TopicPartition: tp, Newest: now.Add(time.Hour)})
	tel.Written(pipeline.BatchStats{TopicPartition: tp, Newest: now.Add(-time.Hour)})
	lines(t, tel, `earshot_newest_event_timestamp_seconds 1.78e+09`, `earshot_last_write_timestamp_seconds 1.78e+09`)
}

// What Families lists is what the registry has, with the same help.
func TestFamiliesAreTheRegistry(t *testing.T) {
	tel := New()
	descs := make(chan *prometheus.Desc)
	go func() {
		defer close(descs)
		tel.registry.Describe(descs)
	}()
	own := map[string]bool{}
	described := regexp.MustCompile(`fqName: ("earshot_[^"]*"), help: ("[^"]*"),.* variableLabels: \{(.*)\}\}$`)
	for d := range descs {
		if m := described.FindStringSubmatch(d.String()); m != nil {
			own[strings.Join(m[1:], " ")] = true
		}
	}
	for _, f := range tel.Families() {
		want := fmt.Sprintf("%q %q %s", f.Name, f.Help, strings.Join(f.Labels, ","))
		if !own[want] {
			t.Errorf("the registry has no %s", want)
		}
		delete(own, want)
		if total := strings.HasSuffix(f.Name, "_total"); total != (f.Kind == "counter") {
			t.Errorf("%s is a %s", f.Name, f.Kind)
		}
	}
	for text := range own {
		t.Errorf("not listed: %s", text)
	}
}

func lines(t *testing.T, tel *Telemetry, want ...string) {
	t.Helper()
	code, body := get(t, tel, "/metrics")
	if code != http.StatusOK {
		t.Fatal(code)
	}
	for _, line := range want {
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
		{"insert failed", func() { tel.Trouble(tp, pipeline.StageWrite, pipeline.Retryable, errors.New("connection refused")) }, 503, "feedback.events/3"},
		{"and says why", func() {}, 503, "write: connection refused"},
		{"progress again", func() { tel.Progress(tp, pipeline.Progress{}) }, 200, `"ready":true`},
		{"a failed commit only spoils the lag display", func() { tel.Trouble(tp, pipeline.StageCommit, pipeline.Retryable, errors.New("no")) }, 200, `"ready":true`},
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
