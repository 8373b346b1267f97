// Package telemetry is what a running process tells about itself: Prometheus
// metrics, liveness and readiness.
package telemetry

import (
	"net/http"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Telemetry holds the metrics and the readiness of one process. It implements
// pipeline.Observer. It is safe for concurrent use.
type Telemetry struct {
	registry *prometheus.Registry
	metrics  metrics

	mu     sync.Mutex
	checks map[string]check
}

// check is one part that must be ready before the process is.
type check struct {
	ok     bool
	detail string
}

// New returns a Telemetry with a registry of its own.
func New() *Telemetry {
	t := &Telemetry{registry: prometheus.NewRegistry(), metrics: newMetrics(), checks: map[string]check{}}
	t.registry.MustRegister(collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	t.registry.MustRegister(t.metrics.all()...)
	return t
}

// Register adds metrics of other parts of the process.
func (t *Telemetry) Register(more ...prometheus.Collector) error {
	for _, c := range more {
		if err := t.registry.Register(c); err != nil {
			return err
		}
	}
	return nil
}

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
