package telemetry

import (
	"context"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"earshot/pipeline"
)

// batchTracer makes a span of each batch and one below it of each stage. It
// gets them when the batch is done, so that the way of a batch knows no tracing.
type batchTracer struct{ tracer trace.Tracer }

// Batch implements pipeline.Tracer. The attributes are those of OpenTelemetry's
// semantic conventions for messaging and Kafka.
func (b *batchTracer) Batch(t pipeline.BatchTrace) {
	if len(t.Stages) == 0 {
		return
	}
	ended := t.Stages[0].Ended
	for _, s := range t.Stages {
		if s.Ended.After(ended) {
			ended = s.Ended
		}
	}
	ctx, span := b.tracer.Start(context.Background(), "process "+t.Topic,
		trace.WithTimestamp(t.Stages[0].Began), trace.WithSpanKind(trace.SpanKindConsumer), trace.WithLinks(links(t.Parents)...),
		trace.WithAttributes(
			attribute.String("messaging.system", "kafka"),
			attribute.String("messaging.operation.type", "process"),
			attribute.String("messaging.destination.name", t.Topic),
			attribute.String("messaging.destination.partition.id", strconv.Itoa(int(t.Partition))),
			attribute.Int64("messaging.kafka.offset", t.First),
			attribute.Int64("earshot.last_offset", t.Last),
			attribute.Int("messaging.batch.message_count", t.Rows),
		))
	for i, s := range t.Stages {
		_, stage := b.tracer.Start(ctx, string(s.Stage), trace.WithTimestamp(s.Began),
			trace.WithAttributes(attribute.Float64("earshot.busy_seconds", s.Took.Seconds())))
		if i == len(t.Stages)-1 {
			fail(stage, t.Err)
		}
		stage.End(trace.WithTimestamp(s.Ended))
	}
	fail(span, t.Err)
	span.End(trace.WithTimestamp(ended))
}

func fail(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
}

// links are the traces that the messages came with; what is none is left out.
func links(parents []string) []trace.Link {
	var found []trace.Link
	for _, parent := range parents {
		ctx := propagation.TraceContext{}.Extract(context.Background(), propagation.MapCarrier{"traceparent": parent})
		if link := trace.LinkFromContext(ctx); link.SpanContext.IsValid() {
			found = append(found, link)
		}
	}
	return found
}
