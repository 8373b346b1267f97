package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/internal/telemetry"
	"earshot/pipeline"
)

func TestWorkerFindings(t *testing.T) {
	tp := pipeline.TopicPartition{Topic: "feedback.events", Partition: 2}
	for name, c := range map[string]struct {
		tell   func(*telemetry.Telemetry)
		status string
		says   []string
		todo   string
	}{
		"at work": {
			tell: func(tel *telemetry.Telemetry) {
				tel.Written(pipeline.BatchStats{TopicPartition: tp, Newest: time.Now().Add(-time.Hour)})
				tel.Trouble(tp, pipeline.StageFetch, pipeline.Retryable, errors.New("reset"))
				tel.Progress(tp, pipeline.Progress{Lag: 42})
			},
			status: statusOK, says: []string{"v9 on ", "carries 1 partitions, 42 events and 0s behind", "last write 0s ago", "newest event 1h0m0s ago", "fetch 1 times"},
		},
		"ClickHouse is down": {
			tell: func(tel *telemetry.Telemetry) {
				tel.Trouble(tp, pipeline.StageRecover, pipeline.Retryable, errors.New("connection refused"))
			},
			status: statusWarn, says: []string{"1 paused", "waits: feedback.events/2: recover: connection refused"}, todo: "mend ClickHouse",
		},
		"Kafka is down": {
			tell: func(tel *telemetry.Telemetry) {
				tel.Trouble(tp, pipeline.StageFetch, pipeline.Retryable, errors.New("no leader"))
			},
			status: statusWarn, todo: "mend Kafka",
		},
		"far behind": {
			tell:   func(tel *telemetry.Telemetry) { tel.Progress(tp, pipeline.Progress{Lag: 9, Behind: time.Hour}) },
			status: statusWarn, says: []string{"9 events and 1h0m0s behind"}, todo: "EarshotLag",
		},
		"a page without a worker": {
			tell: func(*telemetry.Telemetry) {}, status: statusSkip, says: []string{"none answers"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tel := telemetry.New()
			tel.SetBuild("v9")
			c.tell(tel)
			f := askWorker(t, tel.Handler())
			if f.Status != c.status || !strings.Contains(f.Todo, c.todo) || c.todo == "" && f.Todo != "" {
				t.Errorf("%s -> %q: %s", f.Status, f.Todo, f.Detail)
			}
			for _, part := range c.says {
				// A second may pass between telling and asking.
				if !strings.Contains(f.Detail, part) && !strings.Contains(f.Detail, strings.Replace(part, "0s ago", "1s ago", 1)) {
					t.Errorf("%q lacks %q", f.Detail, part)
				}
			}
		})
	}
	f := askWorker(t, http.NotFoundHandler())
	if f.Status != statusWarn || !strings.Contains(f.Todo, "worker.listen") {
		t.Errorf("a stranger: %s -> %q: %s", f.Status, f.Todo, f.Detail)
	}
}

func askWorker(t *testing.T, handler http.Handler) diagnosis {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	cfg := config.Default()
	cfg.Data, cfg.Worker.Listen = t.TempDir(), server.Listener.Addr().String()
	findings := workerFindings(t.Context(), cfg, time.Now())
	if len(findings) != 1 || findings[0].Check != "worker" {
		t.Fatalf("findings %+v", findings)
	}
	return findings[0]
}

func TestWorkerAddresses(t *testing.T) {
	for listen, want := range map[string][]string{
		"127.0.0.1:9464": {"127.0.0.1:9464"}, "0.0.0.0:9464": {"127.0.0.1:9464"}, ":9464": {"127.0.0.1:9464"},
		"[::]:9464": {"127.0.0.1:9464"}, "10.0.0.7:9464": {"10.0.0.7:9464"}, "127.0.0.1:0": nil,
	} {
		cfg := config.Default()
		cfg.Data, cfg.Worker.Listen = t.TempDir(), listen
		if got := workerAddresses(cfg); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", listen, got, want)
		}
	}
}
