package telemetry

import (
	"compress/gzip"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	collectormetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	collectortrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"earshot/pipeline"
)

// collector is an OTLP receiver over HTTP.
type collector struct {
	*httptest.Server
	mu       sync.Mutex
	status   int // of its answers
	spans    []*tracepb.Span
	metrics  map[string]bool
	services map[string]bool
}

func newCollector(t *testing.T) *collector {
	c := &collector{status: http.StatusOK, metrics: map[string]bool{}, services: map[string]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", func(w http.ResponseWriter, r *http.Request) {
		var got collectortrace.ExportTraceServiceRequest
		c.receive(t, w, r, &got, func() {
			for _, resource := range got.ResourceSpans {
				for _, a := range resource.Resource.Attributes {
					c.services[a.Key+"="+a.Value.GetStringValue()] = true
				}
				for _, scope := range resource.ScopeSpans {
					c.spans = append(c.spans, scope.Spans...)
				}
			}
		})
	})
	mux.HandleFunc("POST /v1/metrics", func(w http.ResponseWriter, r *http.Request) {
		var got collectormetrics.ExportMetricsServiceRequest
		c.receive(t, w, r, &got, func() {
			for _, resource := range got.ResourceMetrics {
				for _, scope := range resource.ScopeMetrics {
					for _, m := range scope.Metrics {
						c.metrics[m.Name] = true
					}
				}
			}
		})
	})
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.Close)
	return c
}

func (c *collector) receive(t *testing.T, w http.ResponseWriter, r *http.Request, into proto.Message, keep func()) {
	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		zipped, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		body = zipped
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return // the sender gave up
	}
	if err := proto.Unmarshal(data, into); err != nil {
		t.Error(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.status == http.StatusOK {
		keep()
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	w.WriteHeader(c.status)
}

// unsetOTel keeps the machine's own settings out of a test.
func unsetOTel(t *testing.T) {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
		"OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER", "OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_EXPORTER_OTLP_PROTOCOL"} {
		t.Setenv(name, "")
	}
}

const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

func batchTrace(err error) pipeline.BatchTrace {
	began := time.Date(2026, 7, 3, 12, 0, 0, 0, time.UTC)
	var stages []pipeline.StageTime
	for i, stage := range []pipeline.Stage{pipeline.StageFetch, pipeline.StageAnalyse, pipeline.StageClaim, pipeline.StageCheck, pipeline.StageReject, pipeline.StageWrite} {
		from := began.Add(time.Duration(i) * time.Second)
		stages = append(stages, pipeline.StageTime{Stage: stage, Began: from, Ended: from.Add(time.Second), Took: time.Second})
	}
	return pipeline.BatchTrace{TopicPartition: tp, First: 100, Last: 149, Rows: 50, Stages: stages, Parents: []string{parent, "nonsense"}, Err: err}
}

func TestExport(t *testing.T) {
	for name, set := range map[string]func(t *testing.T, address string) Export{
		"by configuration": func(_ *testing.T, address string) Export { return Export{Endpoint: address} },
		"by variable": func(t *testing.T, address string) Export {
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
			return Export{}
		},
	} {
		t.Run(name, func(t *testing.T) {
			unsetOTel(t)
			t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test")
			c, tel := newCollector(t), New()
			export := set(t, c.URL)
			export.Version, export.Log = "v1.2.3", slog.New(slog.DiscardHandler)
			stop, err := tel.Export(t.Context(), export)
			if err != nil {
				t.Fatal(err)
			}
			tel.Tracer().Batch(batchTrace(nil))
			tel.Tracer().Batch(batchTrace(errors.New("insert: connection reset")))
			stop()
			checkSpans(t, c.spans)
			for _, want := range []string{"earshot_records_total", "earshot_batch_rows", "earshot_ready", "go_goroutines"} {
				if !c.metrics[want] {
					t.Errorf("metric %s did not come", want)
				}
			}
			for _, want := range []string{"service.name=earshot", "service.version=v1.2.3", "deployment.environment=test"} {
				if !c.services[want] {
					t.Errorf("resource has no %s: %v", want, c.services)
				}
			}
		})
	}
}

// checkSpans expects two batches of six stages, the second one failed.
func checkSpans(t *testing.T, spans []*tracepb.Span) {
	t.Helper()
	batches := slices.DeleteFunc(slices.Clone(spans), func(s *tracepb.Span) bool { return len(s.ParentSpanId) > 0 })
	if len(spans) != 14 || len(batches) != 2 {
		t.Fatalf("%d spans, %d without a parent", len(spans), len(batches))
	}
	for i, b := range batches {
		if b.Name != "process feedback.events" || b.EndTimeUnixNano-b.StartTimeUnixNano != uint64(6*time.Second) {
			t.Errorf("batch %q took %d ns", b.Name, b.EndTimeUnixNano-b.StartTimeUnixNano)
		}
		if len(b.Links) != 1 || hex.EncodeToString(b.Links[0].TraceId) != parent[3:35] {
			t.Errorf("links %v", b.Links)
		}
		failed := b.Status.GetCode() == tracepb.Status_STATUS_CODE_ERROR
		if failed != (i == 1) || failed && !strings.Contains(b.Status.Message, "connection reset") {
			t.Errorf("batch %d: status %v", i, b.Status)
		}
		var stages []string
		for _, s := range spans {
			if string(s.ParentSpanId) == string(b.SpanId) {
				stages = append(stages, s.Name)
				if bad := s.Status.GetCode() == tracepb.Status_STATUS_CODE_ERROR; bad != (failed && s.Name == "write") {
					t.Errorf("batch %d, stage %s: status %v", i, s.Name, s.Status)
				}
			}
		}
		if got := strings.Join(stages, " "); got != "fetch analyse claim check reject write" {
			t.Errorf("stages %s", got)
		}
	}
}

// Nothing leaves, and nothing follows batches, unless somebody asks for it.
func TestExportIsOffByDefault(t *testing.T) {
	cases := map[string]map[string]string{
		"unset":    {},
		"disabled": {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"},
		"none":     {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none"},
	}
	for name, variables := range cases {
		t.Run(name, func(t *testing.T) {
			unsetOTel(t)
			for k, v := range variables {
				t.Setenv(k, v)
			}
			tel := New()
			stop, err := tel.Export(t.Context(), Export{Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			stop()
			if tel.Tracer() != nil {
				t.Error("batches are followed")
			}
		})
	}
}

// A collector that does not answer costs one line in the log and a bounded end.
func TestUnreachableCollector(t *testing.T) {
	unsetOTel(t)
	var log strings.Builder
	tel := New()
	stop, err := tel.Export(t.Context(), Export{Endpoint: "http://127.0.0.1:1", Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for range 500 { // with their stages more spans than the queue holds
		tel.Tracer().Batch(batchTrace(nil))
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("batches waited for the collector: %v", took)
	}
	began = time.Now()
	stop()
	if took := time.Since(began); took > flushTimeout+time.Minute {
		t.Errorf("the end took %v", took)
	}
	if n := strings.Count(log.String(), "level=WARN"); n != 1 || !strings.Contains(log.String(), "going on without") {
		t.Errorf("%d warnings:\n%s", n, log.String())
	}
}

func TestOutagesAreLoggedOnce(t *testing.T) {
	var log strings.Builder
	o := &outages{log: slog.New(slog.NewTextHandler(&log, nil)), failing: map[string]bool{}}
	refused := errors.New("refused")
	for _, step := range []struct {
		signal string
		err    error
	}{{"traces", nil}, {"traces", refused}, {"metrics", refused}, {"traces", refused}, {"traces", nil}, {"metrics", refused}, {"metrics", nil}, {"traces", nil}} {
		o.report(step.signal, step.err)
	}
	if got := log.String(); strings.Count(got, "\n") != 2 || strings.Count(got, "answers again") != 1 {
		t.Errorf("log:\n%s", got)
	}
}
