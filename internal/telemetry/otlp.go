package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	prombridge "go.opentelemetry.io/contrib/bridges/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"earshot/pipeline"
)

// flushTimeout bounds how long the end of a process waits for a collector.
const flushTimeout = 3 * time.Second

// Export says where traces and metrics go by OTLP over HTTP.
type Export struct {
	Endpoint string // such as http://collector:4318; "": as the standard OTEL_ variables say, and nowhere without them
	Version  string // of the program
	Log      *slog.Logger
}

// Export sends traces and metrics to a collector until stop, which waits a
// moment for what is left. A collector that does not answer costs nothing but a
// line in the log. It is called once, before the workers start.
func (t *Telemetry) Export(ctx context.Context, e Export) (stop func(), err error) {
	traces, metrics := e.wanted("TRACES"), e.wanted("METRICS")
	if !traces && !metrics {
		return func() {}, nil
	}
	if protocol := os.Getenv("OTEL_EXPORTER_OTLP_PROTOCOL"); protocol == "grpc" {
		e.Log.Warn("OTLP goes out as http/protobuf (port 4318), not as OTEL_EXPORTER_OTLP_PROTOCOL says", "protocol", protocol)
	}
	about, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "earshot"), attribute.String("service.version", e.Version)),
		resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	news := &outages{log: e.Log, failing: map[string]bool{}}
	var shutdowns []func(context.Context) error
	if traces {
		provider, err := e.traces(ctx, about, news)
		if err != nil {
			return nil, fmt.Errorf("traces: %w", err)
		}
		t.tracer = &batchTracer{provider.Tracer("earshot/pipeline")}
		shutdowns = append(shutdowns, provider.Shutdown)
	}
	if metrics {
		provider, err := e.metrics(ctx, about, news, t)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("metrics: %w", err), shutAll(ctx, shutdowns))
		}
		shutdowns = append(shutdowns, provider.Shutdown)
	}
	return func() {
		if err := shutAll(context.WithoutCancel(ctx), shutdowns); err != nil {
			e.Log.Debug("OTLP: not everything was sent", "error", err)
		}
	}, nil
}

// Tracer follows batches; nil if they are not exported.
func (t *Telemetry) Tracer() pipeline.Tracer { return t.tracer }

// wanted says whether a signal, TRACES or METRICS, is to be sent.
func (e Export) wanted(signal string) bool {
	if strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") || os.Getenv("OTEL_"+signal+"_EXPORTER") == "none" {
		return false
	}
	return e.Endpoint != "" || os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || os.Getenv("OTEL_EXPORTER_OTLP_"+signal+"_ENDPOINT") != ""
}

// path is the address of a signal below the endpoint (OTLP specification,
// "Endpoint URLs for OTLP/HTTP").
func (e Export) path(signal string) (string, error) {
	return url.JoinPath(e.Endpoint, "v1", signal)
}

func (e Export) traces(ctx context.Context, about *resource.Resource, news *outages) (*sdktrace.TracerProvider, error) {
	var opts []otlptracehttp.Option
	if e.Endpoint != "" {
		address, err := e.path("traces")
		if err != nil {
			return nil, err
		}
		opts = append(opts, otlptracehttp.WithEndpointURL(address))
	}
	exporter, err := otlptracehttp.New(ctx, opts...)
	if err != nil {
		return nil, err
	}
	return sdktrace.NewTracerProvider(sdktrace.WithResource(about), sdktrace.WithBatcher(spanExporter{exporter, news})), nil
}

func (e Export) metrics(ctx context.Context, about *resource.Resource, news *outages, t *Telemetry) (*sdkmetric.MeterProvider, error) {
	var opts []otlpmetrichttp.Option
	if e.Endpoint != "" {
		address, err := e.path("metrics")
		if err != nil {
			return nil, err
		}
		opts = append(opts, otlpmetrichttp.WithEndpointURL(address))
	}
	exporter, err := otlpmetrichttp.New(ctx, opts...)
	if err != nil {
		return nil, err
	}
	registry := prombridge.NewMetricProducer(prombridge.WithGatherer(t.registry))
	reader := sdkmetric.NewPeriodicReader(metricExporter{exporter, news}, sdkmetric.WithProducer(registry))
	return sdkmetric.NewMeterProvider(sdkmetric.WithResource(about), sdkmetric.WithReader(reader)), nil
}

// shutAll flushes side by side, so that the bound holds for all together.
func shutAll(ctx context.Context, shutdowns []func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, flushTimeout)
	defer cancel()
	failed := make([]error, len(shutdowns))
	var done sync.WaitGroup
	for i, shutdown := range shutdowns {
		done.Go(func() { failed[i] = shutdown(ctx) })
	}
	done.Wait()
	return errors.Join(failed...)
}
