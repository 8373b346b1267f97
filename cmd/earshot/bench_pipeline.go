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
	if err = p.benchWorkers(ctx, dir, cfg, r); err != nil {
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

// benchWorkers runs the yardstick and the real worker.
func (p *program) benchWorkers(ctx context.Context, dir string, cfg config.Config, r *benchResult) error {
	p.benchSays("running a worker without the delivery code")
	plain, err := benchPlain(ctx, dir, cfg, r.Events)
	if err != nil {
		return err
	}
	p.benchSays("running the worker")
	run, err := benchWork(ctx, dir, cfg, r.Events, "SELECT sum(span) FROM records", "worker")
	if err != nil {
		return err
	}
	r.Busy, r.Others, r.PeakMemory, r.ProcessorTime = run.busy, run.others, run.peakMemory, run.processorTime.Seconds()
	r.Seconds, r.FirstRow, r.Pipeline = run.took.Seconds(), run.first.Seconds(), perSecond(r.Events, run.took)
	r.Plain = perSecond(r.Events, plain.took)
	r.PlainOthers, r.DeliveryCost = plain.others, 1-r.Pipeline/r.Plain
	return nil
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

// benchRun is one worker that carried all events into the table.
type benchRun struct {
	took, first   time.Duration // from the start of its process to the last row, and to the first
	peakMemory    int64
	processorTime time.Duration
	busy, others  float64 // share of all processors' time
}

// benchWork starts a worker by its arguments and takes the time until as many
// rows as events are counted.
func benchWork(ctx context.Context, dir string, cfg config.Config, events int, count string, args ...string) (run benchRun, err error) {
	conn, err := clickhouse.Open(cfg.ClickHouse.Server())
	if err != nil {
		return run, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	began, ticks := time.Now(), readTicks(os.Getpid())
	worker, err := startSelf(ctx, dir, append(args, "--data", cfg.Data)...)
	if err != nil {
		return run, err
	}
	err = worker.await(ctx, func() (bool, error) {
		var rows uint64
		if err := conn.QueryRow(ctx, count).Scan(&rows); err != nil {
			return false, err
		}
		if run.first == 0 && rows > 0 {
			run.first = time.Since(began)
		}
		return rows >= uint64(events), nil
	})
	run.took = time.Since(began)
	run.busy, run.others = readTicks(os.Getpid()).share(ticks)
	run.peakMemory = worker.peakMemory()
	if err := errors.Join(err, worker.stop()); err != nil {
		return run, err
	}
	state := worker.cmd.ProcessState
	run.processorTime = state.UserTime() + state.SystemTime()
	return run, nil
}
