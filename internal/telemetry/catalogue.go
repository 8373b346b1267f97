package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Family is one metric of Earshot's own. Names, kinds and labels are stable:
// dashboards and alerts select on them.
type Family struct {
	Name   string
	Kind   string // counter, gauge or histogram
	Labels []string
	Help   string
}

// catalogue makes metrics and remembers what they are.
type catalogue struct{ families []Family }

func (c *catalogue) add(kind, name, help string, labels []string) {
	c.families = append(c.families, Family{Name: name, Kind: kind, Labels: labels, Help: help})
}

func (c *catalogue) counter(name, help string, labels ...string) *prometheus.CounterVec {
	c.add("counter", name, help, labels)
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func (c *catalogue) gauge(name, help string, labels ...string) *prometheus.GaugeVec {
	c.add("gauge", name, help, labels)
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
}

func (c *catalogue) histogram(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	c.add("histogram", name, help, labels)
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
}

// desc describes a metric whose value is made when it is asked for.
func (c *catalogue) desc(kind, name, help string, labels ...string) *prometheus.Desc {
	c.add(kind, name, help, labels)
	return prometheus.NewDesc(name, help, labels, nil)
}
