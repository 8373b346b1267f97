// Package telemetry is what a running process tells about itself: Prometheus
// metrics, liveness and readiness, and, where a collector is named, traces and
// the same metrics by OTLP.
package telemetry

import (
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"earshot/pipeline"
)

// Telemetry holds the metrics and the readiness of one process. It implements
// pipeline.Observer. It is safe for concurrent use.
type Telemetry struct {
	registry   *prometheus.Registry
	metrics    metrics
	partitions *partitions
	ids        *idMetrics
	models     modelMetrics
	families   []Family
	tracer     pipeline.Tracer // nil: batches are not traced

	mu     sync.Mutex
	checks map[string]check
}

// check is one part that must be ready before the process is.
type check struct {
	ok     bool
	detail string
}

// New returns a Telemetry with a registry of its own.
func New() *Telemetry { return newAt(time.Now) }

func newAt(now func() time.Time) *Telemetry {
	c := &catalogue{}
	t := &Telemetry{registry: prometheus.NewRegistry(), metrics: newMetrics(c), partitions: newPartitions(c, now), ids: newIDMetrics(c), models: newModelMetrics(c), checks: map[string]check{}}
	ready := &readiness{t: t, desc: c.desc("gauge", "earshot_ready", "1 when /readyz says that the process can do its work.")}
	t.families = c.families
	t.registry.MustRegister(collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	t.registry.MustRegister(t.metrics.all()...)
	t.registry.MustRegister(t.models.all()...)
	t.registry.MustRegister(t.partitions, t.ids, ready)
	return t
}

// Families lists Earshot's own metrics.
func (t *Telemetry) Families() []Family { return t.families }

// SetReady records whether a part of the process is ready, and why not. The
// process is ready when all its parts are.
func (t *Telemetry) SetReady(name string, ok bool, detail string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.checks[name] = check{ok: ok, detail: detail}
}

// Handler serves /metrics, /healthz and /readyz.
func (t *Telemetry) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", t.serveMetrics())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{\"alive\":true}\n")) // the client may be gone
	})
	mux.HandleFunc("GET /readyz", t.serveReady)
	return mux
}
