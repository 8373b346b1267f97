package telemetry

import (
	"context"
	"log/slog"
	"sync"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// outages logs when a collector stops answering and when it answers again, once
// each for all signals together.
type outages struct {
	log *slog.Logger

	mu      sync.Mutex
	failing map[string]bool // by signal
}

// report takes the outcome of one export.
func (o *outages) report(signal string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	before := len(o.failing)
	if err == nil {
		delete(o.failing, signal)
	} else {
		o.failing[signal] = true
	}
	switch after := len(o.failing); {
	case before == 0 && after > 0:
		o.log.Warn("the OTLP collector does not take traces or metrics; going on without", "signal", signal, "error", err)
	case before > 0 && after == 0:
		o.log.Info("the OTLP collector answers again")
	}
}

// spanExporter keeps failures from the SDK, which would print each of them.
type spanExporter struct {
	sdktrace.SpanExporter
	outages *outages
}

func (e spanExporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	e.outages.report("traces", e.SpanExporter.ExportSpans(ctx, spans))
	return nil
}

// metricExporter does the same for metrics.
type metricExporter struct {
	sdkmetric.Exporter
	outages *outages
}

func (e metricExporter) Export(ctx context.Context, m *metricdata.ResourceMetrics) error {
	e.outages.report("metrics", e.Exporter.Export(ctx, m))
	return nil
}
