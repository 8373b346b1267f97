package telemetry

import (
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"earshot/pipeline"
)

// partitions is the state of the partitions that this process carries. Its
// metrics are made when they are asked for, so that ages grow while nothing
// happens, and a partition that went to another worker leaves nothing behind.
type partitions struct {
	now func() time.Time

	lagEvents, lagSeconds, queue, paused *prometheus.Desc
	lastWrite, newestEvent               *prometheus.Desc

	mu     sync.Mutex
	states map[pipeline.TopicPartition]*partitionState
	wrote  time.Time // last durable batch; zero: none
	newest time.Time // Kafka's time of the youngest event stored; zero: none
}

type partitionState struct {
	progress    pipeline.Progress
	at          time.Time // of progress
	pausedSince time.Time // zero: it goes on
}

func newPartitions(c *catalogue, now func() time.Time) *partitions {
	return &partitions{
		now: now, states: map[pipeline.TopicPartition]*partitionState{},
		lagEvents:   c.desc("gauge", "earshot_lag_events", "Offsets between the table and the end of the log, as last seen.", "partition"),
		lagSeconds:  c.desc("gauge", "earshot_lag_seconds", "Age of the newest message read while there are others to store, 0 when caught up; while paused at least the time since.", "partition"),
		queue:       c.desc("gauge", "earshot_queue_depth", "Chunks read ahead of the analysis.", "partition"),
		paused:      c.desc("gauge", "earshot_partition_paused", "1 while the partition does not go on, because a stage fails or the store is overloaded.", "partition"),
		lastWrite:   c.desc("gauge", "earshot_last_write_timestamp_seconds", "When the last batch became durable, Unix time; absent before the first."),
		newestEvent: c.desc("gauge", "earshot_newest_event_timestamp_seconds", "When the newest event stored came to Kafka, Unix time; absent before the first."),
	}
}

// assigned begins the partitions anew.
func (p *partitions) assigned(tps []pipeline.TopicPartition) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, tp := range tps {
		p.states[tp] = &partitionState{at: p.now()}
	}
}

func (p *partitions) released(tps []pipeline.TopicPartition) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, tp := range tps {
		delete(p.states, tp)
	}
}

func (p *partitions) written(newest time.Time) {
	now := p.now()
	if newest.After(now) { // a producer's clock runs ahead
		newest = now
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wrote = now
	if newest.After(p.newest) {
		p.newest = newest
	}
}

// goesOn records progress, which also ends a pause.
func (p *partitions) goesOn(tp pipeline.TopicPartition, progress pipeline.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.states[tp] = &partitionState{progress: progress, at: p.now()}
}

func (p *partitions) pause(tp pipeline.TopicPartition) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.states[tp]
	if s == nil {
		s = &partitionState{at: p.now()}
		p.states[tp] = s
	}
	if s.pausedSince.IsZero() {
		s.pausedSince = p.now()
	}
}

// Describe implements prometheus.Collector.
func (p *partitions) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{p.lagEvents, p.lagSeconds, p.queue, p.paused, p.lastWrite, p.newestEvent} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (p *partitions) Collect(out chan<- prometheus.Metric) {
	now := p.now()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for tp, s := range p.states {
		label := strconv.Itoa(int(tp.Partition))
		gauge(p.lagEvents, float64(s.progress.Lag), label)
		gauge(p.lagSeconds, s.behind(now).Seconds(), label)
		gauge(p.queue, float64(s.progress.Queued), label)
		paused := 0.0
		if !s.pausedSince.IsZero() {
			paused = 1
		}
		gauge(p.paused, paused, label)
	}
	for desc, at := range map[*prometheus.Desc]time.Time{p.lastWrite: p.wrote, p.newestEvent: p.newest} {
		if !at.IsZero() {
			gauge(desc, float64(at.UnixMilli())/1000)
		}
	}
}

// behind is the lag in time. What was reported ages until the next report.
func (s *partitionState) behind(now time.Time) time.Duration {
	var behind time.Duration
	if s.progress.Lag > 0 {
		behind = s.progress.Behind + now.Sub(s.at)
	}
	if !s.pausedSince.IsZero() {
		behind = max(behind, now.Sub(s.pausedSince))
	}
	return max(0, behind)
}
