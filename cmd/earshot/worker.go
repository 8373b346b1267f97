package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"earshot/cmd/earshot/config"
	"earshot/internal/telemetry"
	"earshot/pipeline"
	"earshot/pipeline/kafka"
	"earshot/sinks/clickhouse"
	"earshot/sinks/deadletter"
)

const (
	committedGroup = "earshot"        // consumer group whose offsets show the lag in Kafka's tools
	drainTimeout   = 10 * time.Second // for the batch under way when the worker is stopped
	retryMin       = 200 * time.Millisecond
	retryMax       = 2 * time.Second // so that a server that is back is soon noticed
)

type workerFlags struct {
	index, of  int
	group      string
	listen     string
	acceptLoss bool
}

func (p *program) workerCommand() *cobra.Command {
	var f workerFlags
	cmd := &cobra.Command{
		Use:   "worker",
		Short: "Carry events from Kafka through the analysis into ClickHouse",
		Long: `Reads the events topic, scores every event and writes it to ClickHouse, so that
each Kafka offset becomes exactly one row. The position is kept in ClickHouse: a
worker can be killed at any time and goes on where the table ends.

Several workers share the partitions in one of two ways. With --group they join a
consumer group, and Kafka deals the partitions out anew whenever one comes, goes
or dies. With --index and --of worker I takes the partitions p with p % of == I.
Metrics are on http://LISTEN/metrics, health on /healthz and /readyz.`,
		Example: `  earshot worker --kafka kafka:9092 --clickhouse clickhouse://earshot@ch:9000/earshot
  earshot worker --group earshot-workers
  earshot worker --index 0 --of 2 & earshot worker --index 1 --of 2 --listen 127.0.0.1:9465`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.config(cmd)
			if err != nil {
				return err
			}
			flags := cmd.Flags()
			if flags.Changed("index") {
				cfg.Worker.Index = f.index
			}
			if flags.Changed("of") {
				cfg.Worker.Of = f.of
			}
			if flags.Changed("group") {
				cfg.Worker.Group = f.group
			}
			if flags.Changed("listen") {
				cfg.Worker.Listen = f.listen
			}
			fixed := flags.Changed("index") || flags.Changed("of") || cfg.Worker.Of != 1 || cfg.Worker.Index != 0
			if cfg.Worker.Group != "" && fixed {
				return usagef("--group %s: the group deals the partitions out; leave --index and --of (worker.index, worker.of) away", cfg.Worker.Group)
			}
			if cfg.Worker.Of < 1 || cfg.Worker.Index < 0 || cfg.Worker.Index >= cfg.Worker.Of {
				return usagef("--index %d --of %d: the index counts from 0 to one less than --of", cfg.Worker.Index, cfg.Worker.Of)
			}
			return p.worker(cmd.Context(), cfg, f.acceptLoss)
		},
	}
	defaults := config.Default().Worker
	flags := cmd.Flags()
	flags.IntVar(&f.index, "index", defaults.Index, "which of the workers this is, from 0")
	flags.IntVar(&f.of, "of", defaults.Of, "number of workers that share the partitions")
	flags.StringVar(&f.group, "group", defaults.Group, "consumer group that deals the partitions out, in place of --index and --of")
	flags.StringVar(&f.listen, "listen", defaults.Listen, "address of metrics and health; port 0 picks a free one")
	flags.BoolVar(&f.acceptLoss, "accept-loss", false, "where retention removed events unread, record them as lost and go on")
	return cmd
}

// worker runs the workers of this process beside their metrics server.
func (p *program) worker(ctx context.Context, cfg config.Config, acceptLoss bool) error {
	if err := cfg.RequireKafka(); err != nil {
		return err
	}
	if err := cfg.RequireClickHouse(); err != nil {
		return err
	}
	boundMemory(cfg.Worker)
	log := newLogger(cfg.Log, p.stderr)
	listener, err := listenWeb(ctx, cfg.Worker.Listen)
	if err != nil {
		return err
	}
	defer listener.Close() // serveWeb closes it; this is for the errors before
	tel := telemetry.New()
	flush, err := startTelemetry(ctx, cfg, tel, log)
	if err != nil {
		return err
	}
	defer flush()
	log.Info("worker starts", "group", cfg.Worker.Group, "index", cfg.Worker.Index, "of", cfg.Worker.Of, "metrics", "http://"+listener.Addr().String()+"/metrics")
	group, ctx := errgroup.WithContext(ctx)
	serving, stopServing := context.WithCancel(context.WithoutCancel(ctx))
	group.Go(func() error { return serveWeb(serving, listener, tel.Handler(), log) })
	group.Go(func() error {
		defer stopServing() // metrics stay until the last batch is written
		return (&workerParts{cfg: cfg, tel: tel, log: log, acceptLoss: acceptLoss}).run(ctx, 1)
	})
	return group.Wait()
}

// runWorkers runs n workers that share this process's partitions until ctx
// ends, which is not an error, or one cannot go on.
func runWorkers(ctx context.Context, cfg config.Config, n int, tel *telemetry.Telemetry, log *slog.Logger) error {
	cfg.Worker.Group = "" // nobody else reads the embedded broker
	return (&workerParts{cfg: cfg, tel: tel, log: log}).run(ctx, n)
}

// workerParts are what the workers of a process share.
type workerParts struct {
	cfg        config.Config
	tel        *telemetry.Telemetry
	log        *slog.Logger
	acceptLoss bool
}

func (w *workerParts) run(ctx context.Context, n int) error {
	if !clickhouse.Fenced {
		w.log.Error("TEST BUILD (nofence): this program stores events twice when something fails; never use it on data that counts")
	}
	if err := w.prepare(ctx); err != nil {
		return stopped(ctx, advised(err))
	}
	places, err := readPlaces(w.cfg.Analysis)
	if err != nil {
		return err
	}
	analyzers, stopModels, err := w.startModels(ctx, places)
	if err != nil {
		return stopped(ctx, advised(err))
	}
	defer stopModels()
	conn, err := clickhouse.Open(w.cfg.ClickHouse.Server())
	if err != nil {
		return stopped(ctx, advised(err))
	}
	defer conn.Close() // nothing is buffered
	sink, err := clickhouse.NewWriter(ctx, conn, places)
	if err != nil {
		return stopped(ctx, err)
	}
	w.recordTaxonomy(ctx, func(version string, yaml []byte) (bool, error) {
		return clickhouse.RecordTaxonomy(ctx, conn, version, yaml, time.Now())
	})
	if most := w.cfg.Worker.IDFilterBytes; most > 0 {
		defer sink.KeepIDs(most, w.log)()
	}
	w.tel.WatchIDs(func() telemetry.IDs { return telemetry.IDs(sink.IDStats()) })
	defer w.tel.WatchIDs(nil)
	source := kafka.NewSource(kafka.Options{Cluster: w.cfg.Kafka.Cluster(), Group: committedGroup, FetchBytes: w.cfg.Worker.FetchBytes})
	defer source.Close()
	producer := kafka.NewProducer(kafka.Options{Cluster: w.cfg.Kafka.Cluster(), Topic: w.cfg.Kafka.DeadLettersTopic})
	defer producer.Close() // every Send was waited for
	partitions, err := source.Partitions(ctx, w.cfg.Kafka.EventsTopic)
	if err != nil {
		return stopped(ctx, err)
	}
	return w.share(ctx, n, source, pipeline.Worker{
		Source: source, Sink: sink, Classifiers: classifiers(), Exchange: analyzers, DeadLetters: deadletter.New(producer),
		Observer: w.tel, Tracer: w.tel.Tracer(), Log: w.log, Now: time.Now, Config: w.config(partitions),
	})
}

// prepare brings topics and schema into being.
func (w *workerParts) prepare(ctx context.Context) error {
	if err := kafka.EnsureTopics(ctx, w.cfg.Kafka.Cluster(), topicSpecs(w.cfg)); err != nil {
		return err
	}
	return clickhouse.Migrate(ctx, w.cfg.ClickHouse.Server(), w.log)
}

func (w *workerParts) config(partitions []int32) pipeline.WorkerConfig {
	c := w.cfg.Worker
	return pipeline.WorkerConfig{
		Topic: w.cfg.Kafka.EventsTopic, Partitions: partitions, Index: c.Index, Of: c.Of,
		BatchRows: c.BatchRows, BatchBytes: c.BatchBytes, BatchDelay: c.BatchDelay, SharedBytes: sharedBytes(c),
		CallTimeout: c.InsertTimeout, DrainTimeout: drainTimeout,
		Backoff: pipeline.Backoff{Min: retryMin, Max: retryMax}, AcceptLoss: w.acceptLoss,
	}
}

// stopped drops an error that only says that ctx has ended.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
