// Package kafka connects the pipeline to a Kafka cluster: an exact source, a
// producer and topic administration. It is the only package that imports
// kafka-go.
package kafka

import "time"

// Options say how to reach a cluster and what to do there.
type Options struct {
	Cluster
	Topic      string        // the producer's topic; a Source takes it from each call
	Group      string        // consumer group that offsets are committed to; "" commits nothing
	FetchBytes int           // per fetch, before decompression; 0: 1 MiB
	MaxWait    time.Duration // how long the broker may hold a fetch for news; 0: 250 ms
}
