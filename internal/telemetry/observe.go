package telemetry

import (
	"fmt"
	"runtime"
	"strconv"
	"time"

	"earshot/pipeline"
)

var _ pipeline.Observer = (*Telemetry)(nil)

// Assigned marks the partitions as not ready until they make progress.
func (t *Telemetry) Assigned(tps []pipeline.TopicPartition) {
	t.partitions.assigned(tps)
	for _, tp := range tps {
		t.SetReady(checkName(tp), false, "starting")
	}
}

// Released forgets partitions that went to another worker.
func (t *Telemetry) Released(tps []pipeline.TopicPartition) {
	t.partitions.released(tps)
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, tp := range tps {
		delete(t.checks, checkName(tp))
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
	t.metrics.batchRows.WithLabelValues().Observe(float64(s.Rows))
	total := 0.0
	for stage, d := range s.Stages {
		t.metrics.stageTime.WithLabelValues(string(stage)).Observe(d.Seconds())
		if stage != pipeline.StageFetch && stage != pipeline.StageAnalyse {
			total += d.Seconds()
		}
	}
	t.metrics.batchTime.WithLabelValues().Observe(total)
	t.partitions.written(s.Newest)
}

// Progress sets the partition's lag and marks it as ready.
func (t *Telemetry) Progress(tp pipeline.TopicPartition, p pipeline.Progress) {
	t.partitions.goesOn(tp, p)
	t.SetReady(checkName(tp), true, "")
}

// Trouble counts a failed stage; the partition is paused and not ready until it
// makes progress again. A failed offset commit only spoils the lag display.
func (t *Telemetry) Trouble(tp pipeline.TopicPartition, stage pipeline.Stage, class pipeline.FailureClass, err error) {
	t.metrics.retries.WithLabelValues(string(stage), string(class)).Inc()
	if stage != pipeline.StageCommit {
		t.partitions.pause(tp)
		t.SetReady(checkName(tp), false, fmt.Sprintf("%s: %v", stage, err))
	}
}

// Request counts an answered request; route must be one of a fixed set.
func (t *Telemetry) Request(route string, status int, took time.Duration) {
	t.metrics.requests.WithLabelValues(route, strconv.Itoa(status/100)+"xx").Inc()
	t.metrics.requestTime.WithLabelValues(route).Observe(took.Seconds())
}

// SetBuild says which program this is.
func (t *Telemetry) SetBuild(version string) {
	t.metrics.build.Reset()
	t.metrics.build.WithLabelValues(version, runtime.Version()).Set(1)
}

func checkName(tp pipeline.TopicPartition) string {
	return fmt.Sprintf("%s/%d", tp.Topic, tp.Partition)
}
