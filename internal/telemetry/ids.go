package telemetry

import (
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// IDs is what a worker tells of its look-ups of event ids.
type IDs struct {
	Checked, Asked uint64 // ids looked up; of these, those that the table was asked about
	Loaded         bool   // whether the filter answers
	Held, Bytes    int    // ids in the filter, and what it takes
}

// WatchIDs shows what read returns whenever the metrics are asked for; nil ends
// it. read must not block.
func (t *Telemetry) WatchIDs(read func() IDs) {
	t.ids.mu.Lock()
	defer t.ids.mu.Unlock()
	t.ids.read = read
}

// idMetrics has the look-ups of the worker that runs, if one does.
type idMetrics struct {
	checked, asked, loaded, held, bytes *prometheus.Desc

	mu   sync.Mutex
	read func() IDs
}

func newIDMetrics(c *catalogue) *idMetrics {
	return &idMetrics{
		checked: c.desc("counter", "earshot_ids_checked_total", "Event ids looked up before an insert."),
		asked:   c.desc("counter", "earshot_ids_asked_total", "Those of them that the filter could not rule out, so that the table was asked."),
		loaded:  c.desc("gauge", "earshot_id_filter_loaded", "1 while the filter answers, 0 while it loads or is switched off and the table answers."),
		held:    c.desc("gauge", "earshot_id_filter_ids", "Event ids in the filter."),
		bytes:   c.desc("gauge", "earshot_id_filter_bytes", "Memory that the filter takes."),
	}
}

// Describe implements prometheus.Collector.
func (m *idMetrics) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.checked, m.asked, m.loaded, m.held, m.bytes} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (m *idMetrics) Collect(out chan<- prometheus.Metric) {
	m.mu.Lock()
	read := m.read
	m.mu.Unlock()
	if read == nil {
		return
	}
	ids := read()
	loaded := 0.0
	if ids.Loaded {
		loaded = 1
	}
	out <- prometheus.MustNewConstMetric(m.checked, prometheus.CounterValue, float64(ids.Checked))
	out <- prometheus.MustNewConstMetric(m.asked, prometheus.CounterValue, float64(ids.Asked))
	out <- prometheus.MustNewConstMetric(m.loaded, prometheus.GaugeValue, loaded)
	out <- prometheus.MustNewConstMetric(m.held, prometheus.GaugeValue, float64(ids.Held))
	out <- prometheus.MustNewConstMetric(m.bytes, prometheus.GaugeValue, float64(ids.Bytes))
}
