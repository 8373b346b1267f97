package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"earshot/cmd/earshot/config"
	"earshot/pipeline"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
)

// benchRead reads the whole topic, all partitions at once, and returns messages
// a second.
func benchRead(ctx context.Context, cfg config.Config, events int) (float64, error) {
	source := kafka.NewSource(kafka.Options{Cluster: cfg.Kafka.Cluster(), FetchBytes: cfg.Worker.FetchBytes})
	defer source.Close()
	topic := cfg.Kafka.EventsTopic
	partitions, err := source.Partitions(ctx, topic)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for _, number := range partitions {
		group.Go(func() error {
			return readAll(ctx, source, pipeline.TopicPartition{Topic: topic, Partition: number}, func([]pipeline.Message) bool { return true })
		})
	}
	err = group.Wait()
	return perSecond(events, time.Since(began)), err
}

// readAll hands the chunks of a partition to take, up to its end or until take
// has enough.
func readAll(ctx context.Context, source *kafka.Source, tp pipeline.TopicPartition, take func([]pipeline.Message) (more bool)) error {
	next, end, err := source.Bounds(ctx, tp)
	if err != nil {
		return err
	}
	for next < end {
		chunk, err := source.Fetch(ctx, tp, next)
		if err != nil {
			return err
		}
		if n := len(chunk.Messages); n > 0 {
			next = chunk.Messages[n-1].Offset + chunk.Messages[n-1].Span
		}
		if !take(chunk.Messages) {
			return nil
		}
	}
	return nil
}

// benchInsert writes rows like the pipeline's into a database beside it, from
// memory and from as many writers as the topic has partitions, and returns rows
// a second.
func benchInsert(ctx context.Context, cfg config.Config) (rate float64, err error) {
	const rounds = 3
	server := cfg.ClickHouse.Server()
	server.URL = strings.TrimSuffix(server.URL, "/earshot") + "/earshot_bench"
	if err := clickhouse.Migrate(ctx, server, slog.New(slog.DiscardHandler)); err != nil {
		return 0, err
	}
	conn, err := clickhouse.Open(server)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	writer, err := clickhouse.NewWriter(ctx, conn, nil)
	if err != nil {
		return 0, err
	}
	records, err := benchRecords(ctx, cfg)
	if err != nil {
		return 0, err
	}
	batches := make([][]pipeline.Batch, eventPartitions)
	for i := range batches {
		tp := pipeline.TopicPartition{Topic: "bench", Partition: int32(i)}
		for round := range rounds {
			b := pipeline.Batch{TopicPartition: tp, IngestedAt: time.Now(), Records: shifted(records, tp, int64(round*len(records)))}
			batches[i] = append(batches[i], b)
		}
	}
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for _, own := range batches {
		group.Go(func() error {
			for _, b := range own {
				if err := writer.Write(ctx, b); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err = group.Wait()
	return perSecond(rounds*eventPartitions*len(records), time.Since(began)), err
}

// benchRecords decodes and analyses one batch of the topic.
func benchRecords(ctx context.Context, cfg config.Config) ([]pipeline.Record, error) {
	source := kafka.NewSource(kafka.Options{Cluster: cfg.Kafka.Cluster(), FetchBytes: cfg.Worker.FetchBytes})
	defer source.Close()
	analyzer, err := pipeline.NewTextAnalyzer(pipeline.AnalyzerOptions{Pack: cfg.Analysis.Pack})
	if err != nil {
		return nil, err
	}
	var messages []pipeline.Message
	err = readAll(ctx, source, pipeline.TopicPartition{Topic: cfg.Kafka.EventsTopic}, func(some []pipeline.Message) bool {
		messages = append(messages, some...)
		return len(messages) < cfg.Worker.BatchRows
	})
	if err != nil {
		return nil, err
	}
	messages = messages[:min(len(messages), cfg.Worker.BatchRows)]
	records := make([]pipeline.Record, len(messages))
	for i, m := range messages {
		event, reject := pipeline.Decode(m, time.Now())
		if reject != nil {
			return nil, fmt.Errorf("offset %d: %w", m.Offset, reject)
		}
		records[i] = pipeline.Record{Message: m, Outcome: pipeline.OutcomeEvent, Event: event, Analysis: analyzer.Analyze(event)}
	}
	return records, nil
}

// shifted copies the records to other offsets.
func shifted(records []pipeline.Record, tp pipeline.TopicPartition, first int64) []pipeline.Record {
	out := make([]pipeline.Record, len(records))
	for i, r := range records {
		r.Position = pipeline.Position{TopicPartition: tp, Offset: first + int64(i)}
		out[i] = r
	}
	return out
}
