package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"earshot/cmd/earshot/config"
	"earshot/internal/telemetry"
	"earshot/pipeline"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
)

// benchPlainCommand is the process that benchPlain measures.
func (p *program) benchPlainCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "plain-worker",
		Short:  "A worker without the delivery code, for bench pipeline",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.config(cmd)
			if err != nil {
				return err
			}
			boundMemory(cfg.Worker) // as the real one
			return stopped(cmd.Context(), runPlainWorker(cmd.Context(), cfg))
		},
	}
}

func runPlainWorker(ctx context.Context, cfg config.Config) error {
	conn, err := clickhouse.Open(cfg.ClickHouse.Server())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // nothing is buffered
	sink, err := clickhouse.NewPlainWriter(ctx, conn, nil)
	if err != nil {
		return err
	}
	analyzer, err := pipeline.NewTextAnalyzer(pipeline.AnalyzerOptions{Pack: cfg.Analysis.Pack})
	if err != nil {
		return err
	}
	source := kafka.NewSource(kafka.Options{Cluster: cfg.Kafka.Cluster(), FetchBytes: cfg.Worker.FetchBytes})
	defer source.Close()
	partitions, err := source.Partitions(ctx, cfg.Kafka.EventsTopic)
	if err != nil {
		return err
	}
	tel := telemetry.New()
	parts := &workerParts{cfg: cfg, tel: tel, log: slog.New(slog.DiscardHandler)}
	return runAll(ctx, 1, pipeline.Worker{
		Source: source, Sink: sink, Classifiers: classifiers(), Analyzer: analyzer,
		Observer: tel, Tracer: tel.Tracer(), Log: parts.log, Now: time.Now, Config: parts.config(partitions),
	})
}

// benchPlain measures the pipeline without the delivery code.
func benchPlain(ctx context.Context, dir string, cfg config.Config, events int) (benchRun, error) {
	conn, err := clickhouse.Open(cfg.ClickHouse.Server())
	if err != nil {
		return benchRun{}, err
	}
	defer func() { _ = conn.Close() }()                                  // nothing is buffered
	if _, err := clickhouse.NewPlainWriter(ctx, conn, nil); err != nil { // makes the table
		return benchRun{}, err
	}
	run, err := benchWork(ctx, dir, cfg, events, "SELECT count() FROM plain", "bench", "plain-worker")
	if err != nil {
		return run, err
	}
	return run, conn.Exec(ctx, "DROP TABLE plain") // or its merges take time from the next run
}
