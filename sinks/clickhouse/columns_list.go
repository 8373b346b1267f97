package clickhouse

import (
	"slices"
	"time"

	"earshot/pipeline"
)

// columns returns the list, in the table's order.
func columns() []column {
	return slices.Concat(identityColumns(), eventColumns(), analysisColumns(), originColumns(), addedColumns())
}

// identityColumns say which record it is, and when.
func identityColumns() []column {
	return []column{
		of("outcome", func(r *row) string { return string(r.record.Outcome) }),
		of("span", func(r *row) uint64 { return uint64(r.record.Span) }),
		of("event_id", func(r *row) string { return r.id }),
		of("id_hash", func(r *row) uint64 { return idHash(r.id) }),
		of("occurred_at", func(r *row) time.Time { return storable(r.occurredAt) }),
		of("ingested_at", func(r *row) time.Time { return storable(r.ingestedAt) }),
		of("kafka_time", func(r *row) time.Time { return storable(r.record.Time) }),
		of("hour_of_week", func(r *row) uint8 { return r.hourOfWeek }),
	}
}

// eventColumns are what was sent.
func eventColumns() []column {
	return []column{
		of("source", func(r *row) string { return r.event.Source }),
		of("platform", func(r *row) string { return r.event.Platform }),
		of("location", func(r *row) string { return r.event.Location }),
		of("product", func(r *row) string { return r.event.Product }),
		of("team", func(r *row) string { return r.event.Team }),
		of("agent", func(r *row) string { return r.event.Agent }),
		of("customer_id", func(r *row) string { return r.customer.ID }),
		of("customer_name", func(r *row) string { return r.customer.Name }),
		of("customer_email", func(r *row) string { return r.customer.Email }),
		of("customer_phone", func(r *row) string { return r.customer.Phone }),
		of("customer_segment", func(r *row) string { return r.customer.Segment }),
		of("customer_value", func(r *row) *float64 { return r.customer.Value }),
		of("title", func(r *row) string { return r.event.Title }),
		of("text", func(r *row) string { return r.event.Text }),
		of("language", language),
		of("rating", func(r *row) *float32 { return narrow[float32](r.event.Rating) }),
		of("csat", func(r *row) *uint8 { return narrow[uint8](r.survey.CSAT) }),
		of("nps", func(r *row) *uint8 { return narrow[uint8](r.survey.NPS) }),
		of("ces", func(r *row) *uint8 { return narrow[uint8](r.survey.CES) }),
		of("survey_question", func(r *row) string { return r.survey.Question }),
		of("thread_id", func(r *row) string { return r.contact.ThreadID }),
		of("direction", func(r *row) string { return r.contact.Direction }),
		of("opened_at", func(r *row) *time.Time { return storableOrNull(r.contact.OpenedAt) }),
		of("first_response_at", func(r *row) *time.Time { return storableOrNull(r.contact.FirstResponseAt) }),
		of("resolved_at", func(r *row) *time.Time { return storableOrNull(r.contact.ResolvedAt) }),
		of("resolved", func(r *row) *bool { return r.contact.Resolved }),
		of("turns", turns),
	}
}

// analysisColumns are what was found in it, and what else was sent.
func analysisColumns() []column {
	return []column{
		of("sentiment", func(r *row) string { return string(r.record.Analysis.Sentiment.Label) }),
		of("score", func(r *row) float32 { return float32(r.record.Analysis.Sentiment.Score) }),
		of("confidence", func(r *row) float32 { return float32(r.record.Analysis.Sentiment.Confidence) }),
		of("compound", func(r *row) float32 { return float32(r.record.Analysis.Vader.Compound) }),
		of("vader_pos", func(r *row) float32 { return float32(r.record.Analysis.Vader.Pos) }),
		of("vader_neu", func(r *row) float32 { return float32(r.record.Analysis.Vader.Neu) }),
		of("vader_neg", func(r *row) float32 { return float32(r.record.Analysis.Vader.Neg) }),
		of("topics", mentions(func(m pipeline.Mention) string { return m.Topic })),
		of("topic_sentiments", mentions(func(m pipeline.Mention) string { return string(m.Sentiment) })),
		of("topic_scores", mentions(func(m pipeline.Mention) float32 { return float32(m.Score) })),
		of("topic_starts", mentions(func(m pipeline.Mention) uint32 { return uint32(m.Start) })),
		of("topic_ends", mentions(func(m pipeline.Mention) uint32 { return uint32(m.End) })),
		of("contexts", func(r *row) []string { return r.record.Analysis.Contexts }),
		of("tags", func(r *row) []string { return r.record.Analysis.Tags }),
		of("intents", func(r *row) []string { return r.record.Analysis.Intents }),
		of("attributes", func(r *row) map[string]string { return r.event.Attributes }),
		of("truncated", func(r *row) bool { return r.record.Analysis.Truncated }),
		of("model", func(r *row) string { return r.record.Analysis.Model }),
	}
}

// originColumns say where it came from, and why it is no event.
func originColumns() []column {
	return []column{
		of("reason", func(r *row) string { return string(r.reject.Reason) }),
		of("detail", func(r *row) string { return r.reject.Detail }),
		of("payload", payload),
		of("headers", headers),
		of("duplicate_partition", func(r *row) int32 { return r.record.First.Partition }),
		of("duplicate_offset", func(r *row) int64 { return r.record.First.Offset }),
		of("kafka_topic", func(r *row) string { return r.record.Topic }),
		of("kafka_partition", func(r *row) int32 { return r.record.Partition }),
		of("kafka_offset", func(r *row) int64 { return r.record.Offset }),
	}
}

// addedColumns came with later schema files.
func addedColumns() []column {
	return []column{
		of("message_key", messageKey),
		of("replay_of", func(r *row) string { return pipeline.ReplayOf(r.record.Headers) }),
		of("duplicate_topic", func(r *row) string { return r.record.First.Topic }),
		of("joint_sentiment", func(r *row) string { return string(r.record.Analysis.Judgement().Label) }),
		of("joint_score", func(r *row) float32 { return float32(r.record.Analysis.Judgement().Score) }),
		of("contradiction", func(r *row) bool { return r.record.Analysis.Joint.Contradiction }),
	}
}
