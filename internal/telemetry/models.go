package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Round is how a round of adapting the model ended.
type Round string

// The ends of a round.
const (
	RoundAdopted Round = "adopted"
	RoundRefused Round = "refused"
	RoundFailed  Round = "failed"
)

// modelMetrics tell which sentiment model scores.
type modelMetrics struct {
	inUse  *prometheus.GaugeVec   // by version
	behind *prometheus.GaugeVec   // without labels
	rounds *prometheus.CounterVec // by result
}

func newModelMetrics(c *catalogue) modelMetrics {
	m := modelMetrics{
		inUse:  c.gauge("earshot_model_info", "Always 1; the version of the sentiment model that scores.", "version"),
		behind: c.gauge("earshot_model_behind", "1 while the version in place by the table models cannot be used and another one scores."),
		rounds: c.counter("earshot_model_rounds_total", "Rounds of adapting the model that this process made: adopted, refused or failed.", "result"),
	}
	m.behind.WithLabelValues()
	for _, r := range []Round{RoundAdopted, RoundRefused, RoundFailed} {
		m.rounds.WithLabelValues(string(r))
	}
	return m
}

func (m modelMetrics) all() []prometheus.Collector {
	return []prometheus.Collector{m.inUse, m.behind, m.rounds}
}

// SetModel tells which version scores, and whether it is another one than the table
// models asks for.
func (t *Telemetry) SetModel(version string, behind bool) {
	t.models.inUse.Reset()
	t.models.inUse.WithLabelValues(version).Set(1)
	value := 0.0
	if behind {
		value = 1
	}
	t.models.behind.WithLabelValues().Set(value)
}

// CountRound counts a round of adapting.
func (t *Telemetry) CountRound(r Round) { t.models.rounds.WithLabelValues(string(r)).Inc() }
