package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"

	"earshot/pipeline"
)

// metrics are those that are counted as things happen; see partitions for
// those that are made when asked for.
type metrics struct {
	records     *prometheus.CounterVec   // by outcome
	deadLetters *prometheus.CounterVec   // by reason
	retries     *prometheus.CounterVec   // by stage and class of the error
	batchRows   *prometheus.HistogramVec // without labels, as is batchTime
	batchTime   *prometheus.HistogramVec
	stageTime   *prometheus.HistogramVec // by stage
	requests    *prometheus.CounterVec   // by route and class of the status
	requestTime *prometheus.HistogramVec // by route
	build       *prometheus.GaugeVec
}

func newMetrics(c *catalogue) metrics {
	seconds := prometheus.ExponentialBuckets(0.001, 2, 16) // 1 ms .. 33 s
	m := metrics{
		records:     c.counter("earshot_records_total", "Kafka offsets written, by what became of them: event, duplicate, dead or skipped.", "outcome"),
		deadLetters: c.counter("earshot_dead_letters_total", "Messages refused, by reason.", "reason"),
		retries:     c.counter("earshot_retries_total", "Stages that failed and were tried again, by the class of the error: retryable, batch, record or fatal.", "stage", "class"),
		batchRows:   c.histogram("earshot_batch_rows", "Rows of one insert.", prometheus.ExponentialBuckets(1, 4, 10)),
		batchTime:   c.histogram("earshot_batch_seconds", "Time to store one batch: claim, check, reject and write.", seconds),
		stageTime:   c.histogram("earshot_stage_seconds", "Time of one batch in one stage; fetch includes waiting for news.", seconds, "stage"),
		requests:    c.counter("earshot_http_requests_total", "Requests to page and API, by route and class of the answer (2xx .. 5xx).", "route", "code"),
		requestTime: c.histogram("earshot_http_request_seconds", "Time of a request to page and API.", seconds, "route"),
		build:       c.gauge("earshot_build_info", "Always 1; which program this is.", "version", "go"),
	}
	// Shown as 0 from the start: an increase from nothing is invisible to PromQL.
	for _, o := range []pipeline.Outcome{pipeline.OutcomeEvent, pipeline.OutcomeDuplicate, pipeline.OutcomeDead, pipeline.OutcomeSkipped} {
		m.records.WithLabelValues(string(o))
	}
	for _, r := range pipeline.Reasons {
		m.deadLetters.WithLabelValues(string(r))
	}
	m.batchRows.WithLabelValues()
	m.batchTime.WithLabelValues()
	return m
}

func (m metrics) all() []prometheus.Collector {
	return []prometheus.Collector{m.records, m.deadLetters, m.retries, m.batchRows, m.batchTime, m.stageTime,
		m.requests, m.requestTime, m.build}
}
