// Package pipeline is Earshot's domain: the feedback Event and its contract, the
// Record that every Kafka offset becomes, and the Worker that turns one into the
// other through three ports (Source, Analyzer, Sink).
//
// The package does no I/O of its own. Technology lives behind the ports: Kafka in
// pipeline/kafka, ClickHouse in sinks/clickhouse, text analysis in sentiment.
package pipeline
