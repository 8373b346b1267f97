package telemetry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// maxAnswer bounds what is read from a stranger's port.
const maxAnswer = 2 << 20

// ErrStranger means that something answers at the address that is no Earshot.
var ErrStranger = errors.New("what answers there has no metrics of Earshot")

// Snapshot is what a process told about itself at one moment.
type Snapshot struct {
	Version     string
	Partitions  []PartitionState   // by number
	Retries     map[string]float64 // since its start, by stage
	DeadLetters float64            // since its start
	LastWrite   time.Time          // zero: none yet
	NewestEvent time.Time          // by Kafka's clock; zero: none yet
	Waiting     []Waiting          // why it is not ready
}

// PartitionState is how far one partition is.
type PartitionState struct {
	Number    int
	LagEvents int64
	Behind    time.Duration
	Paused    bool
}

// Waiting is a part of a process that is not ready.
type Waiting struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// Read asks the process at an address, host:port, for its metrics and readiness.
func Read(ctx context.Context, address string) (Snapshot, error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	metrics, err := fetch(ctx, client, "http://"+address+"/metrics")
	if err != nil {
		return Snapshot{}, err
	}
	defer metrics.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(metrics)
	if err != nil || families["earshot_ready"] == nil {
		return Snapshot{}, ErrStranger
	}
	s := snapshot(families)
	ready, err := fetch(ctx, client, "http://"+address+"/readyz")
	if err != nil {
		return Snapshot{}, err
	}
	defer ready.Close()
	var answer struct{ Waiting []Waiting }
	if err := json.NewDecoder(ready).Decode(&answer); err != nil {
		return Snapshot{}, ErrStranger
	}
	s.Waiting = answer.Waiting
	return s, nil
}

func fetch(ctx context.Context, client *http.Client, url string) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, maxAnswer), response.Body}, nil
}

func snapshot(families map[string]*dto.MetricFamily) Snapshot {
	s := Snapshot{Retries: map[string]float64{}}
	each(families, "earshot_build_info", func(m *dto.Metric) { s.Version = label(m, "version") })
	each(families, "earshot_retries_total", func(m *dto.Metric) { s.Retries[label(m, "stage")] += m.GetCounter().GetValue() })
	each(families, "earshot_dead_letters_total", func(m *dto.Metric) { s.DeadLetters += m.GetCounter().GetValue() })
	each(families, "earshot_last_write_timestamp_seconds", func(m *dto.Metric) { s.LastWrite = unix(m) })
	each(families, "earshot_newest_event_timestamp_seconds", func(m *dto.Metric) { s.NewestEvent = unix(m) })
	states := map[int]*PartitionState{}
	state := func(m *dto.Metric) *PartitionState {
		number, err := strconv.Atoi(label(m, "partition"))
		if err != nil {
			return &PartitionState{} // not ours
		}
		if states[number] == nil {
			states[number] = &PartitionState{Number: number}
		}
		return states[number]
	}
	each(families, "earshot_lag_events", func(m *dto.Metric) { state(m).LagEvents = int64(m.GetGauge().GetValue()) })
	each(families, "earshot_lag_seconds", func(m *dto.Metric) {
		state(m).Behind = time.Duration(m.GetGauge().GetValue() * float64(time.Second))
	})
	each(families, "earshot_partition_paused", func(m *dto.Metric) { state(m).Paused = m.GetGauge().GetValue() > 0 })
	for _, p := range states {
		s.Partitions = append(s.Partitions, *p)
	}
	slices.SortFunc(s.Partitions, func(a, b PartitionState) int { return a.Number - b.Number })
	return s
}

func each(families map[string]*dto.MetricFamily, name string, f func(*dto.Metric)) {
	for _, m := range families[name].GetMetric() {
		f(m)
	}
}

func label(m *dto.Metric, name string) string {
	for _, l := range m.GetLabel() {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}

func unix(m *dto.Metric) time.Time { return time.UnixMilli(int64(m.GetGauge().GetValue() * 1000)) }
