package telemetry

import (
	"fmt"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"earshot/pipeline"
)

// The metric names are stable: dashboards and alerts select on them.
type metrics struct {
	records     *prometheus.CounterVec // by outcome
	deadLetters *prometheus.CounterVec // by reason
	retries     *prometheus.CounterVec // by stage
	lagEvents   *prometheus.GaugeVec   // by partition
	lagSeconds  *prometheus.GaugeVec   // by partition
	queue       *prometheus.GaugeVec   // by partition
	batchRows   prometheus.Histogram
	batchTime   prometheus.Histogram
	stageTime   *prometheus.HistogramVec // by stage
}

func newMetrics() metrics {
	seconds := prometheus.ExponentialBuckets(0.001, 2, 16) // 1 ms .. 33 s
	counter := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
	}
	gauge := func(name, help string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, []string{"partition"})
	}
	m := metrics{
		records:     counter("earshot_records_total", "Kafka offsets written, by what became of them.", "outcome"),
		deadLetters: counter("earshot_dead_letters_total", "Messages refused, by reason.", "reason"),
		retries:     counter("earshot_retries_total", "Stages that failed and were tried again.", "stage"),
		lagEvents:   gauge("earshot_lag_events", "Offsets between the table and the end of the log."),
		lagSeconds:  gauge("earshot_lag_seconds", "Age of the newest message read, 0 when caught up."),
		queue:       gauge("earshot_queue_depth", "Chunks read ahead of the analysis."),
		batchRows: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "earshot_batch_rows",
			Help: "Rows of one insert.", Buckets: prometheus.ExponentialBuckets(1, 4, 10)}),
		batchTime: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "earshot_batch_seconds",
			Help: "Time of one batch over all stages.", Buckets: seconds}),
		stageTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "earshot_stage_seconds",
			Help: "Time of one stage of a batch.", Buckets: seconds}, []string{"stage"}),
	}
	for _, o := range []pipeline.Outcome{pipeline.OutcomeEvent, pipeline.OutcomeDuplicate, pipeline.OutcomeDead, pipeline.OutcomeSkipped} {
		m.records.WithLabelValues(string(o)) // shown as 0 from the start
	}
	return m
}

func (m metrics) all() []prometheus.Collector {
	return []prometheus.Collector{m.records, m.deadLetters, m.retries, m.lagEvents, m.lagSeconds, m.queue,
		m.batchRows, m.batchTime, m.stageTime}
}

var _ pipeline.Observer = (*Telemetry)(nil)

// Assigned marks the partitions as not ready until they make progress.
func (t *Telemetry) Assigned(tps []pipeline.TopicPartition) {
	for _, tp := range tps {
		t.SetReady(checkName(tp), false, "starting")
	}
}

// Written counts a durable batch.
func (t *Telemetry) Written(s pipeline.BatchStats) {
	for outcome, n := range s.Outcomes {
		t.metrics.records.WithLabelValues(string(outcome)).Add(float64(n))
	}
	for reason, n := range s.Reasons {
		t.metrics.deadLetters.WithLabelValues(string(reason)).Add(float64(n))
	}
	t.metrics.batchRows.Observe(float64(s.Rows))
	total := 0.0
	for stage, d := range s.Stages {
		t.metrics.stageTime.WithLabelValues(string(stage)).Observe(d.Seconds())
		total += d.Seconds()
	}
	t.metrics.batchTime.Observe(total)
}

// Progress sets the partition's lag and marks it as ready.
func (t *Telemetry) Progress(tp pipeline.TopicPartition, p pipeline.Progress) {
	label := strconv.Itoa(int(tp.Partition))
	t.metrics.lagEvents.WithLabelValues(label).Set(float64(p.Lag))
	t.metrics.lagSeconds.WithLabelValues(label).Set(p.Behind.Seconds())
	t.metrics.queue.WithLabelValues(label).Set(float64(p.Queued))
	t.SetReady(checkName(tp), true, "")
}

// Trouble counts a failed stage; the partition is not ready until it makes
// progress again. A failed offset commit only spoils the lag display.
func (t *Telemetry) Trouble(tp pipeline.TopicPartition, stage pipeline.Stage, err error) {
	t.metrics.retries.WithLabelValues(string(stage)).Inc()
	if stage != pipeline.StageCommit {
		t.SetReady(checkName(tp), false, fmt.Sprintf("%s: %v", stage, err))
	}
}

func checkName(tp pipeline.TopicPartition) string {
	return fmt.Sprintf("%s/%d", tp.Topic, tp.Partition)
}
