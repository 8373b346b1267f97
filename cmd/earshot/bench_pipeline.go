package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"time"

	"earshot/cmd/earshot/config"
	"earshot/pipeline"
	"earshot/pipeline/kafka"
	"earshot/pipeline/simulate"
	"earshot/sinks/clickhouse"
)

// benchPipeline runs the benchmark in a temporary directory.
func (p *program) benchPipeline(ctx context.Context, o benchOptions) (result *benchResult, err error) {
	dir, err := os.MkdirTemp("", "earshot-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	p.benchSays("starting broker and engine")
	house, cfg, err := startHouse(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, house.stop()) }()

	r := &benchResult{Events: o.events, CPUs: runtime.NumCPU()}
	if err := (&workerParts{cfg: cfg, log: slog.New(slog.DiscardHandler)}).prepare(ctx); err != nil {
		return nil, err
	}
	p.benchSays("filling the topic")
	if r.Bytes, err = p.benchFill(ctx, cfg, o); err != nil {
		return nil, err
	}
	p.benchSays("reading the topic")
	if r.KafkaRead, err = benchRead(ctx, cfg, o.events); err != nil {
		return nil, err
	}
	p.benchSays("running the worker")
	if err = r.work(ctx, dir, cfg); err != nil {
		return nil, err
	}
	p.benchSays("inserting")
	if r.Insert, err = benchInsert(ctx, cfg); err != nil {
		return nil, err
	}
	found, err := auditTable(ctx, cfg, true)
	if err == nil {
		found.partitions, err = auditKafka(ctx, cfg, found.partitions)
	}
	r.Audit = found.totals()
	return r, err
}

func (p *program) benchSays(step string) {
	if _, show := terminal(p.stderr); show {
		fmt.Fprintf(p.stderr, "%s …\n", step)
	}
}

// benchFill sends the events and returns their bytes.
func (p *program) benchFill(ctx context.Context, cfg config.Config, o benchOptions) (bytes int64, err error) {
	const batch = 5000
	chain, err := simulate.New(simulate.Options{Seed: o.seed, Events: o.events, Start: p.clock().AddDate(0, 0, -simulate.DefaultDays)})
	if err != nil {
		return 0, err
	}
	producer := kafka.NewProducer(kafka.Options{Cluster: cfg.Kafka.Cluster(), Topic: cfg.Kafka.EventsTopic})
	defer func() { err = errors.Join(err, producer.Close()) }()
	messages := make([]pipeline.OutMessage, 0, batch)
	for e := range chain.Events {
		value, err := json.Marshal(e)
		if err != nil {
			return 0, err
		}
		bytes += int64(len(value))
		messages = append(messages, pipeline.OutMessage{Key: []byte(e.ID), Value: value})
		if len(messages) == batch {
			if err := producer.Send(ctx, messages); err != nil {
				return 0, err
			}
			messages = messages[:0]
		}
	}
	return bytes, producer.Send(ctx, messages)
}

// work starts a worker and takes the time until all events are rows.
func (r *benchResult) work(ctx context.Context, dir string, cfg config.Config) (err error) {
	conn, err := clickhouse.Open(cfg.ClickHouse.Server())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	began, ticks := time.Now(), readTicks(os.Getpid())
	worker, err := startSelf(ctx, dir, "worker", "--data", cfg.Data)
	if err != nil {
		return err
	}
	var first time.Duration
	err = worker.await(ctx, func() (bool, error) {
		var rows uint64
		if err := conn.QueryRow(ctx, "SELECT sum(span) FROM records").Scan(&rows); err != nil {
			return false, err
		}
		if first == 0 && rows > 0 {
			first = time.Since(began)
		}
		return rows >= uint64(r.Events), nil
	})
	took := time.Since(began)
	r.Busy, r.Others = readTicks(os.Getpid()).share(ticks)
	r.PeakMemory = worker.peakMemory()
	if err := errors.Join(err, worker.stop()); err != nil {
		return err
	}
	state := worker.cmd.ProcessState
	r.ProcessorTime = (state.UserTime() + state.SystemTime()).Seconds()
	r.Seconds, r.FirstRow, r.Pipeline = took.Seconds(), first.Seconds(), perSecond(r.Events, took)
	return nil
}
