package main

import (
	"strconv"

	"earshot/cmd/earshot/config"
	"earshot/pipeline/kafka"
)

// eventPartitions bounds how many workers can share the events; keys are spread
// over them, so it should not change later.
const eventPartitions = 4

// topicSpecs are the topics of the contract. The limit of the events topic lies
// above the contract's 1 MiB, so that an oversized event becomes a dead letter
// instead of vanishing at its producer; a dead letter adds headers to it.
func topicSpecs(cfg config.Config) []kafka.TopicSpec {
	upTo := func(bytes int) map[string]string {
		return map[string]string{"max.message.bytes": strconv.Itoa(bytes)}
	}
	return []kafka.TopicSpec{
		{Name: cfg.Kafka.EventsTopic, Partitions: eventPartitions, Config: upTo(10 << 20)},
		{Name: cfg.Kafka.DeadLettersTopic, Partitions: 1, Config: upTo(16 << 20)},
		{Name: "feedback.enriched", Partitions: eventPartitions},
		{Name: "feedback.cases", Partitions: 1},
		{Name: alertsTopic, Partitions: 1},
	}
}
