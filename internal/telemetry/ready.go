package telemetry

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

func (t *Telemetry) serveMetrics() http.Handler {
	return promhttp.HandlerFor(t.registry, promhttp.HandlerOpts{})
}

func (t *Telemetry) serveReady(w http.ResponseWriter, _ *http.Request) {
	waiting := t.waiting()
	w.Header().Set("Content-Type", "application/json")
	if len(waiting) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(struct { // the client may be gone
		Ready   bool      `json:"ready"`
		Waiting []Waiting `json:"waiting"`
	}{len(waiting) == 0, waiting})
}

// waiting lists the parts that are not ready, by name.
func (t *Telemetry) waiting() []Waiting {
	t.mu.Lock()
	defer t.mu.Unlock()
	waiting := []Waiting{}
	for name, c := range t.checks {
		if !c.ok {
			waiting = append(waiting, Waiting{Name: name, Reason: c.detail})
		}
	}
	slices.SortFunc(waiting, func(a, b Waiting) int { return strings.Compare(a.Name, b.Name) })
	return waiting
}

// readiness shows the answer of /readyz as a metric.
type readiness struct {
	t    *Telemetry
	desc *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (r *readiness) Describe(out chan<- *prometheus.Desc) { out <- r.desc }

// Collect implements prometheus.Collector.
func (r *readiness) Collect(out chan<- prometheus.Metric) {
	value := 1.0
	if len(r.t.waiting()) > 0 {
		value = 0
	}
	out <- prometheus.MustNewConstMetric(r.desc, prometheus.GaugeValue, value)
}
